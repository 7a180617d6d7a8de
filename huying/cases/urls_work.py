"""Addresses of the inbox."""

from django.urls import path

from huying.cases.views import bulk, export, work

urlpatterns = [
    path("inbox/", work.work, name="work"),
    path("inbox/filters/", work.save_filter, name="filters"),
    path("inbox/bulk/", bulk.bulk, name="bulk"),
    path("inbox/export.csv", export.as_csv, name="export_csv"),
    path("inbox/export.xlsx", export.as_xlsx, name="export_xlsx"),
]
