"""/healthz, on a real database and without one."""

import pytest
from django.db import connection
from django.test import Client


@pytest.mark.django_db
def test_the_database_answers():
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")


@pytest.mark.django_db(transaction=True)
def test_without_a_database_it_says_503():
    held = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict["HOST"] = "/nonexistent"
    try:
        answer = Client().get("/healthz")
    finally:
        connection.close()
        connection.settings_dict.update(held)
    assert answer.status_code == 503
    assert answer.json() == {"status": "database unreachable"}
