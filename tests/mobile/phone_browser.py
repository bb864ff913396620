"""A surveyor's browser with a profile that stays on the disk: opened, killed in the middle, and opened again."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from contract_line import serving_contract
from contract_server import Server, task_of
from playwright.sync_api import Browser, BrowserContext, Error, Page, Playwright, sync_playwright

SWITCHES = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-quic",
]  # fmt: skip
PIN = "194073"
MODULES = [
    "store", "work", "sync", "backup", "database", "downloads", "errors", "line", "streets", "bytes",
]  # fmt: skip
BEGIN = """async (names) => {
  for (const name of names) window[name] = await import(`/mobile/${name}.js`);
  window.thrown = (promise) => promise.then(() => null, (error) => ({ name: error.name, ...error }));
  window.hurried = { patience: 20000, firstPause: 1 };
}"""
BIND = """async (pin) => {
  await store.create(pin, await sync.bind({ account: "liang", password: "right" }));
}"""


class Phone:
    """A bound surveyor's browser; `page` is the one tab that is open."""

    def __init__(self, context: BrowserContext, site: str, server: Server) -> None:
        self.context, self.site, self.server = context, site, server
        self.complaints: list[str] = []
        self.page = self.tab()

    def tab(self) -> Page:
        """Another tab with the app's modules."""
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self.complaints.append(said.text) if "440104" in said.text else None)
        self.begin(page)
        return page

    def begin(self, page: Page) -> None:
        """The app's modules in a tab."""
        page.goto(f"{self.site}/mobile/blank.html")
        page.evaluate(BEGIN, MODULES)

    def do(self, script: str, argument: Any = None) -> Any:
        """What a script gives, in the open tab."""
        return self.page.evaluate(script, argument)

    def bind(self) -> None:
        """Bind it to the surveyor, and take the tasks."""
        self.do(BIND, PIN)
        self.do("sync.sync(hurried)")

    def unlock(self) -> None:
        """With the right PIN."""
        self.do("(pin) => store.unlock(pin)", PIN)


class KeptPhone(Phone):
    """One whose profile lies on the disk, so that it can be killed and opened again."""

    def __init__(self, playwright: Playwright, folder: Path, site: str, server: Server) -> None:
        self.playwright, self.folder = playwright, folder
        super().__init__(self._launched(), site, server)

    def _launched(self) -> BrowserContext:
        return self.playwright.chromium.launch_persistent_context(
            str(self.folder), executable_path=_executable(), args=SWITCHES
        )

    def kill(self) -> None:
        """Kill the browser, all of its processes, as the system does that needs its memory."""
        mark = f"--user-data-dir={self.folder}"
        for process in [one for one in Path("/proc").iterdir() if one.name.isdigit()]:
            with suppress(OSError):
                if mark in (process / "cmdline").read_text().split("\0"):
                    os.kill(int(process.name), signal.SIGKILL)
        with suppress(Error):
            self.context.close()

    def reopen(self) -> None:
        """Open it again; it is locked."""
        for left in self.folder.glob("Singleton*"):
            left.unlink(missing_ok=True)
        self.context = self._launched()
        self.page = self.tab()

    def files(self) -> dict[str, bytes]:
        """Every file of the profile."""
        found = [one for one in self.folder.rglob("*") if one.is_file() and not one.is_symlink()]
        return {str(one.relative_to(self.folder)): one.read_bytes() for one in found}


@pytest.fixture(scope="module")
def browsers() -> Iterator[Playwright]:
    """Whatever launches browsers; there may be one of it at a time."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="module")
def chromium(browsers: Playwright) -> Iterator[Browser]:
    """One browser for many phones, each of them with a store of its own."""
    browser = browsers.chromium.launch(executable_path=_executable(), args=SWITCHES)
    yield browser
    browser.close()


def twelve() -> Server:
    """A server with twelve tasks."""
    return Server(tasks={number: task_of(number) for number in range(1, 13)})


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Phone]:
    """A bound phone with twelve tasks."""
    with phone_in(chromium, twelve()) as found:
        yield found


@contextmanager
def phone_in(browser: Browser, server: Server) -> Iterator[Phone]:
    """A bound phone; afterwards the server must have had nothing to complain of, nor the page."""
    with serving_contract(server) as site:
        phone = Phone(browser.new_context(), site, server)
        phone.bind()
        yield phone
        phone.context.close()
    assert (server.wrongs, phone.complaints) == ([], [])


@contextmanager
def phone_on_disk(playwright: Playwright, server: Server, folder: Path) -> Iterator[KeptPhone]:
    """A bound phone with its profile in a folder."""
    with serving_contract(server) as site:
        phone = KeptPhone(playwright, folder, site, server)
        phone.bind()
        yield phone
        with suppress(Error):
            phone.context.close()
    assert (server.wrongs, phone.complaints) == ([], [])


def _executable() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser")
