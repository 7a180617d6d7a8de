"""The components in a real Chromium: layout at every size, policy, uploads, drafts, errors, choosing, maps."""

from __future__ import annotations

import re
import threading
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from PIL import Image
from playwright.sync_api import expect

from huying.ui.build import built

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not built(), reason="npm run build was not run"),
]

# What the browser and htmx log about answers that these tests ask for.
QUIET = (
    "GL Driver Message",
    "Failed to load resource",
    "Service Worker",
    "Response Status Error",
    "htmx:",
)


class _Silent(WSGIRequestHandler):
    def log_message(self, *args):
        pass


@pytest.fixture
def site(settings):
    """Address of the shell, served without a database: nobody is signed in."""
    settings.DEBUG = True
    settings.ALLOWED_HOSTS = ["127.0.0.1"]

    class Server(ThreadingMixIn, WSGIServer):
        daemon_threads = True

    server = make_server("127.0.0.1", 0, StaticFilesHandler(WSGIHandler()), Server, _Silent)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def browser(chromium):
    return chromium


@pytest.fixture
def open_page(browser, site):
    """Opens a path at a size; afterwards no script error and no breach of the policy may have been reported."""
    contexts, complaints = [], []

    def open_(path, width=390, height=844, workers="block", **more):
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale="zh-CN",
            base_url=site,
            service_workers=workers,
            **more,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda e: complaints.append(str(e)))
        page.on(
            "console",
            lambda m: (
                complaints.append(m.text)
                if m.type == "error" and not any(q in m.text for q in QUIET)
                else None
            ),
        )
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert not complaints


@pytest.mark.parametrize(
    ("path", "width", "height"),
    [
        ("/style/resident/", 320, 700),
        ("/style/resident/", 390, 844),
        ("/style/", 320, 700),
        ("/style/", 390, 844),
        ("/style/", 1440, 900),
        ("/style/wall/", 1920, 1080),
        ("/style/sign-in/", 320, 700),
    ],
)
def test_nothing_is_wider_than_the_screen(open_page, path, width, height):
    page = open_page(path, width, height)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_things_to_press_are_large_enough_on_a_phone(open_page):
    page = open_page("/style/resident/", 390, 844, has_touch=True, is_mobile=True)
    small = page.evaluate(
        """[...document.querySelectorAll('.hy-tabbar a, .hy-choice, .hy-big, .btn-lg, .form-control:not([hidden])')]
           .filter(e => e.offsetParent && e.getBoundingClientRect().height < 43).map(e => e.className)"""
    )
    assert small == []


@pytest.fixture
def photo(tmp_path):
    def make(name):
        path = tmp_path / name
        Image.effect_noise((400, 300), 60).convert("RGB").save(path)
        return path

    return make


def test_photos_are_sent_shown_and_can_be_tried_again(open_page, photo):
    page = open_page("/style/resident/")
    box = page.locator("#f-photos-group")
    picker = box.locator("input[type=file][multiple]")
    picker.set_input_files([photo("a.jpg"), photo("fail.jpg")])
    good = box.locator("input[type=hidden][name=photos]")
    good.wait_for(state="attached")
    failed = box.locator(".hy-upload-item.failed")
    failed.wait_for()
    assert "请换一张" in page.locator(".hy-toast").first.inner_text()
    assert good.count() == 1
    failed.locator(".retry").click()
    failed.wait_for()
    box.locator(".hy-upload-item .drop").last.click()
    assert box.locator(".hy-upload-item").count() == 1
    assert picker.get_attribute("name") is None  # photos are not sent a second time with the form


def test_too_many_photos_close_the_door(open_page, photo):
    page = open_page("/style/")
    box = page.locator("#m-solved-evidence-group")
    box.locator("input[type=file][multiple]").set_input_files([photo(f"{n}.jpg") for n in range(4)])
    expect(box.locator("input[type=hidden][name=evidence]")).to_have_count(3)
    assert box.locator(".hy-upload-adder").last.is_hidden()


def test_what_was_typed_survives_a_reload_until_it_is_sent(open_page):
    page = open_page("/style/resident/")
    page.fill("#f-body", "三号楼东侧路灯不亮")
    page.locator("#f-body").blur()
    page.reload()
    assert page.input_value("#f-body") == "三号楼东侧路灯不亮"
    assert page.get_by_text("已恢复您上次没写完的内容").is_visible()
    with page.expect_navigation():
        page.evaluate(
            """() => { const form = document.querySelector('#f-body').form; form.noValidate = true;
                       form.querySelector('button:not([type=button])').click() }"""
        )
    page.goto("/style/resident/")
    assert page.input_value("#f-body") == ""


def test_what_goes_wrong_is_said_and_a_conflict_is_shown(open_page):
    page = open_page("/style/", 1440, 900)
    page.get_by_role("button", name="500", exact=True).click()
    page.get_by_text("系统出了点问题（500）").wait_for()
    page.get_by_role("button", name="409", exact=True).click()
    page.locator("#answer >> text=已更新").wait_for()
    page.context.set_offline(True)
    page.get_by_role("button", name="正常", exact=True).click()
    page.locator(".hy-toast >> text=没有网络").wait_for()
    assert page.locator("#hy-offline").is_visible()
    page.context.set_offline(False)


def test_a_form_is_sent_once_however_often_it_is_pressed(open_page):
    page = open_page("/style/", 1440, 900)
    sent = []

    def answer(route):
        sent.append(route.request.method)
        route.fulfill(status=204)  # the page stays, as it does while a slow answer is awaited

    page.route("**/style/answer/200/", answer)
    with page.expect_request("**/style/answer/200/"):
        page.evaluate(
            """() => { const b = document.querySelector('.hy-moves form button[type=submit]');
                       b.form.noValidate = true; b.click(); b.click(); setTimeout(() => b.click(), 50) }"""
        )
    expect(page.locator(".hy-moves form button[aria-busy=true]")).to_have_count(1)
    page.wait_for_timeout(400)
    assert sent == ["POST"]


def test_a_long_list_is_searched_by_typing(open_page):
    page = open_page("/style/resident/")
    box = page.get_by_label("承办单位")
    box.fill("zhujian")
    shown = page.locator(".hy-pick-list:not([hidden]) li")
    expect(shown).to_have_text(["县直部门 › 住房和城乡建设局"])
    box.press("Enter")
    assert box.input_value() == "住房和城乡建设局"
    assert page.input_value("select[name=organ]", strict=True) == "a"


def test_a_field_that_depends_on_another_comes_and_goes(open_page):
    page = open_page("/style/resident/")
    phone = page.locator("#f-phone")
    assert phone.is_visible()
    page.check("#f-anonymous")
    assert phone.is_hidden()
    assert page.evaluate("new FormData(document.querySelector('#f-phone').form).has('phone')") is False


def test_a_point_is_chosen_by_map_and_by_position(open_page):
    page = open_page(
        "/style/resident/", geolocation={"longitude": 100.05, "latitude": 30.05}, permissions=["geolocation"]
    )
    page.locator("[data-map][data-ready]").first.wait_for()
    page.get_by_role("button", name="选地图中心").click()
    page.get_by_text("和平社区 第 2 网格").first.wait_for()
    middle = page.input_value("input[name=place]")
    page.get_by_role("button", name="我的位置").click()
    expect(page.locator("input[name=place]")).to_have_value("100.050000,30.050000")
    assert middle not in ("", "100.050000,30.050000")


def test_limits_count_down(open_page):
    page = open_page("/style/", 1440, 900)
    soon = page.locator("aside .hy-countdown-card strong")
    assert "还剩 1 小时" in soon.inner_text()
    page.evaluate(
        "document.querySelector('aside [data-due]').dataset.due = new Date(Date.now() - 5000).toISOString()"
    )
    expect(page.locator("aside .hy-countdown-card").first).to_have_class(re.compile("tone-bad"))
    assert "已超期" in soon.inner_text()


def test_without_a_network_the_page_says_so(open_page):
    page = open_page("/offline/", workers="allow")
    page.evaluate("navigator.serviceWorker.ready")
    page.reload()
    page.context.set_offline(True)
    page.goto("/style/resident/")
    assert "现在没有网络" in page.inner_text("main")
    page.context.set_offline(False)


def test_charts_and_maps_are_drawn(open_page):
    page = open_page("/style/", 1440, 900)
    page.locator("[data-chart] canvas").first.wait_for()
    assert page.locator("[data-chart] canvas").count() == 4
    page.locator(".hy-map[role=group][data-ready]").wait_for()


def test_small_interactions_work_without_eval(open_page):
    page = open_page("/style/", 1440, 900)
    note = page.locator("#alpine-note")
    assert note.is_hidden()
    page.get_by_role("button", name="更多说明").click()
    expect(note).to_be_visible()
    page.get_by_role("button", name="对话框").click()
    expect(page.get_by_role("dialog", name="确认合并")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="确认合并")).to_be_hidden()


@pytest.mark.parametrize("width", [320, 390])
def test_the_longer_english_words_fit_too(browser, site, width):
    context = browser.new_context(
        viewport={"width": width, "height": 800}, locale="en-GB", base_url=site, service_workers="block"
    )
    page = context.new_page()
    for path in ("/style/resident/", "/style/"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_larger_type_still_fits_a_small_phone(browser, site):
    context = browser.new_context(
        viewport={"width": 320, "height": 700}, locale="zh-CN", base_url=site, service_workers="block"
    )
    context.add_cookies([{"name": "huying_elder", "value": "1", "url": site}])
    page = context.new_page()
    page.goto("/style/resident/")
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "20px"
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    context.close()
