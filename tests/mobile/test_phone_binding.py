"""Who may bind which phone, once, again, and in the place of another one."""

from __future__ import annotations

import time

import pytest
from django_otp.oath import TOTP

from canbao.registry.access import working
from canbao.registry.actions import second_factor
from canbao.registry.models import RecoveryCode
from canbao.survey.actions import surveyors
from canbao.survey.models import Entry, Visit
from canbao.survey.phones import devices
from phone_desk import Phone, bound_phone, under_way
from survey_desk import clerk

pytestmark = pytest.mark.usefixtures("people")


def test_wrong_passwords_bind_no_phone_and_are_counted():
    under_way()
    said = [Phone().bind("surveyor-one", "wrong") for _ in range(7)]
    assert {one.status_code for one in said} == {403, 429} and said[-1].json()["why"] == "too_many"


def test_a_phone_that_did_not_hear_that_it_is_bound_asks_again():
    under_way()
    first, again = Phone(), Phone()
    own = {"device": "12345678-1234-4234-8234-123456789abc", "secret": "5" * 64}
    assert first.bind("surveyor-one", **own).status_code == 201
    assert again.bind("surveyor-one", **own).status_code == 201 and again.device == first.device
    assert again.tasks()["tasks"] and first.stream != again.stream
    assert Phone().bind("surveyor-one", **{**own, "secret": "6" * 64}).status_code == 403


def test_a_backup_brought_to_another_phone_goes_on_where_the_lost_one_was():
    _, one, mine = under_way()
    lost = bound_phone()
    texts = [lost.visit(mine[0].pk), lost.visit(mine[0].pk), lost.form(mine[0].pk)]
    lost.send(texts[0])
    other = Phone()
    assert other.bind("surveyor-one", permit=devices.permit(surveyor=one, by=clerk())).status_code == 201
    assert [said["state"] for said in other.send(*texts)] == ["taken"] * 3
    assert _came_of(mine[0]) == (2, 1)


def test_clerks_have_no_phone():
    under_way()
    assert Phone().bind(clerk().username).status_code == 403


def test_a_surveyor_whose_card_was_taken_away_has_no_phone():
    _, one, _ = under_way()
    bound_phone()
    surveyors.revoke(surveyor=one, reason="不再做调查", by=clerk())
    assert "不能绑定" in Phone().bind("surveyor-one").json()["says"]


def test_an_old_app_is_told_to_be_renewed_and_keeps_what_it_has():
    under_way()
    phone = bound_phone()
    answer = phone.web.post(
        "/api/phone/contact", "{}", content_type="application/json", headers={**phone.headers(), "X-Canbao-App": "0"}
    )
    assert answer.status_code == 426 and answer.json()["why"] == "old" and "都还在" in answer.json()["says"]


def test_the_second_factor_is_asked_where_the_office_asks_it(settings_changed):
    _, one, _ = under_way()
    settings_changed(SECOND_FACTOR_REQUIRED=True)
    assert "还没有登记手机验证器" in Phone().bind("surveyor-one").json()["says"]
    kept = second_factor.phone_to_enrol(officer=one.officer)
    second_factor.enrol(officer=one.officer, token=_digits(kept.key))
    codes = RecoveryCode.objects.filter(of__user=one.officer)
    assert Phone().bind("surveyor-one", token=codes.first().words.decode()).status_code == 201
    assert "验证码" in Phone().bind("surveyor-one", token="000000").json()["says"]


def _digits(key: bytes) -> str:
    clock = TOTP(key)
    clock.time = time.time()
    return f"{clock.token():06d}"


def _came_of(task) -> tuple[int, int]:
    with working():
        return Visit.objects.filter(task=task).count(), Entry.objects.filter(task=task).count()
