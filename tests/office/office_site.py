"""The office on a loopback port, and a real browser that may ask it alone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from wsgiref.simple_server import WSGIRequestHandler, make_server

from django.core.wsgi import get_wsgi_application
from django.db import connections
from playwright.sync_api import Page, sync_playwright

SWITCHES = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
WIDTHS = ((1366, 768), (390, 800))


class Quiet(WSGIRequestHandler):
    """Answers without a line on the terminal for each request."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving() -> Iterator[str]:
    """The office's address while it serves."""
    server = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet)
    thread = Thread(target=_serve, args=(server,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _serve(server) -> None:
    server.serve_forever()
    connections.close_all()


@contextmanager
def browsing_at(site: str) -> Iterator[Page]:
    """A browser that may ask the office alone; afterwards it must have had nothing to complain of."""
    said: list[str] = []
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(SWITCHES))
        page = browser.new_page(viewport={"width": 1366, "height": 768}, base_url=site)
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda asked: None if asked.url.startswith((site, "data:")) else said.append(asked.url))
        yield page
        browser.close()
    assert said == []
