"""What officers do in a real browser on every journey: sign in, press a button, look whether a page fits its window."""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings
from office_browsers import PASSWORD
from office_site import WIDTHS
from playwright.sync_api import Page

PICTURES = os.environ.get("CANBAO_PICTURES", "")
"""A folder for pictures of each page, for somebody who wants to look."""
PATIENCE = 50
"""Tenths of a second in which a page has to fit: a chart follows the window's width a moment later."""


def sign_in(page: Page, account: str) -> None:
    """Come through the door as an officer, whoever was there before."""
    page.context.clear_cookies()
    page.goto("/")
    page.get_by_label("账号").fill(account)
    page.get_by_label("密码").fill(PASSWORD)
    press(page, "登录")


def sit_down(page: Page, session: str) -> None:
    """Let the browser be the one in which an officer is signed in."""
    page.context.clear_cookies()
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "domain": "127.0.0.1", "path": "/"}
    page.context.add_cookies([cookie])


def press(page: Page, name: str) -> None:
    """Press a button that leads to another page: a click alone returns before that is there."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def fits(page: Page, name: str) -> None:
    """The page is no wider than a desk's or a phone's window; kept as a picture of each."""
    page.wait_for_load_state()
    for width, height in WIDTHS:
        page.set_viewport_size({"width": width, "height": height})
        for _ in range(PATIENCE):
            if not is_too_wide(page):
                break
            page.wait_for_timeout(100)
        keep_picture(page, f"{name}-{width}")
        assert not is_too_wide(page), (name, width)
    page.set_viewport_size({"width": WIDTHS[0][0], "height": WIDTHS[0][1]})


def is_too_wide(page: Page) -> bool:
    """Whether one would have to scroll sideways."""
    return page.evaluate("document.documentElement.scrollWidth > window.innerWidth")


def keep_picture(page: Page, name: str) -> None:
    """Keep the whole page as a picture, if somebody wants to look."""
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)
