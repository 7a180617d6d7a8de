"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from huying.whatif.views import slow, studies

app_name = "whatif"

urlpatterns = [
    path("analysis/", slow.show, name="slow"),
    path("analysis/cases/", slow.way, name="way"),
    path("analysis/what-if/", studies.studies, name="studies"),
    path("analysis/what-if/new/", studies.ask, name="ask"),
    path("analysis/what-if/<uuid:study_id>/", studies.study, name="study"),
    path("analysis/what-if/<uuid:study_id>/call-off/", studies.call_off, name="call_off"),
]
