"""A surveyor's phone at the whole program: eight people to visit, one of whom came back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from phone_site import phone_browser, serving
from playwright.sync_api import BrowserContext, Page

from canbao.registry.access import working
from canbao.survey.actions import reviews
from canbao.survey.models import Device
from phone_desk import bound_phone, under_way
from survey_desk import county_officer, seen


@pytest.fixture
def site(people) -> Iterator[str]:
    """The program while it serves, with a surveyor who has eight people to visit, one of whom came back."""
    _, _, mine = under_way()
    phone = bound_phone()
    phone.send(phone.form(mine[0].pk))
    said = {"reasons": ["missing"], "words": "请补上电话", "comments": {"mobile": "号码少了一位"}}
    reviews.return_(task_id=mine[0].pk, version=seen(mine[0]).version, by=county_officer(), **said)
    _unbind()
    with serving() as address:
        yield address


def _unbind() -> None:
    with working():
        Device.objects.all().update(state="revoked")


@pytest.fixture
def context(site) -> Iterator[BrowserContext]:
    """A small phone."""
    with phone_browser(site) as found:
        yield found


@pytest.fixture
def page(context) -> Page:
    """A page of it."""
    found = context.new_page()
    found.set_default_timeout(15_000)
    return found
