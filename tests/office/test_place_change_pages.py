"""A town is split by the office's pages: asked for with a preview, approved by another, and followed on the day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from canbao.office import jobs
from canbao.registry.actions.place_following import follow_due
from canbao.registry.places_now import places
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
    assert province.get(f"{at}papers/1/").content.startswith(b"%PDF")
    assert "待生效" in province.say(f"{at}approve/")
    follow_due(today=timezone.localdate())
    assert person(GOES)["home"] == f"{TOWN}001"
    follow_due(today=timezone.localdate() + timedelta(days=31))
    assert person(GOES)["home"] == f"{NEW_TOWN}001"
    shown = province.read(at)
    assert "已生效" in shown and "1 人" in shown
    assert f"登记记录 {person(VAGUE)['id']}" in city.read(f"{at}unclear/")
    assert "澜石街道" in city.read("/places/440604/") and "澜石街道" in city.read("/place-changes/")


def test_a_yearly_list_is_compared_completed_and_asked_for(two):
    city, _ = two
    names = {code: one.name for code, one in places().by_code.items() if code.startswith("440604")}
    del names[f"{TOWN}001"]
    names[f"{TOWN}003"] = "惠景新社区居委会"
    text = "code,name\n" + "".join(f"{code},{name}\n" for code, name in names.items())
    file = SimpleUploadedFile("2026.csv", text.encode("gb18030"))
    page = city.post("/place-changes/yearly/", {"area": "440604", "day": day(), "file": file}).content.decode()
    assert "新设 0，改名 1，撤销 1" in page and f'name="old" value="{TOWN}001"' in page
    rows = f"{TOWN}001,,\n{TOWN}003,{TOWN}003,惠景新社区居委会"
    said = {"kind": "list", "day": day(), "rows": rows, "old": f"{TOWN}001", "heir": f"{TOWN}003"}
    assert f"{TOWN}001,{TOWN}003," in city.post("/place-changes/draft/", said).content.decode()
    city.post("/place-changes/ask/", {**said, "reason": "统计局 2026 年代码", "paper": paper()})
    assert asked("SELECT kind FROM registry_request") == [{"kind": "place_list"}]


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ({"rows": "440604010"}, "第 1 行应有三项"),
        ({"rows": "440699010,440699011,甲"}, "没有区划 440699010"),
        ({"rows": "440605010,440605099,甲", "day": "2026-13-40"}, "生效日不对"),
        ({"rows": f"{TOWN},440604011,"}, "已是张槎街道办事处的代码"),
    ],
)
def test_what_cannot_be_is_told_on_the_page(two, said, answer):
    page = two[0].post("/place-changes/draft/", {"kind": "rename", "day": day(), **said})
    assert page.status_code in (400, 403) and answer in page.content.decode()


def test_forms_say_what_is_missing(two):
    city, _ = two
    assert "请勾选" in city.say("/place-changes/new/transfer/", place=TOWN, code="440604011", day=day())
    nowhere = {"place": TOWN, "code": "440604099", "day": day(), "chosen": f"{TOWN}001"}
    assert "没有区划 440604099" in city.say("/place-changes/new/transfer/", **nowhere)
    assert "从“区划”页" in city.get("/place-changes/new/split/", {"place": "440600"}, follow=True).content.decode()
    assert city.get("/place-changes/new/other/").status_code == 404
    assert city.get("/place-changes/new/split/", {"place": "440103001"}).status_code == 403
    merged = {"place": "440604", "chosen": [TOWN, "440604012"], "code": "440604012", "day": day()}
    assert "440604010" in city.post("/place-changes/new/merge/", merged).content.decode()


def test_counts_are_shown_by_either_map(two):
    city, _ = two
    assert "440605" in city.read("/place-counts/")
    page = city.read("/place-counts/?county=440604&level=village")
    assert "澜石社区居委会" in page and "只知到这一级" in page and "合计" in page
    assert "按 2020-01-01 的区划" in city.read("/place-counts/?county=440604&day=2020-01-01")
    for odd in ("day=2999-01-01", "day=x", "day=2020-13-45", "county=440103", "county=999"):
        assert city.get(f"/place-counts/?county=440604&{odd}").status_code in (400, 403)


def test_a_change_is_taken_back_by_two_and_officers_without_an_area_are_listed(two, opened):
    city, province = two
    clerk = opened("town_clerk", TOWN)
    rows = [f"{TOWN},{NEW_TOWN},澜石街道", ",440604014,石湾街道"]
    below = [one.code for one in places().children(TOWN)]
    rows += [f"{code},{(NEW_TOWN if code == below[0] else '440604014') + code[9:]}," for code in below]
    said = {"kind": "split", "day": day(0), "rows": "\n".join(rows), "reason": "样例文件", "paper": paper()}
    assert "已提交申请" in city.post("/place-changes/ask/", said, follow=True).content.decode()
    province.say("/place-changes/1/approve/")
    follow_due(today=timezone.localdate())
    security = opened("security_administrator", "4406")
    assert f"用户 {clerk.officer.pk}" in security.read("/place-changes/1/")
    assert "现在是" in city.read(f"/places/{TOWN}/") and "石湾街道" in city.read(f"/places/{TOWN}/")
    asked_back = city.say("/place-changes/1/revoke/", reason="文件已撤销")
    assert "撤销拆分" in asked_back and "待决定" in asked_back
    assert "核准这项变更" in province.read("/place-changes/2/")
    province.say("/place-changes/2/approve/")
    follow_due(today=timezone.localdate())
    assert "已撤销" in province.read("/place-changes/1/") and TOWN in places().by_code
    assert person(GOES)["home"] == f"{TOWN}001"


def test_a_refusal_needs_words_and_is_told(two):
    city, province = two
    said = {"kind": "rename", "day": day(), "rows": f"{TOWN},{TOWN},石湾街道", "reason": "样例文件", "paper": paper()}
    city.post("/place-changes/ask/", said)
    assert province.post("/place-changes/1/refuse/", {"answer": ""}).status_code == 403
    assert "文件号不对" in province.say("/place-changes/1/refuse/", answer="文件号不对")
    city.post("/place-changes/ask/", {**said, "paper": paper()})
    assert "已收回" in city.say("/place-changes/2/take-back/")
