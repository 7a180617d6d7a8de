"""The public client ``georeport`` against a running server, in both formats."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from georeport import GeoReport

ROOT = "/open311/v2"


@pytest.fixture
def server(huinan: Any, live_server: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a server on this place; no proxy stands before it."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("no_proxy", "*")
    return f"{live_server.url}{ROOT}"


@pytest.mark.django_db(transaction=True)
def test_the_client_reads_services_and_requests(server: str) -> None:
    form = {"service_code": "E101", "description": "占道经营 & <b>", "address_string": "菜市场"}
    number = json.loads(Client().post(f"{ROOT}/requests.json", form).content)[0]["service_request_id"]
    for kind in ("json", "xml"):
        client = GeoReport(server, jurisdiction="220523", output_format=kind)
        services = client.get_service_list()
        assert len(services) == 81
        assert services[1]["service_code"]
        definition = client.get_service_definition("E101")
        assert definition["service_code"] == "E101"
        found = client.get_service_requests(status="open")
        found = found if isinstance(found, list) else [found]
        assert [one["service_request_id"] for one in found] == [number]
        assert client.get_service_request(number)["status"] == "open"
    missing = GeoReport(server, jurisdiction="nowhere")
    with pytest.raises(Exception, match="404"):
        missing.get_service_list()
