"""A partner's life in the office, in a real browser at a desk and on a phone's screen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from office_browsers import make_officer
from office_journeys import fits, press, sign_in
from office_site import browsing_at, serving
from playwright.sync_api import Page

from canbao.core.masks import mask_number
from canbao.registry.models import Given
from cleaning_desk import number
from partner_desk import agreed, partner, with_key
from setting_desk import key, put_in

SSN = number(1)
HOUSEHOLD = f"ssn,name,hukou_division_code,hukou_address,mobile\n{SSN},样例甲一,440604,某处1号,13800138000\n"
SCAN = {"name": "协议.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 made for tests"}


@pytest.fixture
def site(register) -> Iterator[str]:
    """The office with two officers of a city, and a partner whose agreement ends soon and that was told of somebody."""
    for name in ("first", "second"):
        make_officer("city_data_officer", "4406", name)
    put_in("440600", household=HOUSEHOLD)
    one = partner("foshan-counter", "counter")
    with_key(one)
    agreement = agreed(one, valid_to=timezone.localdate() + timedelta(days=12))
    Given.objects.create(
        partner=one, agreement=agreement, person_id=key(SSN), service="look_up", purpose="counter", told_to="张三",
        items=["registration", "missing", "covers"],
    )  # fmt: skip
    with serving() as address:
        yield address


@pytest.fixture
def page(site) -> Iterator[Page]:
    """A browser that may ask the office alone."""
    with browsing_at(site) as page:
        yield page


def opened(page: Page) -> None:
    """Put a partner on the list."""
    page.goto("/partners/new/")
    fits(page, "partner-new")
    page.locator("#id_label").fill("佛山市社会保险业务系统")
    page.get_by_label("代号").fill("foshan-social-insurance")
    page.get_by_label("种类").select_option("insurance")
    page.get_by_label("代表哪个区划").select_option("440600")
    page.get_by_label("联系人和电话").fill("某某 0757-12345678")
    press(page, "登记")
    fits(page, "partner-opened")


def asked(page: Page) -> None:
    """Ask that an agreement be put in force."""
    page.get_by_role("link", name="申请登记协议").click()
    fits(page, "agreement-new")
    page.get_by_label("协议编号").fill("粤佛社保协〔2026〕12号")
    page.get_by_label("用途").fill("推送参保变更，供全民参保登记库动态更新")
    page.get_by_label("保密义务").fill("只用于办理社会保险业务，不得外传，发现泄露二十四小时内告知")
    for label in ("推送变更", "窗口查询", "险种业务", "职工基本养老保险", "登记状态"):
        page.get_by_label(label, exact=True).check()
    page.get_by_label("理由").fill("双方已签订共享协议，扫描件附后")
    page.locator("input[type=file]").set_input_files(SCAN)
    press(page, "提出申请")
    fits(page, "agreement-asked")


def test_a_partner_comes_agrees_and_is_cut_off(page):
    page.on("dialog", lambda dialog: dialog.accept())
    sign_in(page, "first")
    opened(page)
    asked(page)
    sign_in(page, "second")
    page.goto("/requests/?whose=decide")
    page.get_by_role("row").nth(1).get_by_role("link").first.click()
    press(page, "同意")
    page.goto("/partners/")
    fits(page, "partners")
    page.get_by_role("link", name="佛山市社会保险业务系统").click()
    fits(page, "partner")
    page.get_by_role("link", name="申请终止").click()
    fits(page, "agreement-end")
    page.go_back()
    page.get_by_label("理由").fill("疑似密钥泄露，先停用")
    press(page, "立即停用")
    fits(page, "partner-cut-off")
    assert "已停用" in page.content()


def test_what_was_given_fits_a_desk_and_a_phone(page):
    sign_in(page, "first")
    page.goto("/partners/")
    page.get_by_role("link", name="foshan-counter").click()
    page.get_by_role("link", name="给出了什么").click()
    fits(page, "given")
    assert mask_number(SSN) in page.content()
