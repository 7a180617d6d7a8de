"""Error pages: for people in their language, for programs as JSON, and without a database."""

import pytest
from django.db.utils import DataError, IntegrityError, OperationalError
from django.test import Client, RequestFactory
from psycopg import errors as sql

from huying.site import errors


@pytest.mark.django_db
def test_a_missing_page_is_explained_in_both_languages():
    zh = Client().get("/there/is/nothing")
    en = Client().get("/there/is/nothing", headers={"Accept-Language": "en"})
    assert (zh.status_code, en.status_code) == (404, 404)
    assert 'lang="zh-hans"' in zh.text.lower()
    assert "There is nothing here." in en.text


@pytest.mark.django_db
def test_programs_get_json():
    answer = Client().get("/api/nothing-of-that-kind")
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"


def raised(problem, cause=None):
    """The answer of the 500 handler while *problem* is being handled, as Django calls it."""
    problem.__cause__ = cause
    try:
        raise problem
    except Exception:
        return errors.server_error(RequestFactory().get("/report"))


@pytest.mark.parametrize(
    "cause", [None, sql.AdminShutdown(), sql.DiskFull(), sql.TooManyConnections(), sql.CannotConnectNow()]
)
def test_a_database_that_is_gone_or_full_is_a_503_that_says_what_was_not_saved(cause):
    answer = raised(OperationalError("gone"), cause)
    assert answer.status_code == 503
    assert answer["Retry-After"] == "10"
    assert "没有保存" in answer.text
    assert "not saved" in answer.text


@pytest.mark.parametrize(
    ("problem", "cause"),
    [
        (ValueError("ours"), None),
        (IntegrityError("ours"), sql.UniqueViolation()),
        (OperationalError("ours"), sql.DeadlockDetected()),
    ],
)
def test_our_own_mistakes_are_a_500(problem, cause):
    answer = raised(problem, cause)
    assert answer.status_code == 500
    assert "出错了" in answer.text


@pytest.mark.django_db
def test_a_form_without_its_token_says_to_reload():
    answer = Client(enforce_csrf_checks=True).post("/i18n/setlang/", headers={"Accept-Language": "en"})
    assert answer.status_code == 403
    assert "Reload the page" in answer.text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("problem", "cause", "status"),
    [
        (DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes"), None, 400),
        (DataError("out of range"), sql.NumericValueOutOfRange(), 400),
        (DataError("too long"), sql.StringDataRightTruncation(), 500),
    ],
)
def test_what_no_database_keeps_is_the_senders_mistake(problem, cause, status):
    assert raised(problem, cause).status_code == status
