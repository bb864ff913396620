"""The office's pages of phones: seen in their area, stopped, given permits, and what waits decided."""

from __future__ import annotations

import re

import pytest
from office_browsers import Browser

from canbao.registry.access import working
from canbao.survey.actions import splitting
from canbao.survey.models import Device, Picture
from people_of_office import PASSWORD
from phone_desk import Phone, bound_phone, name_of, under_way
from survey_desk import clerk, county_officer, who

pytestmark = pytest.mark.usefixtures("people")


def at(officer) -> Browser:
    browser = Browser()
    answer = browser.post("/sign-in/", {"username": officer.username, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    return browser


def device(phone: Phone) -> Device:
    with working():
        return Device.objects.get(key=phone.device)


def test_the_town_sees_its_phones_and_stops_one():
    under_way()
    phone = bound_phone()
    phone.skew = 3 * 86_400_000
    phone.contact(pending=7, storage={"used": 2_000_000, "quota": 9_000_000, "persisted": False})
    town = at(clerk())
    listed = town.read("/phones/")
    assert "样例手机" in listed and "时钟快 3 天" in listed and "没有同意长期保存" in listed
    assert "样例手机" not in at(clerk("440604012")).read("/phones/")
    address = f"/phones/{device(phone).pk}/"
    assert "停用并清空" in town.read(address)
    assert "请写明停用的理由" in town.say(f"{address}revoke/", reason="丢") or device(phone).state == "bound"
    assert "下次联络时会自己清空" in town.say(f"{address}revoke/", reason="手机遗失")
    assert device(phone).state == "revoked" and "还没有确认清空" in town.read(address)
    assert at(clerk("440604012")).get(address).status_code == 404


def test_a_permit_is_shown_once_and_lets_another_phone_take_over():
    _, one, _ = under_way()
    bound_phone()
    page = at(clerk()).say(f"/surveyors/{one.pk}/permit/")
    code = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}", page)
    assert code and Phone().bind("surveyor-one", permit=code[0].lower()).status_code == 201
    assert at(clerk("440604012")).post(f"/surveyors/{one.pk}/permit/").status_code == 404


def test_the_county_decides_about_what_could_not_be_done():
    campaign, _, mine = under_way()
    phone = bound_phone()
    form, visit = phone.form(mine[0].pk), phone.visit(mine[0].pk, note="锁着门")
    splitting.take_back(campaign=campaign, tasks=[mine[0].pk], by=clerk())
    phone.send(form, visit)
    county = at(county_officer())
    listed = county.read("/disputes/")
    numbers = sorted({int(one) for one in re.findall(r"/disputes/(\d+)/", listed)})
    assert len(numbers) == 2
    page = county.read(f"/disputes/{numbers[0]}/")
    assert "某路新址" in page and "无单位类型" in page and "再办一次" in page
    assert "锁着门" in county.read(f"/disputes/{numbers[1]}/")
    again = county.post(f"/disputes/{numbers[0]}/again/")
    assert again.status_code == 409 and "还是办不了" in again.content.decode()
    assert "处理意见" in county.post(f"/disputes/{numbers[0]}/set-aside/", {"words": ""}).content.decode()
    for number in numbers:
        assert "已处理" in county.say(f"/disputes/{number}/set-aside/", words="已派给别人调查")
    assert "没有待处理的" in county.read("/disputes/")
    foreign = at(who("county_officer", "440605"))
    assert foreign.get(f"/disputes/{numbers[0]}/").status_code == 404 and "样例" not in foreign.read("/disputes/")
    told = at(clerk())
    assert "再办一次" not in told.read(f"/disputes/{numbers[0]}/")
    assert told.post(f"/disputes/{numbers[0]}/again/").status_code == 403


def test_a_reviewer_sees_the_pictures_and_strangers_do_not():
    _, _, mine = under_way()
    phone = bound_phone()
    content = b"\xff\xd8\xff\xe0" + b"x" * 2_000
    where = f"pictures/{name_of(content)}?at=0&of={len(content)}&task={mine[0].pk}&kind=signature"
    assert phone.put(where, content).status_code == 200
    phone.send(phone.form(mine[0].pk))
    with working():
        address = f"/pictures/{Picture.objects.get().pk}/"
    county = at(county_officer())
    assert address in county.read(f"/tasks/{mine[0].pk}/review/")
    seen = county.get(address)
    assert seen.content == content and seen["Content-Type"] == "image/jpeg" and "no-store" in seen["Cache-Control"]
    assert at(who("county_officer", "440605")).get(address).status_code == 404
    assert county.get("/pictures/999999/").status_code == 404
