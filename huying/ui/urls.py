"""Addresses of the shell."""

from django.urls import path

from huying.ui import style, views

app_name = "ui"
urlpatterns = [
    path("sw.js", views.worker, name="worker"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("offline/", views.offline, name="offline"),
    path("elder/", views.elder, name="elder"),
    path("style/", style.page, name="style"),
    path("style/resident/", style.resident, name="style-resident"),
    path("style/wall/", style.wall, name="style-wall"),
    path("style/sign-in/", style.plain, name="style-plain"),
    path("style/upload/", style.upload, name="style-upload"),
    path("style/find/", style.find, name="style-find"),
    path("style/answer/<int:status>/", style.answer, name="style-answer"),
]
