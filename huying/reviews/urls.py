"""Addresses of the reviews: the staff's under /reviews/, the caller's rating under /rate/."""

from __future__ import annotations

from django.urls import path

from huying.reviews.views import appraisal, calls, checks, deductions, rating

app_name = "reviews"
urlpatterns = [
    path("reviews/calls/", calls.queue, name="calls"),
    path("reviews/calls/<uuid:task_id>/", calls.call, name="call"),
    path("reviews/calls/<uuid:task_id>/answer/", calls.answer, name="answer"),
    path("reviews/calls/<uuid:task_id>/contact/", calls.contact, name="contact"),
    path("reviews/checks/", checks.checks, name="checks"),
    path("reviews/checks/<uuid:task_id>/", checks.check, name="check"),
    path("reviews/look-backs/", checks.look_backs, name="look_backs"),
    path("reviews/deductions/", deductions.month, name="deductions"),
    path("reviews/deductions/<uuid:ident>/", deductions.deduction, name="deduction"),
    path("reviews/appraisal/", appraisal.appraisal, name="appraisal"),
    path("reviews/slip/<str:number>/", rating.slip, name="slip"),
    path("reviews/slip/<str:number>/make/", rating.make_slip, name="make_slip"),
    path("rate/joined/<str:number>/", rating.rate_joined, name="rate_joined"),
    path("rate/merged/<str:number>/", rating.rate_merged, name="rate_merged"),
    path("rate/<str:code>/", rating.rate, name="rate"),
]
