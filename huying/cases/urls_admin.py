"""Addresses of the administrator's screens of this room."""

from django.urls import path

from huying.cases.views import admin_home, admin_ledger

urlpatterns = [
    path("admin/", admin_home.home, name="admin"),
    path("admin/ledger/", admin_ledger.record, name="ledger"),
    path("admin/ledger/check/", admin_ledger.check, name="ledger_check"),
    path("admin/ledger/seal/", admin_ledger.seal, name="ledger_seal"),
    path("admin/erasures/", admin_ledger.erasures, name="erasures"),
]
