"""Partners in the office: the list, opening, keys, agreements that two decide, cutting off, and what was given."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from office_browsers import Browser
from test_key_pages import pem

from canbao.core.masks import mask_number
from canbao.registry.access import working
from canbao.registry.models import Agreement, Given, Partner, PartnerKey, Request
from cleaning_desk import number
from partner_desk import agreed, partner, with_key
from setting_desk import key, put_in

PDF = b"%PDF-1.7 made for tests"
SSN = number(1)
HOUSEHOLD = f"ssn,name,hukou_division_code,hukou_address,mobile\n{SSN},样例甲一,440604,某处1号,13800138000\n"


@pytest.fixture
def officers(opened) -> tuple[Browser, Browser]:
    """Two of the city: one asks, the other decides."""
    return opened("city_data_officer", "4406", "first"), opened("city_data_officer", "4406", "second")


def form(**more: object) -> dict[str, object]:
    """An agreement's form, filled in."""
    today = timezone.localdate()
    return {
        "number": "协〔2026〕1号", "contact": "某某 0757-1", "area": "440600", "valid_from": today,
        "valid_to": today + timedelta(days=364), "purpose": "推送参保变更", "confidentiality": "不得外传，不作他用",
        "services": ["push", "look_up"], "rows": ["insurance"], "insurance_types": ["emp_pension"],
        "items_in": ["mobile"], "shown": ["registration", "missing"], "rows_a_day": "1000", "people_a_day": "100",
        "requests_a_minute": "60", "reason": "双方已签订共享协议", "paper_label": "协议",
        "papers": [SimpleUploadedFile("a.pdf", PDF)], **more,
    }  # fmt: skip


def request_of(kind: str) -> Request:
    """The one request of a kind."""
    with working():
        return Request.objects.get(kind=kind)


def test_a_partner_is_opened_in_the_office(opened):
    browser = opened("city_data_officer", "4406")
    page = browser.say(
        "/partners/new/", label="佛山公安系统", code="foshan-police", kind="police", division_code="440600",
        area="440600", contact="某某 0757-1",
    )  # fmt: skip
    assert "佛山公安系统" in page and "没有生效的协议" in page and "没有可用的公钥" in page
    assert Partner.objects.get().area == "4406"
    page = browser.say("/partners/new/", label="佛山公安", code="foshan-police", kind="police")
    assert "is-invalid" in page and Partner.objects.count() == 1


def test_a_city_opens_partners_of_its_own_only(opened):
    page = opened("city_data_officer", "4406").read("/partners/new/")
    assert (
        "佛山市" in page and "广州市" not in page and "全省" not in page.split("代表哪个区划")[1].split("</select>")[0]
    )


def test_partners_of_another_area_are_not_there(opened):
    one = partner()
    assert one.label in opened("provincial_officer").read("/partners/")
    stranger = opened("city_data_officer", "4401")
    assert one.label not in stranger.read("/partners/")
    assert stranger.get(f"/partners/{one.pk}/").status_code == 404
    assert stranger.post(f"/partners/{one.pk}/cut-off/", {"reason": "没有这个道理"}).status_code == 404


def test_an_agreement_goes_from_the_form_to_being_in_force(opened, officers):
    one, (first, second) = partner(), officers
    with_key(one)
    page = first.read(f"/partners/{one.pk}/agreements/new/")
    assert "险种业务" in page and "出入境" not in page and "推送变更" in page
    answer = first.post(f"/partners/{one.pk}/agreements/new/", form(), follow=True)
    asked = request_of("agreement")
    words = answer.content.decode()
    assert "已申请" in words and "职工基本养老保险" in words and "手机" in words
    assert "同意</button>" not in words and "有申请待决定" in first.read("/partners/")
    page = second.read(f"/requests/{asked.pk}/")
    assert "需补采的项目" in page and "同意</button>" in page and "不得外传" in page
    second.post(f"/requests/{asked.pk}/approve/", {"answer": ""})
    assert Agreement.objects.get().since is not None and "可以交换" in first.read("/partners/")
    page = first.read(f"/partners/{one.pk}/")
    assert "协〔2026〕1号" in page and "登记状态、需补采的项目" in page


def test_the_asker_cannot_decide(opened, officers):
    one, (first, _) = partner(), officers
    first.post(f"/partners/{one.pk}/agreements/new/", form())
    answer = first.post(f"/requests/{request_of('agreement').pk}/approve/", {"answer": ""})
    assert answer.status_code == 403 and Agreement.objects.get().since is None


@pytest.mark.parametrize(
    "wrong",
    [{"papers": []}, {"rows": ["exit_entry"]}, {"area": "440100"}, {"services": []}, {"valid_to": "2017-06-30"}],
    ids=lambda one: next(iter(one)),
)
def test_a_wrong_agreement_is_shown_again(officers, wrong):
    one = partner()
    page = officers[0].post(f"/partners/{one.pk}/agreements/new/", form(**wrong)).content.decode()
    assert 'role="alert"' in page and "协〔2026〕1号" in page and not Agreement.objects.exists()


def test_two_officers_end_an_agreement(officers):
    one, (first, second) = partner(), officers
    agreement = agreed(one)
    address = f"/partners/{one.pk}/agreements/{agreement.pk}/end/"
    assert agreement.number in first.read(address)
    assert "已申请终止" in first.say(address, reason="对方不再需要了")
    asked = request_of("unagreement")
    assert agreement.number in second.read(f"/requests/{asked.pk}/")
    second.post(f"/requests/{asked.pk}/approve/", {"answer": ""})
    page = first.read(f"/partners/{one.pk}/")
    assert "已终止" in page and "申请终止</a>" not in page and "没有生效的协议" in page


def test_what_ends_soon_is_warned_of(opened):
    one = partner()
    with_key(one)
    agreed(one, valid_to=timezone.localdate() + timedelta(days=20))
    page = opened("auditor").read("/partners/")
    assert "还有 20 天到期" in page and "没有可用的公钥" not in page
    Agreement.objects.update(valid_to=timezone.localdate() + timedelta(days=60))
    assert "天到期" not in opened("supervisor", "4406").read("/partners/")


def test_keys_are_added_and_withdrawn_by_the_security_administrator(opened):
    one, browser, written = partner(), opened("security_administrator"), pem(Ed25519PrivateKey.generate())
    last = str(timezone.localdate() + timedelta(days=365))
    page = browser.say(f"/partners/{one.pk}/keys/add/", pasted=written, valid_to=last)
    made = PartnerKey.objects.get()
    assert made.key_id in page and "使用中" in page and str(made.valid_to) == last
    assert "已经登记过" in browser.say(f"/partners/{one.pk}/keys/add/", pasted=written, valid_to=last)
    assert "请粘贴公钥" in browser.say(f"/partners/{one.pk}/keys/add/", pasted="", valid_to=last)
    assert "已停用" in browser.say(f"/partners/{one.pk}/keys/{made.pk}/withdraw/")
    assert browser.post(f"/partners/{one.pk}/keys/999/withdraw/").status_code == 404


def test_cutting_off_and_letting_on(opened):
    one, browser = partner(), opened("security_administrator")
    assert "请写明" in browser.say(f"/partners/{one.pk}/cut-off/", reason="")
    assert Partner.objects.get().cut_off_at is None
    page = browser.say(f"/partners/{one.pk}/cut-off/", reason="疑似密钥泄露")
    assert "已停用" in page and "疑似密钥泄露" in page
    assert "已恢复" in browser.say(f"/partners/{one.pk}/let-on/", reason="密钥已经换过")
    assert Partner.objects.get().cut_off_at is None


def test_a_contact_is_changed(opened):
    one, browser = partner(), opened("city_data_officer", "4406")
    assert "另一位 0757-2" in browser.say(f"/partners/{one.pk}/contact/", contact="另一位 0757-2")
    assert "is-invalid" in browser.post(f"/partners/{one.pk}/contact/", {"contact": ""}).content.decode()


@pytest.fixture
def told(register) -> Partner:
    """A partner that was told of one person, twice."""
    put_in("440600", household=HOUSEHOLD)
    one = partner()
    agreement, person = agreed(one), key(SSN)
    for _ in range(2):
        Given.objects.create(
            partner=one, agreement=agreement, person_id=person, service="look_up", purpose="counter", told_to="张三",
            items=["registration", "mobile"],
        )  # fmt: skip
    return one


def test_what_was_given_is_listed_with_masked_numbers_for_those_who_see_people(opened, told):
    page = opened("city_data_officer", "4406").read(f"/partners/{told.pk}/given/")
    assert "窗口查询" in page and "登记状态、" in page and "张三" in page and "窗口办理" in page
    assert SSN not in page and mask_number(SSN) in page


@pytest.mark.parametrize("duty", ["supervisor", "auditor", "security_administrator"])
def test_who_sees_nobody_sees_counts(opened, told, duty):
    page = opened(duty, "4406").read(f"/partners/{told.pk}/given/")
    assert "窗口查询" in page and "张三" not in page and mask_number(SSN) not in page and "只列次数" in page


def test_days_bound_what_was_given(opened, told):
    browser = opened("city_data_officer", "4406")
    page = browser.read(f"/partners/{told.pk}/given/?since=2017-01-01&until=2017-12-31")
    assert "没有给出过" in page
    assert browser.get(f"/partners/{told.pk}/given/?since=x&until=2017-12-31").status_code == 200


def test_a_stream_is_no_package_in_the_office(opened):
    stream, browser = partner().stream, opened("provincial_officer")
    assert stream.file_name not in browser.read("/packages/") and "streaming" not in browser.read("/")
    for address in ("", "progress/", "receipt/"):
        assert browser.get(f"/packages/{stream.pk}/{address}").status_code == 404


def test_an_administrator_is_offered_nothing_for_a_partners_account(opened):
    account = partner().officer
    page = opened("system_administrator").read(f"/officers/{account.pk}/")
    assert "重置密码" not in page and "不能登录" in page and "写明人员编号" not in page
    page = opened("security_administrator").read(f"/officers/{account.pk}/")
    assert "授予岗位和范围" not in page
    assert "合作部门系统</option>" not in opened("security_administrator", "44", "s2").read(
        f"/officers/{partner('other').made_by.pk}/"
    )


def test_the_audit_page_has_words_for_what_was_done(opened):
    one, browser = partner(), opened("security_administrator")
    browser.say(f"/partners/{one.pk}/cut-off/", reason="疑似密钥泄露")
    page = opened("auditor").read(f"/audit/officers/{browser.officer.pk}/")
    assert "停用合作系统" in page and "partner.cut_off" not in page
