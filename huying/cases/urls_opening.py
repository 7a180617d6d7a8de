"""Addresses for opening cases of other kinds than calls."""

from django.urls import path

from huying.cases.views import opening

urlpatterns = [
    path("open/", opening.choose, name="open"),
    path("open/<str:kind>/", opening.opened, name="open_kind"),
]
