"""Partners, their keys and agreements: who may do what where, what is refused, and what two officers decide."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.utils import timezone

from canbao.office.packages.finding import own_packages
from canbao.registry.access import Refused, working
from canbao.registry.actions import partners as actions
from canbao.registry.actions import requests
from canbao.registry.actions.agreements import Terms, ask_agreement, ask_end_of_agreement
from canbao.registry.actions.officers import grant, name_person, reset_password, set_active
from canbao.registry.actions.papers import File
from canbao.registry.actions.partner_keys import add_key, withdraw_key
from canbao.registry.actions.sessions import Unproven, recognise
from canbao.registry.models import Agreement, Officer, Partner, PartnerKey
from canbao.registry.own_partners import own_partner, own_partners, standing
from canbao.registry.partners import PartnerRefused, require_agreed
from canbao.registry.waiting import waiting_for
from people_of_office import officer
from protection_desk import found_or_made
from register_desk import asked

SCAN = File("共享协议扫描件", b"%PDF-1.7 made for tests")
REASON = "双方已签订共享协议"
NEW = {
    "code": "foshan-police", "label": "佛山公安系统", "kind": "police", "division_code": "440600", "area": "4406",
    "contact": "某某 0757-12345678",
}  # fmt: skip


def city() -> Officer:
    return found_or_made("city_data_officer", "4406", "city")


def other_city_officer() -> Officer:
    return found_or_made("city_data_officer", "4406", "city-2")


def security() -> Officer:
    return found_or_made("security_administrator", "4406", "security")


@pytest.fixture
def opened_partner(register) -> Partner:
    """A system of insurance of Foshan."""
    return actions.open_partner(**{**NEW, "code": "foshan-insurance", "kind": "insurance"}, by=city())


def pem(key: Any) -> str:
    shape = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, shape).decode()


def terms(**more: Any) -> Terms:
    today = timezone.localdate()
    usual = Terms(
        number="协〔2026〕1号", purpose="推送参保变更", confidentiality="不得外传，不作他用", contact="某某 0757-1",
        area="4406", services=["push", "look_up"], rows=["insurance"], insurance_types=["emp_pension"],
        items_in=["mobile"], shown=["registration"], valid_from=today, valid_to=today + timedelta(days=364),
        rows_a_day=1000, people_a_day=100, requests_a_minute=60,
    )  # fmt: skip
    return replace(usual, **more)


def ask(partner: Partner, by: Officer | None = None, papers: tuple[File, ...] = (SCAN,), **more: Any):
    return ask_agreement(partner=partner, terms=terms(**more), reason=REASON, papers=papers, by=by or city())


def agreed(partner: Partner, **more: Any) -> Agreement:
    """An agreement that two officers have decided."""
    request = requests.approve(request=ask(partner, **more), by=other_city_officer())
    with working():
        return Agreement.objects.select_related("request").get(request=request)


def stands(agreement: Agreement | None = None) -> str:
    """How an agreement stands today, read as the register does."""
    with working():
        found = Agreement.objects.get(pk=agreement.pk) if agreement else Agreement.objects.get()
        return standing(found, timezone.localdate())


def logged(action: str) -> list[str]:
    return [
        one["decision"] for one in asked("SELECT decision FROM audit_log WHERE action = %s ORDER BY number", action)
    ]


def test_a_partner_has_an_account_that_nobody_signs_in_with_and_a_stream(register):
    made = actions.open_partner(**NEW, by=city())
    account, stream = made.officer, made.stream
    assert (account.duty, account.area, account.username) == ("partner_system", "4406", "partner-foshan-police")
    assert not account.has_usable_password() and account.is_active
    assert (stream.state, stream.division_code, stream.ranges.count()) == ("streaming", "440600", 0)
    with pytest.raises(Unproven):
        recognise(account=account.username, password="anything at all 2017")


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"area": "44"}, "管辖范围"),
        ({"area": "4401"}, "管辖范围"),
        ({"area": "440604"}, "不设在这一级"),
        ({"division_code": "440100"}, "管辖"),
        ({"division_code": "440000"}, "管辖"),
        ({"division_code": "440604"}, "地级以上市"),
        ({"kind": "newspaper"}, "种类"),
        ({"code": "Foshan Police"}, "代号"),
        ({"label": "佛"}, "名称"),
        ({"label": "系统 440604198001010013"}, "身份号码"),
        ({"contact": ""}, "联系人"),
    ],
)
def test_what_is_no_partner_of_ones_area_is_refused(register, wrong, why):
    with pytest.raises(Refused, match=why):
        actions.open_partner(**{**NEW, **wrong}, by=city())
    assert not Partner.objects.exists() and logged("partner.open") == ["refused"]


def test_a_code_is_used_once_and_others_may_not_open(register):
    actions.open_partner(**NEW, by=city())
    with pytest.raises(Refused, match="已有人用"):
        actions.open_partner(**NEW, by=city())
    for duty in ("security_administrator", "supervisor", "auditor"):
        with pytest.raises(Refused, match="不能登记合作系统"):
            actions.open_partner(**{**NEW, "code": "another"}, by=found_or_made(duty, "4406", duty))


def test_cutting_off_is_instant_and_letting_on_takes_it_back(opened_partner):
    agreed(opened_partner)
    assert require_agreed(opened_partner, "push")
    actions.cut_off(partner=opened_partner, reason="疑似密钥泄露", by=security())
    cut = Partner.objects.get()
    assert cut.officer.is_active and cut.cut_off_by == security() and cut.cut_off_reason == "疑似密钥泄露"
    with pytest.raises(PartnerRefused) as refusal:
        require_agreed(cut, "push")
    assert refusal.value.why == "cut_off"
    with pytest.raises(Refused, match="已经停用"):
        actions.cut_off(partner=cut, reason="疑似密钥泄露", by=city())
    actions.let_on_again(partner=cut, reason="已换密钥，可以恢复", by=city())
    assert require_agreed(Partner.objects.get(), "push")
    with pytest.raises(Refused, match="没有停用"):
        actions.let_on_again(partner=cut, reason="已换密钥，可以恢复", by=city())


def test_who_may_not_or_is_elsewhere_changes_nothing(opened_partner):
    stranger = officer("city_data_officer", "4401", "stranger")
    assert own_partners(stranger) == [] and own_partner(opened_partner.pk, by=stranger) is None
    auditor = officer("auditor", "4406", "auditing")
    for by in (stranger, auditor):
        with pytest.raises(Refused):
            actions.cut_off(partner=opened_partner, reason="没有这个道理", by=by)
        with pytest.raises(Refused):
            actions.change_contact(partner=opened_partner, contact="别人 020-1", by=by)
        with pytest.raises(Refused):
            ask(opened_partner, by=by)
    assert Partner.objects.get().cut_off_at is None and not Agreement.objects.exists()
    assert own_partners(auditor) == [opened_partner] and own_partner(opened_partner.pk, by=auditor)
    assert logged("partner.cut_off") == ["refused", "refused"]


def test_a_contact_is_changed(opened_partner):
    actions.change_contact(partner=opened_partner, contact="另一位 0757-2", by=city())
    assert Partner.objects.get().contact == "另一位 0757-2"


def test_a_key_is_added_once_and_withdrawn(opened_partner):
    written, year = pem(Ed25519PrivateKey.generate()), timezone.localdate() + timedelta(days=365)
    key = add_key(partner=opened_partner, public_key=written, valid_to=year, by=security())
    assert (key.algorithm, len(key.key_id), key.public_key) == ("ed25519", 64, written)
    with pytest.raises(Refused, match="已经登记过"):
        add_key(partner=opened_partner, public_key=written, valid_to=year, by=security())
    withdraw_key(key=key, by=security())
    assert PartnerKey.objects.get().withdrawn_at is not None
    with pytest.raises(Refused, match="已经停用"):
        withdraw_key(key=PartnerKey.objects.get(), by=security())


@pytest.mark.parametrize("days", [-1, 3 * 366 + 1])
def test_a_key_has_a_last_day_within_bounds(opened_partner, days):
    written = pem(Ed25519PrivateKey.generate())
    with pytest.raises(Refused, match="最后一天"):
        add_key(
            partner=opened_partner, public_key=written, valid_to=timezone.localdate() + timedelta(days=days),
            by=security(),
        )  # fmt: skip


@pytest.mark.parametrize("written", ["nothing", pem(X25519PrivateKey.generate()), "-----BEGIN PRIVATE KEY-----"])
def test_what_is_no_public_key_is_not_taken(opened_partner, written):
    with pytest.raises(Refused, match="公钥"):
        add_key(partner=opened_partner, public_key=written, valid_to=timezone.localdate(), by=security())
    assert not PartnerKey.objects.exists()


def test_keys_are_the_security_administrators(opened_partner):
    written = pem(Ed25519PrivateKey.generate())
    elsewhere = officer("security_administrator", "4401", "elsewhere")
    for by in (city(), elsewhere):
        with pytest.raises(Refused):
            add_key(partner=opened_partner, public_key=written, valid_to=timezone.localdate(), by=by)


def test_an_agreement_counts_once_another_officer_has_decided(opened_partner):
    request = ask(opened_partner)
    assert Agreement.objects.get().since is None and stands() == "asked"
    with pytest.raises(PartnerRefused):
        require_agreed(opened_partner, "push")
    with pytest.raises(Refused, match="申请人自己"):
        requests.approve(request=request, by=city())
    requests.approve(request=request, by=other_city_officer())
    assert require_agreed(opened_partner, "push").number == "协〔2026〕1号"
    assert stands() == "in_force"
    with pytest.raises(PartnerRefused, match="回填"):
        require_agreed(opened_partner, "back_fill")


def test_a_scan_is_needed_and_the_same_is_asked_once(opened_partner):
    with pytest.raises(Refused, match="材料"):
        ask(opened_partner, papers=())
    ask(opened_partner)
    with pytest.raises(Refused, match="同样的申请"):
        ask(opened_partner)
    assert Agreement.objects.count() == 1


def test_a_refused_agreement_never_counts_and_may_be_asked_for_again(opened_partner):
    requests.refuse(request=ask(opened_partner), answer="协议没有盖章", by=other_city_officer())
    assert stands() == "refused"
    assert agreed(opened_partner).since is not None
    with pytest.raises(Refused, match="已经登记"):
        ask(opened_partner)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"services": []}, "至少选一项"),
        ({"services": ["everything"]}, "没有这种服务"),
        ({"services": ["look_up", "panel"]}, "请填可以嵌入的来源"),
        ({"panel_origins": ["http://example.gov.cn/page"]}, "嵌入页面的来源应写成"),
        ({"rows": ["exit_entry"]}, "不能报这些来源"),
        ({"rows": ["household"]}, "不能报这些来源"),
        ({"items_in": ["name"]}, "不能报这些项目"),
        ({"insurance_types": ["lottery"]}, "没有这种险种"),
        ({"insurance_types": []}, "请选险种"),
        ({"shown": ["everything"]}, "没有这种可以告知"),
        ({"shown": []}, "可以告知"),
        ({"rows": [], "items_in": []}, "来源或项目"),
        ({"area": "44"}, "范围内"),
        ({"area": "4401"}, "范围内"),
        ({"area": "4499"}, "不存在"),
        ({"valid_to": date(2017, 6, 30), "valid_from": date(2017, 1, 1)}, "今天以前"),
        ({"valid_from": date(2199, 1, 1)}, "早于"),
        ({"valid_to": date(2199, 1, 1)}, "最长 3 年"),
        ({"rows_a_day": 0}, "行数"),
        ({"rows_a_day": -1}, "行数"),
        ({"people_a_day": 0}, "人数"),
        ({"people_a_day": 10**9}, "人数"),
        ({"requests_a_minute": 0}, "请求数"),
        ({"number": " "}, "协议编号"),
        ({"purpose": ""}, "用途"),
        ({"confidentiality": "无"}, "保密义务"),
        ({"contact": "440604198001010013"}, "身份号码"),
    ],
)
def test_an_agreement_names_what_law_allows_and_nothing_else(opened_partner, wrong, why):
    with pytest.raises(Refused, match=why):
        ask(opened_partner, **wrong)
    assert not Agreement.objects.exists()


def test_an_agreement_whose_last_day_went_by_meanwhile_is_not_approved(opened_partner):
    request = ask(opened_partner)
    Agreement.objects.update(valid_to=timezone.localdate() - timedelta(days=1))
    with pytest.raises(Refused, match="最后一天已经过了"):
        requests.approve(request=request, by=other_city_officer())
    assert Agreement.objects.get().since is None


def test_an_agreement_ends_on_its_last_day(opened_partner):
    agreement, today = agreed(opened_partner), timezone.localdate()
    for days, how in ((31, "in_force"), (30, "ending"), (0, "ending"), (-1, "over")):
        Agreement.objects.update(valid_from=today - timedelta(days=40), valid_to=today + timedelta(days=days))
        assert stands() == how
    with pytest.raises(PartnerRefused, match="到期"):
        require_agreed(opened_partner, "push")
    with pytest.raises(Refused, match="到期"):
        ask_end_of_agreement(agreement=agreement, reason=REASON, by=city())


def test_two_officers_end_an_agreement(opened_partner):
    agreement = agreed(opened_partner)
    request = ask_end_of_agreement(agreement=agreement, reason="对方不再需要", by=city())
    with pytest.raises(Refused, match="申请人自己"):
        requests.approve(request=request, by=city())
    assert require_agreed(opened_partner, "push")
    requests.approve(request=request, by=other_city_officer())
    agreement.refresh_from_db()
    assert agreement.revoked_by_id == request.pk and stands() == "ended"
    with pytest.raises(PartnerRefused):
        require_agreed(opened_partner, "push")
    with pytest.raises(Refused, match="没有生效"):
        ask_end_of_agreement(agreement=agreement, reason="对方不再需要", by=city())


def test_an_agreement_of_a_city_is_decided_there_or_above(opened_partner):
    request = ask(opened_partner, area="440604")
    with pytest.raises(Refused, match="管辖范围"):
        requests.approve(request=request, by=officer("city_data_officer", "4401", "guangzhou"))
    assert requests.approve(request=request, by=officer("provincial_officer", "44", "province")).state == "approved"


def test_nobody_is_given_a_partners_duty_and_a_partners_account_is_left_alone(opened_partner):
    clerk, account = officer("town_clerk", "440604012", "clerk"), opened_partner.officer
    administrator = officer("system_administrator", "4406", "administrator")
    with pytest.raises(Refused, match="不能授给人"):
        grant(officer=clerk, duty="partner_system", area="4406", by=security())
    with pytest.raises(Refused, match="合作系统的账号"):
        grant(officer=account, duty="city_data_officer", area="4406", by=security())
    for verb in (
        lambda: reset_password(officer=account, by=administrator),
        lambda: name_person(officer=account, staff_number="1", by=administrator),
        lambda: set_active(officer=account, active=False, by=administrator),
    ):
        with pytest.raises(Refused, match="合作系统的账号"):
            verb()
    account.refresh_from_db()
    assert account.duty == "partner_system" and account.is_active and not account.has_usable_password()


def test_a_stream_is_no_package(opened_partner):
    assert not own_packages(city()).exists() and waiting_for(city()).packages == {}
