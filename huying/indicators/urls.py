"""Addresses of the indicators."""

from django.urls import path

from huying.indicators import views, views_weights

app_name = "indicators"

urlpatterns = [
    path("indicators/", views.overview, name="overview"),
    path("indicators/export.xlsx", views.sheet, name="sheet"),
    path("indicators/<slug:ident>/", views.one, name="one"),
    path("indicators/<slug:ident>/cases/", views.cases, name="cases"),
    path("admin/indicators/", views_weights.weights, name="weights"),
]
