"""Addresses of this room."""

from django.urls import path

from huying.reports import views

app_name = "reports"

urlpatterns = [
    path("reports/", views.listing, name="list"),
    path("reports/new/", views.new, name="new"),
    path("reports/<uuid:report_id>/", views.report, name="report"),
    path("reports/<uuid:report_id>/edit/", views.edit, name="edit"),
    path("reports/<uuid:report_id>/anew/", views.anew, name="anew"),
    path("reports/<uuid:report_id>/drop/", views.drop, name="drop"),
    path("reports/<uuid:report_id>/issue/", views.issue, name="issue"),
    path("reports/<uuid:report_id>/correct/", views.correct, name="correct"),
    path("reports/<uuid:report_id>/report.pdf", views.pdf, name="pdf"),
    path("reports/<uuid:report_id>/report.docx", views.docx, name="docx"),
]
