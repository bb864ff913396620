"""The phone's engine in a real browser: its modules from a loopback port, batches of cases judged by it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from playwright.sync_api import Browser, Page, Route, sync_playwright

import canbao.api

MOBILE = Path(canbao.api.__file__).parent / "static" / "mobile"
JUDGE = Path(__file__).parent / "engine_judge.js"
SWITCHES = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")
ASK = """async ([batch, given]) =>
    JSON.stringify((await import("/engine_judge.js")).batches[batch](JSON.parse(given)))"""
SCRIPT = "text/javascript; charset=utf-8"


class Quiet(SimpleHTTPRequestHandler):
    """The app's files, an empty page and the module that judges; nothing on the terminal."""

    def do_GET(self) -> None:
        """Give what belongs to the test before what belongs to the app."""
        if self.path == "/empty.html":
            self._give(b"<!doctype html><title>engine</title>", "text/html; charset=utf-8")
        elif self.path == "/engine_judge.js":
            self._give(JUDGE.read_bytes(), SCRIPT)
        else:
            super().do_GET()

    def _give(self, content: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving_modules() -> Iterator[str]:
    """The address below which the app's modules lie while it serves."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(MOBILE)))
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser for many pages."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(SWITCHES))
        yield browser
        browser.close()


@contextmanager
def engine_page(browser: Browser, site: str, altered: dict[str, str] | None = None) -> Iterator[Page]:
    """A page that can judge; `altered` are modules of the engine served with another text, by file name."""
    with browser.new_context(base_url=site) as context:
        for name, text in (altered or {}).items():
            context.route(f"**/engine/{name}", _answering(text))
        page = context.new_page()
        page.goto("/empty.html")
        yield page


def _answering(text: str) -> Callable[[Route], None]:
    return lambda route: route.fulfill(body=text, content_type=SCRIPT)


def judged(page: Page, batch: str, given: Any) -> Any:
    """What the engine makes of a batch; one text there and one back, which is quicker than many values."""
    return json.loads(page.evaluate(ASK, [batch, json.dumps(given)]))
