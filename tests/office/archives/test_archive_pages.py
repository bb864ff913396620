"""The archive in the office: what each duty sees and may do, and that nothing of it is anybody else's."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from archive_desk import VILLAGE, as_it_is, handed_over, states, surveyed
from canbao.survey.models import Volume
from survey_desk import OTHER_TOWN, TOWN, VILLAGES, seen, tasks

ALL = ("mark", "mark-all", "box", "hand-over", "accept", "refuse", "supplement", "shelve", "destroy")


@pytest.fixture
def village(people):
    """A closed campaign and the four tasks of a village: three on paper, one by phone."""
    return surveyed("2223")


@pytest.fixture
def town(opened):
    return opened("town_clerk", TOWN, "page-clerk")


@pytest.fixture
def county(opened):
    return opened("county_officer", "440604", "page-county")


def row(page: str, label: str) -> str:
    """The table row of a page that has these words."""
    return next(one for one in re.findall(r"<tr>.*?</tr>", page, re.S) if label in one)


def sorted_by(town, campaign, found) -> str:
    """A volume opened, marked and boxed through the pages; gives its address."""
    at = town.post(f"/campaigns/{campaign.pk}/archive/open/", {"place": VILLAGE}).headers["Location"]
    keys = [task.pk for task in found]
    town.post(
        f"{at}mark/", {"row": keys[:3], f"there-{keys[0]}": "1", f"there-{keys[1]}": "1", f"why-{keys[2]}": "lost"}
    )
    town.post(f"{at}box/", {"box": "石湾-01"})
    return at


def test_a_village_goes_from_the_town_to_the_county_through_the_pages(village, town, county):
    campaign, found = village
    assert "没有着落" in row(town.read(f"/campaigns/{campaign.pk}/archive/"), VILLAGE)
    at = sorted_by(town, campaign, found)
    page = town.read(at)
    assert "4 个 = 在卷 2 + 缺 1 + 不用纸表 1" in page and "遗失" in row(page, f">{found[2].pk}<")
    assert "目录里标为在卷的是 2 份" in town.say(f"{at}hand-over/", sheets="1", forms="3")
    assert "请填写清点的张数" in town.say(f"{at}hand-over/", sheets="一", forms="2")
    assert "已移交" in town.say(f"{at}hand-over/", sheets="1", forms="2")
    assert "hand-over" not in town.read(at) and "清点接收" not in town.read(at)
    assert "不一致" in county.say(f"{at}accept/", sheets="1", forms="3", shelf="二号库")
    assert "已接收" in county.say(f"{at}accept/", sheets="1", forms="2", shelf="二号库 1 架")
    assert states(found) == ["archived"] * 4
    assert county.post(f"{at}refuse/", {"words": "盒子是空的"}).status_code == 409
    assert "二号库 1 架" in row(county.read(f"/campaigns/{campaign.pk}/archive/"), at)


def test_a_page_names_nobody_in_full(village, town):
    campaign, found = village
    page = town.read(sorted_by(town, campaign, found))
    assert "样*" in page and "样例" not in page.replace("样例调查", "")
    assert not re.search(r"\d{17}[\dX]", page) and "某路" not in page


def test_both_there_and_absent_is_refused_and_what_is_no_list_too(village, town):
    campaign, found = village
    at = sorted_by(town, campaign, found)
    key = str(found[0].pk)
    assert "既标了在卷" in town.say(f"{at}mark/", row=key, **{f"there-{key}": "1", f"why-{key}": "lost"})
    assert "清单不完整" in town.say(f"{at}mark/", row="x")
    elsewhere = tasks(campaign, place=VILLAGES[1])[0].pk
    assert "不属于这一卷" in town.say(f"{at}mark/", row=str(elsewhere), **{f"there-{elsewhere}": "1"})


def test_after_saving_one_is_where_one_was(village, town):
    campaign, found = village
    at = sorted_by(town, campaign, found)
    answer = town.post(f"{at}mark/", {"row": found[0].pk, "only": "missing", "page": "1"})
    assert answer.headers["Location"] == f"{at}?only=missing&page=1"
    assert f">{found[0].pk}<" in town.read(f"{at}?only=missing") and f">{found[1].pk}<" not in town.read(
        f"{at}?only=missing"
    )
    assert town.get(f"{at}?only=x&page=99999").status_code == 200


def test_a_volume_of_others_is_not_there(village, opened):
    campaign, _ = village
    volume = handed_over(campaign)
    for duty, area in (("town_clerk", OTHER_TOWN), ("county_officer", "440605"), ("supervisor", "4401")):
        browser = opened(duty, area, f"far-{duty}")
        assert browser.get(f"/archives/{volume.pk}/").status_code == 404
        for verb in ALL:
            assert browser.post(f"/archives/{volume.pk}/{verb}/").status_code in (403, 404), (duty, verb)
        assert f"/archives/{volume.pk}/" not in browser.read(f"/archives/?place={VILLAGE}")
    assert as_it_is(volume).moves.count() == 2


def test_supervisors_look_and_change_nothing(village, opened):
    campaign, _ = village
    volume = handed_over(campaign)
    browser = opened("supervisor", "440604", "page-supervisor")
    page = browser.read(f"/archives/{volume.pk}/")
    assert "归档目录" in page and "<button" not in page.split("<main")[1].split("</main>")[0]
    for verb in ALL:
        assert browser.post(f"/archives/{volume.pk}/{verb}/").status_code == 403


@pytest.mark.parametrize("asked", ["box=石湾", "shelf=2", "place=440604010001", "task={task}"])
def test_volumes_are_found(village, county, asked):
    campaign, found = village
    volume = handed_over(campaign)
    Volume.objects.filter(pk=volume.pk).update(shelf="2 号库")
    assert f"/archives/{volume.pk}/" in county.read(f"/archives/?{asked.format(task=found[0].pk)}")


def test_what_is_not_there_is_not_found(village, county):
    handed_over(village[0])
    for asked in ("box=9", "task=9999999", "task=x", "place=没有这个村"):
        assert "没有这样的档案" in county.read(f"/archives/?{asked}"), asked


def test_late_forms_are_taken_in_and_old_volumes_destroyed(village, county, opened):
    campaign, found = village
    volume = handed_over(campaign)
    at = f"/archives/{volume.pk}/"
    county.say(f"{at}accept/", sheets="2", forms="3", shelf="1 架")
    Volume.objects.filter(pk=volume.pk).update(
        order=as_it_is(volume).order[1:], absent={str(as_it_is(volume).order[0]): "with_surveyor"},
        destroy_on=timezone.localdate() - timedelta(days=1),
    )  # fmt: skip
    key = str(as_it_is(volume).absent.popitem()[0])
    assert "已补收" in county.say(f"{at}supplement/", row=key, **{f"there-{key}": "1"})
    assert "已更新" in county.say(f"{at}shelve/", box="2", shelf="3 架")
    assert f'href="{at}"' in county.read("/archives/due/")
    assert "您自己接收的" in county.say(f"{at}destroy/", words="碎纸，两人监销")
    other = opened("county_officer", "440604", "page-other")
    assert "已登记销毁" in other.say(f"{at}destroy/", words="碎纸，两人监销")
    assert "没有保管期满的档案" in other.read("/archives/due/")
    assert {seen(task).state for task in found} == {"archived"}
