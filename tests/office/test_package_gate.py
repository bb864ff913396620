"""The gate, dry runs and withdrawals as officers meet them: a doubled package is stopped and drawn, a wrong one taken
back."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connections
from office_browsers import Browser
from office_journeys import fits, sign_in
from office_site import browsing_at, serving
from playwright.sync_api import Page

from canbao.office import jobs
from canbao.office.packages import checking
from canbao.office.packages.queueing import asked as asked_for
from canbao.office.packages.queueing import queue
from canbao.registry.actions.admission import package as admission
from canbao.registry.actions.admission import rehearsing, withdrawing
from canbao.registry.models import Package, Work
from cities import PackedCity
from gate_cities import PEOPLE, a_little_later, as_it_is, doubled
from people_of_office import trust
from register_desk import asked


@pytest.fixture
def spooling(settings_changed, tmp_path) -> Path:
    settings_changed(SPOOL=tmp_path / "spool")
    return tmp_path / "spool"


@pytest.fixture
def province(opened) -> Browser:
    return opened("provincial_officer", username="province-one")


@pytest.fixture
def other(opened) -> Browser:
    """A second officer of the province."""
    return opened("provincial_officer", username="province-two")


@pytest.fixture
def foshan(opened, spooling) -> Browser:
    return opened("city_data_officer", "4406")


def work_off() -> None:
    call_command("procrastinate", "worker", "--one-shot")


def uploaded(browser: Browser, city: PackedCity) -> Package:
    """A package that a city has sent, checked."""
    trust_once(city)
    with city.package.open("rb") as file:
        assert browser.post("/packages/upload/", {"package": file}).status_code == 302
    work_off()
    return Package.objects.latest("id")


def trust_once(city: PackedCity) -> None:
    from canbao.registry.models import DivisionKey

    if not DivisionKey.objects.filter(fingerprint=city.fingerprint).exists():
        trust(city)


def admitted(province: Browser, package: Package) -> Package:
    assert province.post(f"/packages/{package.id}/admit/").status_code == 302
    work_off()
    package.refresh_from_db()
    assert package.state == "admitted"
    return package


def digest_of_all_tables() -> dict[str, str]:
    """Everything in the database but what a sequence or the queue keeps of having worked."""
    apart = re.compile(r"procrastinate|registry_work|rehearsed_person|django_session|registry_guesses")
    told = {}
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        for (table,) in cursor.fetchall():
            if not apart.search(table):
                cursor.execute(f'SELECT each::text FROM "{table}" AS each ORDER BY 1')
                rows = "\n".join(row for (row,) in cursor.fetchall())
                told[table] = hashlib.sha256(rows.encode()).hexdigest()
    return told


def test_a_doubled_package_is_stopped_told_and_let_through_by_two(foshan, province, other):
    first = admitted(province, uploaded(foshan, as_it_is()))
    package = uploaded(foshan, doubled())
    assert (package.state, package.plausibility["before"]) == ("doubtful", first.pk)
    page = province.read(f"/packages/{package.id}/")
    for told in ("整体存疑", "2.00 倍", "多出 0.50 倍", "50.0%", "多出 30.0 个百分点", "share-bars"):
        assert told in page, told
    assert province.post(f"/packages/{package.id}/admit/").status_code == 409
    assert province.post(f"/packages/{package.id}/accept/", {"reason": "确"}).status_code == 400
    assert province.post(f"/packages/{package.id}/accept/", {"reason": "已与佛山核实"}).status_code == 302
    own = province.post(f"/packages/{package.id}/accept/decide/", {"decision": "approve"})
    assert (own.status_code, "申请人自己不能决定" in own.content.decode()) == (403, True)
    assert foshan.post(f"/packages/{package.id}/accept/decide/", {"decision": "approve"}).status_code == 403
    assert other.post(f"/packages/{package.id}/accept/decide/", {"decision": "approve"}).status_code == 302
    package.refresh_from_db()
    assert package.state == "checked"
    admitted(province, package)


def test_an_ordinary_next_package_is_let_through(foshan, province):
    admitted(province, uploaded(foshan, as_it_is()))
    package = uploaded(foshan, a_little_later())
    assert package.state == "checked", package.plausibility
    page = foshan.read(f"/packages/{package.id}/")
    assert "正常" in page and "超出界限" not in page


def test_a_doubtful_package_is_given_back_with_reasons(foshan, province):
    admitted(province, uploaded(foshan, as_it_is()))
    package = uploaded(foshan, doubled())
    assert province.post(f"/packages/{package.id}/give-back/", {"reason": " "}).status_code == 400
    assert foshan.post(f"/packages/{package.id}/give-back/", {"reason": "人报了两遍"}).status_code == 403
    assert province.post(f"/packages/{package.id}/give-back/", {"reason": "人报了两遍"}).status_code == 302
    package.refresh_from_db()
    assert (package.state, package.faults) == ("refused", ["人报了两遍"])
    assert "人报了两遍" in foshan.read(f"/packages/{package.id}/")


def test_what_was_compared_with_another_package_is_compared_again(foshan, province, other):
    doubtful = uploaded(foshan, doubled())
    assert doubtful.state == "doubtful" and "本单位还没有准入过数据包" in province.read(f"/packages/{doubtful.id}/")
    province.post(f"/packages/{doubtful.id}/accept/", {"reason": "已与佛山核实"})
    admitted(province, uploaded(foshan, as_it_is()))
    province.post(f"/packages/{doubtful.id}/check-again/")
    work_off()
    late = other.post(f"/packages/{doubtful.id}/accept/decide/", {"decision": "approve"})
    assert (late.status_code, "重新检查过" in late.content.decode()) == (403, True)
    assert asked("SELECT count(*) AS many FROM audit_log WHERE action = 'request.approve' AND decision = 'refused'")[
        0
    ] == {"many": 1}
    waiting = uploaded(foshan, a_little_later())
    Package.objects.filter(pk=waiting.pk).update(plausibility={**waiting.plausibility, "before": None})
    stale = province.post(f"/packages/{waiting.id}/admit/")
    assert (stale.status_code, "重新检查" in stale.content.decode()) == (403, True)


@pytest.mark.parametrize("text", ["fewest: [", "fewest: 20\nbounds: {}\ncommonest_of: {}\n", None])
def test_thresholds_that_cannot_be_read_let_nothing_through(foshan, province, monkeypatch, tmp_path, text):
    file = tmp_path / "ours.yaml"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    monkeypatch.setenv("CANBAO_PLAUSIBILITY", str(file))
    package = uploaded(foshan, as_it_is())
    assert package.state == "doubtful"
    page = province.read(f"/packages/{package.id}/")
    assert "没有能够比对" in page and "CANBAO_PLAUSIBILITY" in page


def test_a_dry_run_counts_what_admission_then_does_and_leaves_nothing(foshan, province, monkeypatch):
    for module in (admission, rehearsing):
        monkeypatch.setattr(module, "PIECE", 25)
    admitted(province, uploaded(foshan, as_it_is()))
    package = uploaded(foshan, a_little_later())
    before = digest_of_all_tables()
    assert foshan.post(f"/packages/{package.id}/rehearse/").status_code == 302
    work_off()
    after = digest_of_all_tables()
    changed = {table for table in before if before[table] != after[table]}
    assert changed == {"audit_log", "registry_package"}, changed
    lines = asked("SELECT action FROM audit_log WHERE action IN ('admit', 'package.rehearse', 'rehearsed')")
    assert [one["action"] for one in lines].count("rehearsed") == 1
    package.refresh_from_db()
    counts = package.rehearsal["counts"]
    assert (counts["people"], counts["registered"], counts["gone"]) == (PEOPLE - 1, 2, 3)
    page = foshan.read(f"/packages/{package.id}/rehearsal/")
    assert "本省户籍参保" in page and "没有改动" in page
    admitted(province, package)
    really = package.ranges.filter(is_withdrawal=False)
    for name in ("people", "registered", "changed", "gone", "changed_facts"):
        assert sum(getattr(one, name) for one in really) == counts[name], name


def test_the_people_of_a_dry_run_are_seen_masked_within_the_area_and_counted(foshan, opened, province):
    admitted(province, uploaded(foshan, as_it_is()))
    package = uploaded(foshan, a_little_later())
    foshan.post(f"/packages/{package.id}/rehearse/")
    work_off()
    page = foshan.read(f"/packages/{package.id}/rehearsal/people/")
    assert page.count("不再报送</td>") == 3 and page.count("新登记</td>") == 2
    assert not re.search(r"\d{17}[\dX]", page)
    (line,) = asked("SELECT objects, purpose FROM audit_log WHERE action = 'rehearsal.people'")
    assert line["purpose"] == "package" and len([one for one in line["objects"] if one.startswith("person:")]) == 3
    assert asked("SELECT count(*) AS many FROM person_seen")[0]["many"] == 3
    guangzhou = opened("city_data_officer", "4401", "guangzhou")
    assert guangzhou.get(f"/packages/{package.id}/rehearsal/people/").status_code == 404
    assert asked("SELECT count(*) AS many FROM rehearsed_person", area="4401")[0]["many"] == 0


def test_a_wrong_package_is_taken_out_by_two_and_a_worker(foshan, province, other):
    first = admitted(province, uploaded(foshan, as_it_is()))
    package = admitted(province, uploaded(foshan, a_little_later()))
    page = foshan.read(f"/packages/{package.id}/withdrawal/")
    assert "取走" in page and f"数据包 {first.pk}" in page
    assert foshan.post(f"/packages/{first.id}/withdrawal/", {"reason": "报错了月份"}, follow=True).status_code == 200
    assert "请先撤回那一个" in foshan.read(f"/packages/{first.id}/withdrawal/")
    assert foshan.post(f"/packages/{package.id}/withdrawal/", {"reason": "报错了月份"}).status_code == 302
    assert "报错了月份" in province.read(f"/packages/{package.id}/")
    refused = province.post(f"/packages/{package.id}/withdrawal/decide/", {"decision": "refuse", "answer": ""})
    assert (refused.status_code, "请写明驳回的理由" in refused.content.decode()) == (403, True)
    assert province.post(f"/packages/{package.id}/withdrawal/decide/", {"decision": "approve"}).status_code == 302
    package.refresh_from_db()
    assert package.state == "withdrawing" and "撤回中" in province.read(f"/packages/{package.id}/")
    work_off()
    package.refresh_from_db()
    assert package.state == "withdrawn" and "恢复" in other.read(f"/packages/{package.id}/")
    assert len(asked("SELECT 1 FROM person_fact")) == PEOPLE
    assert asked("SELECT DISTINCT package_id FROM finding") in ([], [{"package_id": first.pk}])
    again = uploaded(foshan, a_little_later())
    assert (again.state, again.plausibility["before"]) == ("checked", first.pk)


def test_a_stopped_withdrawal_goes_on(foshan, province, other, monkeypatch):
    monkeypatch.setattr(withdrawing, "PIECE", 20)
    package = admitted(province, uploaded(foshan, as_it_is()))
    foshan.post(f"/packages/{package.id}/withdrawal/", {"reason": "报错了月份"})
    other.post(f"/packages/{package.id}/withdrawal/decide/", {"decision": "approve"})
    Work.objects.filter(kind="withdraw_package").update(is_cancel_asked=True)
    task = Work.objects.get(kind="withdraw_package")
    checking.take_back(package, task)
    task.refresh_from_db()
    assert (task.state, len(asked("SELECT 1 FROM person_fact"))) == ("cancelled", PEOPLE - 20)
    assert "继续撤回" in province.read(f"/packages/{package.id}/")
    assert foshan.post(f"/packages/{package.id}/withdrawal/go-on/").status_code == 403
    assert province.post(f"/packages/{package.id}/withdrawal/go-on/").status_code == 302
    work_off()
    package.refresh_from_db()
    assert (package.state, asked("SELECT 1 FROM person_fact")) == ("withdrawn", [])


def test_an_admission_that_the_queue_brings_back_after_a_withdrawal_does_nothing(foshan, province):
    package = admitted(province, uploaded(foshan, as_it_is()))
    Package.objects.filter(pk=package.pk).update(state="withdrawn")
    task = asked_for("admit_package", package, province.officer)
    jobs.admit_package(work_id=task.pk)
    task.refresh_from_db()
    assert (task.state, task.message) == ("cancelled", "这个数据包已经不在准入中")


@pytest.fixture
def journey(foshan, province, other) -> Iterator[tuple[str, int, int]]:
    """The office with a first package in the register and a doubled one stopped; the second package's and first's ids.

    Rows are made before the browser, whose event loop Django would refuse.
    """
    first = admitted(province, uploaded(foshan, as_it_is()))
    package = uploaded(foshan, doubled())
    queue("rehearse_package", package, province.officer)
    work_off()
    with serving() as address:
        yield address, package.pk, first.pk


@pytest.fixture
def page(journey) -> Iterator[Page]:
    with browsing_at(journey[0]) as page:
        yield page


def test_a_doubled_package_is_drawn_and_a_withdrawal_asked_and_approved(journey, page):
    site, package, first = journey
    sign_in(page, "province-one")
    page.goto(f"{site}/packages/{package}/")
    assert page.locator("[data-bars=share-bars] canvas").bounding_box()["height"] > 100
    assert page.locator("tr.table-warning").count() >= 3
    fits(page, "doubtful")
    page.goto(f"{site}/packages/{package}/rehearsal/")
    fits(page, "rehearsal")
    page.get_by_role("link", name="看其中一些人").click()
    fits(page, "rehearsed-people")
    page.goto(f"{site}/packages/{package}/accept/")
    fits(page, "accept")
    page.goto(f"{site}/packages/{first}/withdrawal/")
    fits(page, "withdrawal")
    page.get_by_label("理由").fill("报错了月份")
    page.get_by_role("button", name="申请撤回").click()
    sign_in(page, "province-two")
    page.goto(f"{site}/packages/{first}/")
    fits(page, "withdrawal-asked")
    page.get_by_role("button", name="同意").click()
    page.wait_for_url(f"**/packages/{first}/")
    assert page.get_by_text("撤回中").first.is_visible()
    fits(page, "withdrawing")
