"""Addresses of the inbox."""

from django.urls import path

from huying.cases.views import bulk, export, work

urlpatterns = [
    path("work/", work.work, name="work"),
    path("work/filters/", work.save_filter, name="filters"),
    path("work/bulk/", bulk.bulk, name="bulk"),
    path("work/export.csv", export.as_csv, name="export_csv"),
    path("work/export.xlsx", export.as_xlsx, name="export_xlsx"),
]
