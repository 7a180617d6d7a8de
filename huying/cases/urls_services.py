"""Addresses of the lists of services."""

from django.urls import path

from huying.cases.views import services

urlpatterns = [
    path("services/", services.lists, name="services"),
    path("services/<str:code>/", services.service, name="service"),
]
