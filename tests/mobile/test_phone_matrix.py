"""Every address of the phone's interface: for strangers, each duty, phones of other places, and a stopped one."""

from __future__ import annotations

from uuid import uuid4

import pytest
from ninja import NinjaAPI

from canbao.api.interface import api
from canbao.law.duties import read_duties
from canbao.registry.access import working
from canbao.registry.models import Officer
from canbao.survey.models import Device, Entry, PhoneAction, Picture, Visit
from canbao.survey.phones import devices
from phone_desk import Phone, bound_phone, name_of, surveyor_with_account, under_way
from survey_desk import OTHER_TOWN, clerk, who

pytestmark = pytest.mark.usefixtures("people")
OPEN = {("post", "bind"), ("get", "standing/{device}")}
"""What somebody may ask who has no bound phone."""
DUTIES = read_duties().duties


def asked(interface: NinjaAPI) -> list[tuple[str, str]]:
    """Every method and address, as it is written down."""
    found = interface.get_openapi_schema(path_prefix="")["paths"]
    return [(method, path.removeprefix("/phone/")) for path, methods in found.items() for method in methods]


def ask(phone: Phone, method: str, address: str):
    content = b"\xff\xd8\xff"
    filled = address.replace("{sha256}", name_of(content)).replace("{device}", phone.device or str(uuid4()))
    query = "?at=0&of=3&task=1&kind=signature&bytes=3"
    if method == "post":
        return phone.post(filled, now=0, app=1, known={})
    return phone.put(filled + query, content) if method == "put" else phone.get(filled + query)


def test_there_is_nothing_that_this_test_does_not_ask():
    assert {path for _, path in asked(api)} == {
        "bind", "standing/{device}", "contact", "law", "tasks", "parcels/{sha256}", "pictures/{sha256}", "line",
        "diagnosis", "emptied",
    }  # fmt: skip


@pytest.mark.parametrize(("method", "address"), [one for one in asked(api) if one not in OPEN])
def test_without_a_bound_phone_nothing_is_said(method, address):
    under_way()
    phone = bound_phone()
    wrong = Phone(device=phone.device, secret="f" * 64)
    for stranger in (Phone(), wrong, Phone(device=str(uuid4()), secret=phone.secret)):
        answer = ask(stranger, method, address)
        assert (answer.status_code, answer.json()["why"]) == (401, "unknown")


@pytest.mark.parametrize(("method", "address"), [one for one in asked(api) if one not in OPEN])
def test_a_stopped_phone_is_told_so_and_nothing_else(method, address):
    under_way()
    phone = bound_phone()
    with working():
        device = Device.objects.get()
    devices.revoke(device_id=device.pk, words="手机遗失", by=clerk())
    answer = ask(phone, method, address)
    assert answer.status_code == (204 if address == "emptied" else 410)
    assert address == "emptied" or answer.json()["why"] == "revoked"


@pytest.mark.parametrize("duty", [one for one in DUTIES if one not in ("surveyor", "partner_system")])
def test_only_surveyors_bind_phones(duty):
    under_way()
    area = {"province": "44", "city": "4406", "county": "440604", "town": "440604010", "village": "440604010001"}
    officer = who(duty, area[DUTIES[duty].levels[0]] if DUTIES[duty].levels else "44")
    answer = Phone().bind(officer.username)
    assert answer.status_code == 403 and answer.json()["why"] == "refused"
    with working():
        assert not Device.objects.exists()


@pytest.mark.parametrize("place", ["440604010", OTHER_TOWN, "440106001"])
def test_a_phone_of_another_surveyor_sees_and_changes_nothing(place):
    _, _, mine = under_way()
    surveyor_with_account(place, "surveyor-two")
    phone = bound_phone("surveyor-two")
    assert phone.tasks()["tasks"] == []
    receipts = phone.send(phone.visit(mine[0].pk), phone.form(mine[0].pk), phone.draft(mine[0].pk, 1, remark="x"))
    assert [one["state"] for one in receipts] == ["dispute"] * 3
    assert ask(phone, "put", "pictures/{sha256}").status_code == 403
    with working():
        assert not (Entry.objects.exists() or Visit.objects.exists() or Picture.objects.exists())
        assert not PhoneAction.objects.exclude(person_id=None).exists()


@pytest.mark.parametrize("change", [{"is_active": False}, {"duty": "town_clerk"}])
def test_whoever_is_no_surveyor_any_more_has_no_phone_any_more(change):
    under_way()
    phone = bound_phone()
    Officer.objects.filter(username="surveyor-one").update(**change)
    assert phone.post("tasks", known={}).json()["why"] == "revoked"
    assert phone.get(f"standing/{phone.device}").json()["state"] == "revoked"
