"""Addresses of this room."""

from django.urls import path

from huying.places import views

app_name = "places"

urlpatterns = [
    path("geo/at/", views.at, name="at"),
    path("geo/<slug:layer>.geojson", views.layer, name="layer"),
    path("place/<slug:code>/", views.choose, name="choose"),
]
