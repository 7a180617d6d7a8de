"""Addresses of this room."""

from django.urls import path

from huying.rosters import views

app_name = "rosters"

urlpatterns = [
    path("households/", views.mine, name="mine"),
    path("households/coverage/", views.coverage, name="coverage"),
    path("households/import/", views.import_file, name="import"),
    path("households/<uuid:household_id>/", views.household, name="household"),
    path("households/<uuid:household_id>/pair/<str:roster_id>/", views.pair, name="pair"),
    path("households/<uuid:household_id>/open/<str:roster_id>/<str:kind>/", views.open_one, name="open"),
]
