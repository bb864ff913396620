"""What phones are told, and what comes of what they send: kept once, carried out in order, never lost."""

from __future__ import annotations

import gzip
import json
from datetime import timedelta

import pytest
from django.utils import timezone

from canbao.api.phones import routes
from canbao.registry.access import working
from canbao.survey.actions import reviews, splitting
from canbao.survey.models import Device, Draft, Entry, Parcel, PhoneAction, Visit
from canbao.survey.phones import arriving, devices
from canbao.survey.phones.carrying import carry_out_rest
from phone_desk import Phone, bound_phone, digest, key, name_of, packed, surveyor_with_account, under_way
from survey_desk import TOWN, clerk, county_officer, entered, seen

pytestmark = pytest.mark.usefixtures("people")


def state_of(text: str) -> str:
    with working():
        return PhoneAction.objects.get(key=key(text), sha256=digest(text)).state


def visits(task) -> int:
    with working():
        return Visit.objects.filter(task=task).count()


def forms(task) -> int:
    with working():
        return Entry.objects.filter(task=task).count()


def test_a_phone_is_told_its_tasks_and_no_others():
    _, _, mine = under_way()
    phone = bound_phone()
    said = phone.tasks()
    assert sorted(task["id"] for task in said["tasks"]) == sorted(task.pk for task in mine)
    assert said["gone"] == [] and not said["more"]
    first = said["tasks"][0]
    assert first["person"]["name"].startswith("样例") and first["prefill"]["survey_outcome"] == "1"
    assert f"{first['campaign']}:{first['form']}" in said["forms"] and str(first["campaign"]) in said["campaigns"]
    known = {str(task["id"]): task["version"] for task in said["tasks"]}
    assert phone.tasks(known)["tasks"] == []


def test_forms_and_visits_come_in_once_however_often_they_are_sent():
    _, _, mine = under_way()
    phone = bound_phone()
    visit, form = phone.visit(mine[0].pk), phone.form(mine[0].pk)
    for _ in range(3):
        receipts = phone.send(visit, form)
        assert [(one["sha256"], one["state"]) for one in receipts] == [
            (digest(visit), "taken"),
            (digest(form), "taken"),
        ]
    assert visits(mine[0]) == 1 and forms(mine[0]) == 1
    task = seen(mine[0])
    assert task.state == "submitted" and task.failed == 1
    with working():
        assert Entry.objects.get(task=task).method == "3"


def test_what_comes_too_early_waits_for_what_was_done_before():
    _, _, mine = under_way()
    phone = bound_phone()
    texts = [phone.visit(mine[0].pk) for _ in range(3)] + [
        phone.form(mine[0].pk, survey_outcome="5", uninsured_reason="Z1")
    ]
    receipts = phone.send(texts[3], texts[1])
    assert [one["state"] for one in receipts] == ["kept", "kept"] and seen(mine[0]).state == "assigned"
    phone.send(texts[2])
    phone.send(texts[0])
    assert [state_of(text) for text in texts] == ["taken"] * 4
    assert seen(mine[0]).state == "submitted" and seen(mine[0]).failed == 3


def test_what_a_request_has_no_time_for_is_kept_and_follows(monkeypatch):
    _, _, mine = under_way()
    phone = bound_phone()
    monkeypatch.setattr(routes, "SECONDS", 0)
    visit, form = phone.visit(mine[0].pk), phone.form(mine[0].pk)
    assert [one["state"] for one in phone.send(visit, form)] == ["kept", "kept"] and forms(mine[0]) == 0
    assert carry_out_rest() == 2 and forms(mine[0]) == 1 and carry_out_rest() == 0
    told = phone.contact(open=[[str(key(text)), digest(text)] for text in (visit, form)])["settled"]
    assert [one["state"] for one in told] == ["taken", "taken"]


def test_a_parcel_goes_on_from_where_it_broke():
    _, _, mine = under_way()
    phone = bound_phone()
    content = packed(phone.form(mine[0].pk))
    name = name_of(content)
    address = f"parcels/{name}"
    assert phone.get(address).json() == {"have": 0}
    assert phone.put(f"{address}?at=0&of={len(content)}", content[:7]).json() == {"have": 7}
    refused = phone.put(f"{address}?at=9&of={len(content)}", content[9:])
    assert refused.status_code == 409 and refused.json()["have"] == 7 and refused.json()["why"] == "offset"
    assert phone.get(address).json() == {"have": 7}
    whole = phone.put(f"{address}?at=7&of={len(content)}", content[7:]).json()
    assert whole["have"] == len(content) and whole["receipts"][0]["state"] == "taken"
    assert phone.get(address).json() == whole
    assert phone.put(f"{address}?at=0&of={len(content)}", content).json() == whole


def test_a_parcel_damaged_on_the_way_begins_anew():
    _, _, mine = under_way()
    phone = bound_phone()
    content = packed(phone.form(mine[0].pk))
    name = name_of(content)
    broken = bytes([content[0] ^ 1]) + content[1:]
    assert phone.put(f"parcels/{name}?at=0&of={len(content)}", broken).json()["why"] == "wrong"
    assert phone.get(f"parcels/{name}").json() == {"have": 0}
    assert phone.put(f"parcels/{name}?at=0&of={len(content)}", content).json()["receipts"][0]["state"] == "taken"


def test_one_id_with_two_contents_is_kept_twice_and_done_once():
    _, _, mine = under_way()
    phone = bound_phone()
    first = phone.visit(mine[0].pk, note="甲")
    second = first.replace("甲", "乙")
    assert phone.send(first)[0]["state"] == "taken"
    assert phone.send(second)[0]["state"] == "dispute"
    assert phone.send(first)[0]["state"] == "taken" and visits(mine[0]) == 1


def test_another_action_under_the_same_number_is_a_dispute():
    _, _, mine = under_way()
    phone = bound_phone()
    phone.send(phone.visit(mine[0].pk))
    phone.made = 0
    assert phone.send(phone.visit(mine[0].pk))[0]["state"] == "dispute"
    assert phone.send(phone.visit(mine[0].pk))[0]["state"] == "taken"


def test_what_was_taken_back_meanwhile_is_kept_as_a_dispute():
    campaign, _, mine = under_way()
    phone = bound_phone()
    form, draft = phone.form(mine[0].pk), phone.draft(mine[0].pk, 1, remark="写了一半")
    splitting.take_back(campaign=campaign, tasks=[mine[0].pk], by=clerk())
    receipts = phone.send(form, draft)
    assert [one["state"] for one in receipts] == ["dispute", "dispute"] and "管辖" in receipts[0]["says"]
    with working():
        assert "样例" not in receipts[0]["says"] and PhoneAction.objects.get(key=key(form)).text == form
    known = phone.tasks({str(task.pk): 0 for task in mine})
    assert {"id": mine[0].pk, "why": "taken_back", "says": "已收回或派给别人"} in known["gone"]


def test_a_form_that_somebody_else_has_handed_in_already_is_a_dispute():
    _, _, mine = under_way()
    phone = bound_phone()
    form = phone.form(mine[0].pk)
    entered(mine[0])
    assert phone.send(form)[0]["state"] == "dispute" and forms(mine[0]) == 1


def test_an_unfinished_form_goes_up_and_comes_down_on_another_phone():
    _, one, mine = under_way()
    phone = bound_phone()
    assert phone.send(phone.draft(mine[0].pk, 2, remark="新的"))[0]["state"] == "taken"
    assert phone.send(phone.draft(mine[0].pk, 1, remark="旧的"))[0]["state"] == "ignored"
    other = Phone()
    assert other.bind("surveyor-one").json()["why"] == "bound"
    assert other.bind("surveyor-one", permit="AAAA-AAAA").status_code == 403
    code = devices.permit(surveyor=one, by=clerk())
    assert other.bind("surveyor-one", permit=code).json()["replaced"] is True
    down = {task["id"]: task for task in other.tasks()["tasks"]}
    assert down[mine[0].pk]["draft"]["answers"] == {"remark": "新的"} and down[mine[0].pk]["draft"]["revision"] == 2
    late = phone.send(phone.form(mine[1].pk))
    assert late[0]["state"] == "dispute" and "另一部" in late[0]["says"]
    assert phone.post("tasks", known={}).json()["why"] == "replaced"
    assert phone.bind("surveyor-one", permit=code).status_code == 403


def test_a_draft_for_a_form_that_was_handed_in_is_ignored():
    _, _, mine = under_way()
    phone = bound_phone()
    late = phone.draft(mine[0].pk, 1, remark="旧的")
    phone.send(phone.form(mine[0].pk))
    assert phone.send(late)[0]["state"] == "ignored"
    with working():
        assert not Draft.objects.filter(task=mine[0]).exists()


def test_a_revoked_phone_is_told_to_empty_itself_and_nothing_is_taken():
    _, _, mine = under_way()
    phone = bound_phone()
    with working():
        device = Device.objects.get(key=phone.device)
    assert phone.get(f"standing/{phone.device}").json()["state"] == "bound"
    devices.revoke(device_id=device.pk, words="手机遗失", by=clerk())
    assert phone.get(f"standing/{phone.device}").json()["state"] == "revoked"
    content = packed(phone.form(mine[0].pk))
    answers = [
        phone.put(f"parcels/{'0' * 64}?at=0&of={len(content)}", content), phone.post("tasks", known={}),
        phone.post("contact", now=0, app=1),
    ]  # fmt: skip
    assert [(one.status_code, one.json()["why"]) for one in answers] == [(410, "revoked")] * 3
    assert phone.post("emptied").status_code == 204 and forms(mine[0]) == 0
    with working():
        assert Device.objects.get(pk=device.pk).emptied_at is not None


def test_a_card_that_has_run_out_stops_the_phone_and_loses_nothing():
    _, one, mine = under_way()
    phone = bound_phone()
    with working():
        type(one).objects.filter(pk=one.pk).update(valid_to=timezone.localdate() - timedelta(days=1))
    assert phone.contact()["state"] == "expired"
    assert phone.post("tasks", known={}).json()["why"] == "expired"
    assert phone.send(phone.form(mine[0].pk))[0]["state"] == "dispute"


@pytest.mark.parametrize("skew", [-365 * 86_400_000, -86_400_000, 86_400_000, 365 * 86_400_000, 10 * 365 * 86_400_000])
def test_a_wrong_clock_changes_nothing(skew):
    _, _, mine = under_way()
    phone = bound_phone()
    phone.skew = skew
    phone.contact()
    far_day = "2001-01-01"
    phone.send(phone.visit(mine[0].pk), phone.form(mine[0].pk, day_is_own=False, surveyed_on=far_day))
    task = seen(mine[0])
    assert task.state == "submitted"
    with working():
        assert abs(Visit.objects.get(task=task).at - timezone.now()) < timedelta(minutes=1)
        assert Entry.objects.get(task=task).answers["surveyed_on"] == timezone.localdate().isoformat()
        assert abs(Device.objects.get(key=phone.device).clock_ms + skew) < 60_000


def test_an_appointment_that_has_passed_before_it_was_sent_is_no_fault():
    _, _, mine = under_way()
    phone = bound_phone()
    with working():
        Device.objects.update(bound_at=timezone.now() - timedelta(days=9))
    past = phone.action(
        "visit", mine[0].pk, {"way": "1", "outcome": "2", "next_on": f"{timezone.localdate() - timedelta(days=1)}"},
        at=int((timezone.now() - timedelta(days=4)).timestamp() * 1000),
    )  # fmt: skip
    assert phone.send(past)[0]["state"] == "taken"


def test_a_return_comes_down_with_what_the_reviewer_said():
    _, _, mine = under_way()
    phone = bound_phone()
    phone.send(phone.form(mine[0].pk))
    task = seen(mine[0])
    reviews.return_(
        task_id=task.pk, version=task.version, reasons=["missing"], words="请补电话", comments={"mobile": "空号"},
        by=county_officer(),
    )  # fmt: skip
    down = next(one for one in phone.tasks()["tasks"] if one["id"] == task.pk)
    assert down["returned_for"] == {"reasons": ["missing"], "words": "请补电话", "comments": {"mobile": "空号"}}
    assert down["answers"]["mobile"] == "13800138001" and down["entries"] == 1
    assert phone.send(phone.form(task.pk, based_on=1))[0]["state"] == "taken"


def test_a_stranger_s_task_is_neither_told_of_nor_changed():
    _, _, mine = under_way()
    other = surveyor_with_account(TOWN, "surveyor-two")
    phone = bound_phone("surveyor-two")
    receipts = phone.send(phone.visit(mine[0].pk), phone.form(mine[0].pk), phone.visit(987654321))
    assert [one["state"] for one in receipts] == ["dispute"] * 3
    assert len({one["says"] for one in receipts}) == 1
    assert forms(mine[0]) == 0 and visits(mine[0]) == 0 and phone.tasks()["tasks"] == []
    assert phone.tasks({str(mine[0].pk): 1, "987654321": 1})["gone"] == [
        {"id": one, "why": "taken_back", "says": "已收回或派给别人"} for one in (mine[0].pk, 987654321)
    ]
    with working():
        assert not PhoneAction.objects.filter(device__surveyor=other).exclude(person_id=None).exists()


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"id": 7}', '{"actions": []}', "[" * 50_000, '{"actions": ["{}"]}', '{"actions": [7]}'],
)
def test_a_parcel_that_nobody_can_read_is_refused_and_nothing_of_it_is_kept(text):
    under_way()
    phone = bound_phone()
    content = gzip.compress(text.encode())
    answer = phone.put(f"parcels/{name_of(content)}?at=0&of={len(content)}", content)
    assert answer.status_code == 400 and answer.json()["why"] == "wrong"
    with working():
        assert not PhoneAction.objects.exists()


def test_a_phone_can_t_fill_the_server(monkeypatch):
    _, _, mine = under_way()
    phone = bound_phone()
    monkeypatch.setattr(arriving, "MOST_WAITING", 3)
    monkeypatch.setattr(arriving, "MOST_BEGUN", 2)
    phone.made = 1
    phone.send(*[phone.visit(mine[0].pk) for _ in range(3)])
    content = packed(phone.visit(mine[0].pk))
    refused = phone.put(f"parcels/{name_of(content)}?at=0&of={len(content)}", content)
    assert (refused.status_code, refused.json()["why"]) == (429, "too_many") and refused.headers["Retry-After"]
    for digit in "123456":
        assert phone.put(f"parcels/{digit * 64}?at=0&of=99", b"x").json() == {"have": 1}
    with working():
        begun = Parcel.objects.filter(receipts__isnull=True)
        assert begun.count() == 2 and arriving.forget_parcels() == 0
        begun.update(at=timezone.now() - timedelta(days=40))
    assert arriving.forget_parcels() == 2


@pytest.mark.parametrize("address", ["contact", "tasks", "diagnosis", "line"])
def test_a_body_that_is_too_large_is_not_read(address):
    under_way()
    phone = bound_phone()
    said = {"CONTENT_LENGTH": str(100 << 20), "content_type": "application/json", "headers": phone.headers()}
    assert phone.web.generic("POST", f"/api/phone/{address}", b"{", **said).status_code == 413


def test_what_goes_to_phones_is_compressed_and_the_office_s_pages_are_not():
    web = Phone().web
    for address in ("/static/mobile/app.js", "/mobile/", "/mobile/worker.js"):
        answer = web.get(address, headers={"Accept-Encoding": "gzip"})
        assert answer.headers.get("Content-Encoding") == "gzip", address
    assert "Content-Encoding" not in web.get("/sign-in/", headers={"Accept-Encoding": "gzip"}).headers


def test_a_bomb_is_not_unpacked():
    under_way()
    phone = bound_phone()
    content = gzip.compress(b" " * (64 << 20))
    answer = phone.put(f"parcels/{name_of(content)}?at=0&of={len(content)}", content)
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "erase"}, {"body": {}}, {"body": {"answers": 7}}, {"body": {"way": "1", "outcome": "99"}},
        {"body": {"way": "9", "outcome": "2"}}, {"body": {"way": "1", "outcome": "2", "latitude": 1e9}},
    ],
)  # fmt: skip
def test_an_action_that_makes_no_sense_is_kept_for_somebody_to_look_at(change):
    _, _, mine = under_way()
    phone = bound_phone()
    text = json.dumps({**json.loads(phone.visit(mine[0].pk)), **change})
    assert phone.send(text, phone.visit(mine[0].pk))[0]["state"] == "dispute"
    assert visits(mine[0]) == 1


def test_halves_of_characters_and_nul_do_not_stop_a_phone():
    _, _, mine = under_way()
    phone = bound_phone()
    text = phone.visit(mine[0].pk, note="甲NUL乙HALF").replace("NUL", "\\u0000").replace("HALF", "\\ud83d")
    assert phone.send(text)[0]["state"] == "taken"
    with working():
        assert Visit.objects.get(task=mine[0]).note == "甲乙\ufffd"


@pytest.mark.parametrize("address", ["contact", "tasks", "diagnosis", "emptied", "line"])
def test_nobody_is_told_anything_without_the_phone_s_secret(address):
    under_way()
    phone = bound_phone()
    for stranger in (Phone(), Phone(device=phone.device, secret="0" * 64), Phone(device="x", secret="y")):
        answer = stranger.post(address)
        assert answer.status_code == 401 and answer.json()["why"] == "unknown"


def test_a_picture_goes_up_in_pieces_and_is_sealed():
    _, _, mine = under_way()
    phone = bound_phone()
    content = b"\xff\xd8\xff\xe0" + b"x" * 5_000
    name = name_of(content)
    address = f"pictures/{name}?of={len(content)}&task={mine[0].pk}&kind=signature"
    assert phone.put(f"{address}&at=0", content[:100]).json() == {"have": 100}
    assert phone.put(f"{address}&at=5", content[5:]).json()["have"] == 100
    assert phone.put(f"{address}&at=100", content[100:]).json() == {"have": len(content)}
    assert phone.get(f"pictures/{name}").json() == {"have": len(content)}
    other = content + b"y"
    foreign = f"pictures/{name_of(other)}?at=0&of={len(other)}&task=99999&kind=signature"
    assert phone.put(foreign, other).status_code == 403


def test_the_law_comes_once_and_then_not_until_it_changes():
    under_way()
    phone = bound_phone()
    answer = phone.get("law")
    assert answer.json()["law"] in answer.headers["ETag"] and "tables" in answer.json()
    assert phone.get("law", **{"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_the_line_is_tested_both_ways():
    under_way()
    phone = bound_phone()
    assert len(phone.get("line?bytes=1000").content) == 1000
    assert phone.put("line", b"").status_code == 405 and phone.get("line?bytes=99999999").status_code == 400
