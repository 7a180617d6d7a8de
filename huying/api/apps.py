"""Interfaces for other systems: REST with OpenAPI under /api/v1/, Open311 GeoReport v2 under /open311/v2/."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "huying.api"
    label = "api"
