"""Addresses of the administrator's screens of this room."""

from django.urls import path

from huying.cases.views import admin_home, admin_items, admin_ledger, admin_presets, preset_upload

urlpatterns = [
    path("admin/", admin_home.home, name="admin"),
    path("admin/items/", admin_items.items, name="items"),
    path("admin/items/new/", admin_items.item_new, name="item_new"),
    path("admin/items/<slug:code>/", admin_items.item, name="item"),
    path("admin/presets/", admin_presets.presets, name="presets"),
    path("admin/presets/upload/", preset_upload.upload, name="preset_upload"),
    path("admin/presets/<int:number>.zip", preset_upload.download, name="edition_zip"),
    path("admin/presets/<int:number>/", admin_presets.edition, name="edition"),
    path("admin/presets/<int:number>/file/", admin_presets.file, name="edition_file"),
    path("admin/presets/<int:number>/flows/<slug:flow>/", admin_presets.flow, name="flow"),
    path("admin/presets/<int:number>/flows/<slug:flow>.svg", admin_presets.picture, name="flow_picture"),
    path("admin/ledger/", admin_ledger.record, name="ledger"),
    path("admin/ledger/check/", admin_ledger.check, name="ledger_check"),
    path("admin/ledger/seal/", admin_ledger.seal, name="ledger_seal"),
    path("admin/erasures/", admin_ledger.erasures, name="erasures"),
]
