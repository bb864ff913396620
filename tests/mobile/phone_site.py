"""The whole program on a loopback port, and a phone's browser that goes through the pages of the app there."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.core.wsgi import get_wsgi_application
from django.db import connections
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from people_of_office import PASSWORD

SWITCHES = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")
SMALL = {"width": 360, "height": 640}
PIN = "290417"


class Quiet(WSGIRequestHandler):
    """Answers without a line on the terminal for each request."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Threaded(ThreadingMixIn, WSGIServer):
    """Answers several requests at once, each in a thread that leaves no connection behind."""

    daemon_threads = True

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Close the thread's connections when it is done."""
        super().process_request_thread(request, client_address)
        connections.close_all()


@contextmanager
def serving() -> Iterator[str]:
    """The program's address while it serves."""
    server = make_server("127.0.0.1", 0, get_wsgi_application(), server_class=Threaded, handler_class=Quiet)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def phone_browser(site: str, **more: Any) -> Iterator[BrowserContext]:
    """A small phone's browser that may ask the program alone; afterwards it must have had nothing to complain of."""
    said: list[str] = []
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(SWITCHES))
        manner = {"viewport": SMALL, "has_touch": True, "is_mobile": True, "locale": "zh-CN", **more}
        context = browser.new_context(base_url=site, **manner)
        context.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        context.on("weberror", lambda error: said.append(str(error.error)))
        context.on("request", lambda asked: None if asked.url.startswith((site, "blob:")) else said.append(asked.url))
        yield context
        browser.close()
    complaints = [text for text in said if not text.startswith("Failed to load resource")]
    assert complaints == [], complaints


def heading(page: Page, text: str) -> None:
    """Wait for the page with this heading."""
    expect(page.locator("#heading")).to_contain_text(text)


def press(page: Page, name: str) -> None:
    """Press the button of this name."""
    page.get_by_role("button", name=name, exact=True).first.click()


def enter(page: Page, pin: str = PIN) -> None:
    """Enter a PIN on the pad."""
    for figure in pin:
        press(page, figure)
    press(page, "确定")


def bind(page: Page, account: str = "surveyor-one") -> None:
    """Go through the first use up to the day's page."""
    page.goto("/mobile/")
    press(page, "开始绑定")
    page.get_by_label("账号").fill(account)
    page.get_by_label("密码").fill(PASSWORD)
    press(page, "绑定")
    heading(page, "设置 PIN")
    enter(page)
    enter(page)
    heading(page, "可以用了")
    press(page, "下载名单")
    heading(page, "周")


def choose(page: Page, question: str, label: str) -> None:
    """Choose a tile of a question."""
    page.get_by_role("group", name=question).get_by_role("radio", name=label, exact=True).check()


def open_first(page: Page) -> None:
    """Open the page of the first person of the list."""
    press(page, "名单")
    heading(page, "名单")
    page.locator(".row").first.click()
    heading(page, "样例")
