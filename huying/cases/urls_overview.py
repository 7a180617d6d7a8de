"""Addresses of the leaders' overview."""

from django.urls import path

from huying.cases.views import overview

urlpatterns = [
    path("overview/", overview.show, name="overview"),
    path("overview/cases/", overview.cases, name="overview_cases"),
]
