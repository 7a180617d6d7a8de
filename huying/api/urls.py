"""Addresses of the interfaces."""

from django.urls import include, path

from huying.api import v1

app_name = "api"

urlpatterns = [
    path("api/v1/", include(v1.patterns())),
]
