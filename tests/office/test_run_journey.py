"""In a real browser: a list is uploaded, checked and compared, and its pages fit a desk and a phone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from office_browsers import make_officer
from office_journeys import fits, press, sign_in
from office_site import browsing_at, serving
from playwright.sync_api import Page

from canbao.office import jobs
from cleaning_desk import number
from partner_desk import agreed, partner
from setting_desk import put_in

ONE, TWO = number(1), number(3)
HOUSEHOLD = "ssn,name,sex,hukou_address,residence_address,hukou_division_code,vital_status,mobile\n" + "".join(
    f"{ssn},{name},1,某路1号,某路1号,440604,1,\n" for ssn, name in ((ONE, "张三"), (TWO, "李四"))
)


@pytest.fixture
def page(register, settings_of, tmp_path, monkeypatch) -> Iterator[Page]:
    """The office with a department whose lists may be compared; what goes on the queue is done at once."""
    put_in("440600", household=HOUSEHOLD)
    agreed(partner("foshan-police", "police"))
    make_officer("city_data_officer", "4406")
    for job in (jobs.check_run, jobs.carry_run):
        monkeypatch.setattr(job, "defer", lambda run=job, **named: run(**named))
    with settings_of(SPOOL=tmp_path), serving() as site, browsing_at(site) as page:
        yield page


def test_a_list_is_compared(page: Page, tmp_path):
    file = tmp_path / "死亡名单.csv"
    file.write_text(
        f"社会保障号码,姓名,死亡日期\n{ONE},张三,2026-11-03\n{TWO},李小四,2026-11-04\n123,王五,\n", encoding="gb18030"
    )
    sign_in(page, "city_data_officer")
    page.goto("/exchange/plans/")
    page.get_by_label("哪个部门的哪种名单").select_option(label="foshan-police 系统：死亡")
    press(page, "保存")
    fits(page, "plans")
    page.goto("/exchange/runs/")
    page.get_by_role("link", name="上传名单").click()
    page.get_by_label("哪个部门的哪种名单").select_option(label="foshan-police 系统：死亡")
    page.get_by_label("截止日").fill("2026-11-20")
    page.get_by_label("文件").set_input_files(file)
    fits(page, "upload")
    press(page, "上传")
    fits(page, "checked")
    press(page, "开始比对")
    page.get_by_role("link", name="姓名不同").click()
    fits(page, "done")
    assert page.get_by_role("cell", name="姓名与登记的不一致").count() == 1
    assert page.get_by_role("row", name="比对上，已采用").get_by_role("cell").nth(2).inner_text() == "1"
    page.goto("/exchange/runs/")
    fits(page, "list")
    page.goto("/exchange/files/")
    fits(page, "files")
