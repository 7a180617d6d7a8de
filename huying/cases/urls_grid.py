"""Addresses of grid workers."""

from django.urls import path

from huying.cases.views import grid

urlpatterns = [
    path("grid/", grid.today, name="grid"),
    path("grid/report/", grid.report, name="grid_report"),
    path("grid/cases/", grid.cases, name="grid_cases"),
]
