"""Addresses for residents, and for whoever holds a track code."""

from django.urls import path

from huying.cases.views import reporting, resident, tracking

urlpatterns = [
    path("", resident.home, name="home"),
    path("public/", resident.public, name="public"),
    path("public/<str:number>/", resident.public_case, name="public_case"),
    path("public/<str:number>/photo/<uuid:file_id>", resident.public_photo, name="public_photo"),
    path("report/", reporting.report, name="report"),
    path("report/similar/", reporting.similar, name="similar"),
    path("report/join/<str:number>/", reporting.join, name="join"),
    path("report/done/<str:number>/", reporting.done, name="done"),
    path("track/", tracking.track, name="track"),
    path("track/phone/", tracking.by_phone, name="track_phone"),
    path("track/<str:number>/", tracking.case, name="track_case"),
    path("track/<str:number>/move/", tracking.move, name="track_move"),
    path("track/<str:number>/photo/<uuid:file_id>", tracking.photo, name="track_photo"),
    path("t/<str:code>/", tracking.link, name="track_link"),
    path("mine/", tracking.mine, name="mine"),
]
