"""Addresses of this room."""

from django.urls import path

from huying.notices import views

app_name = "notices"

urlpatterns = [
    path("notices/", views.notices, name="notices"),
    path("notices/bell/", views.bell, name="bell"),
    path("notices/read/", views.read_all, name="read_all"),
    path("notices/choice/", views.choice, name="choice"),
    path("notices/<uuid:notice_id>/", views.open_notice, name="open"),
    path("admin/messages/", views.sent, name="sent"),
    path("admin/messages/<int:place_id>/<uuid:delivery_id>/again/", views.again, name="again"),
]
