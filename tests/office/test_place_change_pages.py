"""A town is split by the office's pages: asked for with a preview, approved by another, and followed on the day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from canbao.office import jobs
from canbao.registry.actions.place_following import follow_due
from cities import written_city
from cleaning_desk import number
from register_desk import admitted, asked, person

TOWN, NEW_TOWN = "440604010", "440604013"
HEADS = "ssn,name,hukou_division_code,hukou_town_name,hukou_town_code,hukou_village_name,hukou_village_code\n"
GOES, VAGUE = number(1), number(2)
HOUSEHOLDS = (
    HEADS
    + f"{GOES},样例甲一,440604,石湾镇街道,{TOWN},澜石社区,{TOWN}001\n"
    + f"{VAGUE},样例甲二,440604,石湾镇街道,{TOWN},,\n"
)


@pytest.fixture(scope="session")
def foshan(tmp_path_factory):
    """Two people of a town, one of whom only the town is known."""
    return written_city(tmp_path_factory.mktemp("split") / "fs", "440600", household=HOUSEHOLDS).out


@pytest.fixture
def two(opened, foshan, monkeypatch):
    """A city's officer who asks and a province's who decides; the queue is run by the test."""
    admitted(foshan)
    monkeypatch.setattr(jobs.follow_places, "defer", lambda **_: 1)
    return opened("city_data_officer"), opened("provincial_officer")


def day(later: int = 30) -> str:
    return (timezone.localdate() + timedelta(days=later)).isoformat()


def paper() -> SimpleUploadedFile:
    return SimpleUploadedFile("a.pdf", b"%PDF-1.7 made for tests")


def test_a_town_is_split_from_next_month_and_its_people_follow(two):
    city, province = two
    form = city.read(f"/place-changes/new/split/?place={TOWN}")
    assert "澜石社区居委会" in form
    said = {"place": TOWN, "chosen": [f"{TOWN}001", f"{TOWN}003"], "code": NEW_TOWN, "name": "澜石街道", "day": day()}
    preview = city.post("/place-changes/new/split/", said).content.decode()
    assert f"{NEW_TOWN}001" in preview and '<td class="num">1</td>' in preview
    rows = f",{NEW_TOWN},澜石街道\n{TOWN}001,{NEW_TOWN}001,\n{TOWN}003,{NEW_TOWN}003,"
    change = {"kind": "split", "day": day(), "rows": rows, "reason": "粤民区〔2026〕样例1号", "paper": paper()}
    page = city.post("/place-changes/ask/", change, follow=True)
    assert "已提交申请" in page.content.decode() and "核准这项变更" not in page.content.decode()
    (request,) = asked("SELECT id FROM registry_request")
    at = f"/place-changes/{request['id']}/"
    assert "核准这项变更" in province.read(at)
    assert b"".join(province.get(f"{at}papers/1/").streaming_content).startswith(b"%PDF")
    assert "待生效" in province.say(f"{at}approve/")
    follow_due(today=timezone.localdate())
    assert person(GOES)["home"] == f"{TOWN}001"
    follow_due(today=timezone.localdate() + timedelta(days=31))
    assert person(GOES)["home"] == f"{NEW_TOWN}001"
    shown = province.read(at)
    assert "已生效" in shown and "1 人" in shown
    assert f"登记记录 {person(VAGUE)['id']}" in city.read(f"{at}unclear/")
    assert "澜石街道" in city.read("/places/440604/") and "澜石街道" in city.read("/place-changes/")
