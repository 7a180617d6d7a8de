"""Addresses of this room."""

from django.urls import path

from huying.meetings import views

app_name = "meetings"

urlpatterns = [
    path("meetings/", views.meetings, name="list"),
    path("meetings/open/", views.open_one, name="open"),
    path("meetings/<uuid:meeting_id>/", views.meeting, name="meeting"),
    path("meetings/<uuid:meeting_id>/decide/<uuid:case_id>/", views.decide, name="decide"),
    path("meetings/<uuid:meeting_id>/close/", views.close, name="close"),
]
