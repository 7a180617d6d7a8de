"""A real Chromium for tests: ``open_page`` gives a fresh visitor, at the size of a phone or of a desk.

Chromium comes from Debian's package; HUYING_BROWSER names another one. Tests that need it are marked ``browser``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
# What Chromium itself says about drawing without a graphics card, and about answers that tests ask for; and what htmx
# writes when a page is left while it still asks for something (a request that failed would name its failure as well).
QUIET = (
    "GL Driver Message", "Failed to load resource", "Response Status Error", "htmx:sendAbort", "htmx:afterRequest",
)  # fmt: skip


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """The browser, for the tests of one file: while it runs, an event loop runs in this thread."""
    from playwright.sync_api import sync_playwright

    path = os.environ.get("HUYING_BROWSER", "/usr/bin/chromium")
    if not Path(path).exists():
        pytest.fail(f"no Chromium at {path}: apt install chromium, or set HUYING_BROWSER to another one")
    # Django would refuse every query in a thread with an event loop.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)


@pytest.fixture
def open_page(chromium: Any) -> Iterator[Callable[..., Any]]:
    """Makes pages, each a visitor of their own. Afterwards no script may have failed and no policy been broken."""
    contexts: list[Any] = []
    complaints: list[str] = []

    def note(message: Any) -> None:
        if message.type == "error" and not any(quiet in message.text for quiet in QUIET):
            complaints.append(message.text)

    def make(base: str, size: dict[str, int] = PHONE, **more: Any) -> Any:
        context = chromium.new_context(
            viewport=size,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            base_url=base,
            service_workers="block",
            **more,
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", note)
        return page

    yield make
    for context in contexts:
        context.close()
    assert complaints == []


def signed_in(page: Any, name: str) -> Any:
    """The page, once that person has signed in on it with name and password."""
    from huying.testing.cast import PASSWORD

    page.goto("/sign-in/")
    page.fill("[name=username]", name)
    page.fill("[name=password]", PASSWORD)
    page.locator("button.btn-primary").first.click()
    page.wait_for_url(lambda address: "/sign-in" not in address)
    return page


def picture(page: Any, name: str) -> None:
    """Keep a screenshot for who wants to look at it: HUYING_PICTURES names a folder."""
    if folder := os.environ.get("HUYING_PICTURES"):
        page.wait_for_timeout(300)
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)
