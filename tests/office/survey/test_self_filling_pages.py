"""The pages on which residents fill in their own form, and the office's part in it."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from office_browsers import Browser

from canbao.office.self_filling import tokens
from canbao.registry.access import working
from canbao.registry.places_now import called
from canbao.survey.models import Campaign, SelfCode, Task
from filling_desk import code_for, filled, open_campaign
from register_desk import asked
from survey_desk import TOWN, city, seen

PAGES = ("/fill/", "/fill/form/", "/fill/done/")


@pytest.fixture
def task(register) -> Task:
    city()
    return open_campaign()[1][0]


@pytest.fixture
def resident(register) -> Browser:
    return Browser()


def token_in(page: str) -> str:
    return re.search(r'name="token" value="([^"]+)"', page)[1]


def token_for(resident: Browser, task: Task) -> str:
    """The token of the form that the task's letter opens."""
    return token_in(resident.say("/fill/", code=code_for(task)))


def test_without_a_campaign_that_allows_it_there_is_no_such_page(resident):
    for address in PAGES:
        assert resident.get(address).status_code == 404
    assert [resident.post(address, {"code": "x"}).status_code for address in PAGES[:2]] == [404, 404]


def test_whoever_finds_a_letter_learns_a_masked_name_and_a_community(task, resident):
    answer = resident.post("/fill/", {"code": code_for(task)})
    page = answer.content.decode()
    (person,) = asked("SELECT name, ssn, hukou_address FROM person WHERE id = %s", task.person_id)
    name, number, address = person["name"], person["ssn"], person["hukou_address"]
    assert f"{name[0]}**" in page and called(task.place) in page
    for hidden in (name, number, number[6:14], address):
        assert hidden not in page
    assert "no-store" in answer.headers["Cache-Control"] and "session" not in resident.cookies
    for officers_only in ("unit_no", "unit_type", "surveyed_on", "survey_way"):
        assert f'name="{officers_only}"' not in page
    assert 'id="q_respondent"' in page and 'href="/"' not in page


def test_a_form_goes_from_the_code_to_thanks(task, resident):
    answer = resident.post("/fill/form/", {"token": token_for(resident, task), **filled()})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/fill/done/")
    assert "谢谢，表已经交上了" in resident.read("/fill/done/")
    assert seen(task).state == "submitted"


def test_what_is_wrong_is_said_at_its_question_and_nothing_typed_is_lost(task, resident):
    token = token_for(resident, task)
    page = resident.say("/fill/form/", token=token, **filled(mobile="138", remark="早上在家"))
    assert "请填 11 位手机号码" in page and 'value="早上在家"' in page and 'value="138"' in page
    assert token_in(page) == token and 'id="q_no_unit_type_3" name="no_unit_type" value="3" checked' in page
    covered = filled(covered_elsewhere="1", said_covers="居民医疗", said_place="广州")
    page = resident.say("/fill/form/", token=token, **covered)
    assert 'name="reason_SF14"' in page
    page = resident.say("/fill/form/", token=token, reason_SF14="有缴费记录", **{**covered, "mobile": ""})
    assert 'name="reason_SF14" value="有缴费记录"' in page


def test_a_form_whose_code_is_used_meanwhile_is_refused_and_comes_back_as_it_was_typed(task, resident):
    token = token_for(resident, task)
    resident.say("/fill/form/", token=token, **filled())
    answer = resident.post("/fill/form/", {"token": token, **filled(remark="改一下")})
    page = answer.content.decode()
    assert answer.status_code == 409 and "已经用过" in page and "0757-12345678" in page and 'value="改一下"' in page
    assert seen(task).entries == 1


def test_a_page_that_was_open_too_long_asks_for_the_code_once_more(task, resident, monkeypatch):
    code = code_for(task)
    token = token_in(resident.say("/fill/", code=code))
    now = tokens.time.time()
    monkeypatch.setattr(tokens.time, "time", lambda: now + tokens.HOURS * 3600 + 60)
    page = resident.say("/fill/form/", token=token, **filled(remark="早上在家"))
    assert "请再输一次登记码" in page and 'name="code"' in page and 'value="早上在家"' in page
    page = resident.say("/fill/form/", token=token, code="AAAA-AAAA-AAAA", **filled(remark="早上在家"))
    assert "这个登记码现在不能用" in page and 'value="早上在家"' in page and seen(task).state == "assigned"
    page = resident.say("/fill/form/", token=token, code=code, **filled(mobile=""))
    assert token_in(page) != token
    assert "谢谢" in resident.say("/fill/form/", token=token_in(page), **filled())


@pytest.mark.parametrize("token", ["", "x", "WzEsMV0:1abc:def", "é:é:é", "\0:\0:\0", "::"])
def test_a_token_that_is_not_ours_leads_to_the_door(task, resident, token):
    page = resident.say("/fill/form/", token=token, **filled())
    assert "通知上的登记码" in page and seen(task).state == "assigned"
    assert resident.get("/fill/form/").headers["Location"] == "/fill/"


def test_odd_characters_and_far_too_much_do_no_harm(task, resident):
    token = token_for(resident, task)
    odd = {
        "remark": "\0早上\u202e在家",
        "unit_name": "\0",
        "extra": "\0" * 9,
        "reason_SF14": "\0凭证",
        "reason_\0": "\0",
    }
    said = filled(covered_elsewhere="1", said_covers="居民医疗", said_place="广州\0", **odd)
    assert resident.post("/fill/form/", {"token": token, **said, "phone": "1" * 5_000}).status_code == 200
    assert resident.post("/fill/form/", {"token": token, **said}).status_code == 302
    (kept,) = asked("SELECT answers, reasons FROM survey_entry")
    assert "早上在家" in str(kept["answers"]) and "凭证" in str(kept["reasons"])
    for code in ("\0", "é" * 200, "Ａ" * 12):
        assert resident.post("/fill/", {"code": code}).status_code == 200


def test_every_code_that_opens_nothing_gets_the_same_page(task, resident):
    replaced, code = code_for(task), code_for(task)
    resident.say("/fill/form/", token=token_in(resident.say("/fill/", code=code)), **filled())
    pages = {
        re.sub(r'value="[^"]*"|[A-Za-z0-9]{64}', "", resident.say("/fill/", code=one))
        for one in (replaced, code, "AAAA-AAAA-AAAA", "?")
    }
    assert len(pages) == 1 and "请打通知上的电话" in pages.pop()


def test_guesses_are_counted_by_network_and_the_right_code_waits_too(task, clock, settings_of):
    code = code_for(task)
    with settings_of(GUESSES_FROM_SOURCE=4):
        guessed = [Browser().post("/fill/", {"code": "AAAA-AAAA-AAAA"}).status_code for _ in range(6)]
        refused = Browser().post("/fill/", {"code": code})
        elsewhere = Browser(REMOTE_ADDR="10.9.9.9").post("/fill/", {"code": code})
        clock.later(minutes=31)
        assert Browser().post("/fill/", {"code": code}).status_code == 200
    assert guessed == [200, 200, 200, 200, 429, 429]
    assert refused.status_code == 429 and "Retry-After" in refused.headers and elsewhere.status_code == 200


def test_whoever_guesses_codes_keeps_no_officer_out(task, opened, settings_of):
    with settings_of(GUESSES_FROM_SOURCE=3, GUESSES_IN_ALL=3):
        guessed = [Browser().post("/fill/", {"code": "AAAA-AAAA-AAAA"}).status_code for _ in range(5)]
        assert opened("auditor", "44", "coming")
    assert guessed == [200, 200, 200, 429, 429]


def test_a_form_from_another_site_is_refused(task):
    strict = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
    assert strict.post("/fill/", {"code": code_for(task)}).status_code == 403
    assert strict.post("/fill/form/", {"token": "x"}).status_code == 403


def test_an_officer_makes_a_code_that_is_shown_once(task, opened_in_town, resident):
    page = opened_in_town.read(f"/tasks/{task.pk}/")
    assert "生成自填代码" in page
    answer = opened_in_town.post(f"/tasks/{task.pk}/code/")
    code = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}", answer.content.decode())[0]
    assert "no-store" in answer.headers["Cache-Control"] and "data-forget" in answer.content.decode()
    assert "http://localhost/fill/" in answer.content.decode()
    assert code not in opened_in_town.read(f"/tasks/{task.pk}/")
    assert 'name="token"' in resident.say("/fill/", code=code)


@pytest.fixture
def opened_in_town(task, opened) -> Browser:
    return opened("town_clerk", TOWN, "printing")


def test_no_code_is_made_where_none_may_be(task, opened_in_town, opened):
    elsewhere = opened("town_clerk", "440604012", "elsewhere")
    assert elsewhere.post(f"/tasks/{task.pk}/code/").status_code == 404
    auditor = opened("auditor", "44", "looking")
    assert auditor.post(f"/tasks/{task.pk}/code/").status_code == 403
    Campaign.objects.update(self_filling=False)
    assert "生成自填代码" not in opened_in_town.read(f"/tasks/{task.pk}/")
    assert opened_in_town.post(f"/tasks/{task.pk}/code/").status_code == 403
    Campaign.objects.update(self_filling=True)
    with working():
        Task.objects.filter(pk=task.pk).update(state="submitted")
    assert "不能生成自填代码" in opened_in_town.say(f"/tasks/{task.pk}/code/")
    with working():
        assert not SelfCode.objects.exists()


def test_a_reviewer_sees_that_the_resident_filled_it_in(task, resident, opened):
    resident.say("/fill/form/", token=token_for(resident, task), **filled())
    county = opened("county_officer", "440604", "reviewing")
    assert "本人自填" in county.read(f"/campaigns/{task.campaign_id}/reviews/")
    review = county.read(f"/tasks/{task.pk}/review/")
    assert "本人自填" in review and "调查甲 调查" not in review
