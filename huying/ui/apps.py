"""The room's registration with Django."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "huying.ui"
    label = "ui"
