"""Surveyors and the bodies they come from: registered with a card, revoked, put on file with an agreement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Max
from django.db.models.functions import Length
from django.utils import timezone

from canbao.core.numbering.credit_code import CreditCode
from canbao.core.numbering.finding import NumberError
from canbao.registry.access import Refused, require_area
from canbao.registry.actions.papers import LARGEST, media_type
from canbao.registry.deeds import deed, refuse_identity_numbers, require_words
from canbao.registry.models import Officer
from canbao.registry.models.proving import place_of
from canbao.registry.places_now import places
from canbao.registry.secrets.envelope import seal
from canbao.survey.models import Contractor, Surveyor, Task
from canbao.survey.moving import OPEN, move_many


@dataclass(frozen=True)
class Person:
    """Whom a card is made for; `officer` is their account, if they have one."""

    name: str
    mobile: str
    place: str
    valid_from: date
    valid_to: date
    unit: str = ""
    contractor: Contractor | None = None
    officer: Officer | None = None
    card_number: str = ""
    photo: bytes = b""


def register(person: Person, *, by: Officer) -> Surveyor:
    """Register a surveyor; without a card number of their own they get the city's next one. Raises Refused."""
    with deed(by=by, action="surveyor.register", permission="surveyor.manage") as note:
        _check(person, by)
        city = by.area[:4]
        made = Surveyor(
            city=city, place=person.place, name=person.name.strip(), mobile=person.mobile, unit=person.unit.strip(),
            contractor=person.contractor, officer=person.officer, valid_from=person.valid_from,
            valid_to=person.valid_to, card_number=person.card_number.strip() or next_card(city, person.valid_from.year),
            added_by=by,
        )  # fmt: skip
        if Surveyor.objects.filter(city=made.city, card_number=made.card_number).exists():
            raise Refused(f"调查证编号 {made.card_number} 已经用过；请换一个，或留空由系统编")
        made.save()
        if person.photo:
            made.sealed_photo = seal(_photo(person.photo), place_of(made, "sealed_photo"))
            made.save(update_fields=["sealed_photo"])
        note.objects.append(f"surveyor:{made.pk}")
        return made


def _photo(content: bytes) -> bytes:
    if media_type(content) not in ("image/jpeg", "image/png") or len(content) > LARGEST:
        raise Refused("照片请用不超过 5 MB 的 JPEG 或 PNG")
    return content


def next_card(city: str, year: int) -> str:
    """The next number of a city's cards: city, year, five figures."""
    begins = f"{city}{year}"
    numbers = Surveyor.objects.filter(city=city, card_number__startswith=begins)
    last = numbers.annotate(long=Length("card_number")).filter(long=len(begins) + 5).aggregate(last=Max("card_number"))
    return f"{begins}{int((last['last'] or begins + '00000')[-5:]) + 1:05d}"


def revoke(*, surveyor: Surveyor, reason: str, by: Officer) -> int:
    """Take a card away; unfinished tasks go back to their towns. Returns how many those are."""
    with deed(by=by, action="surveyor.revoke", permission="surveyor.manage") as note:
        note.objects.append(f"surveyor:{surveyor.pk}")
        require_area(by, surveyor.place)
        require_words(reason, "注销的理由")
        surveyor = Surveyor.objects.select_for_update().get(pk=surveyor.pk)
        if surveyor.revoked_on:
            raise Refused("这张调查证已经注销")
        surveyor.revoked_on, surveyor.revoked_for = timezone.localdate(), reason.strip()
        surveyor.save(update_fields=["revoked_on", "revoked_for"])
        held = list(Task.objects.filter(surveyor=surveyor, state__in=OPEN).values_list("pk", flat=True))
        back = move_many(held, "take_back", by, surveyor=None, note={"why": "调查证注销"})
        note.details.update(tasks=len(back))
        return len(back)


def add_contractor(*, name: str, uscc: str, by: Officer) -> Contractor:
    """Put a body on the city's list; it gets no tasks until an agreement is on file."""
    with deed(by=by, action="contractor.add", permission="contractor.manage") as note:
        code = _credit_code(uscc)
        if not name.strip():
            raise Refused("请填写机构名称")
        if Contractor.objects.filter(city=by.area[:4], uscc=code).exists():
            raise Refused("这家机构已经登记过")
        made = Contractor.objects.create(city=by.area[:4], name=name.strip()[:128], uscc=code, added_by=by)
        note.objects.append(f"contractor:{made.pk}")
        return made


def _credit_code(written: str) -> str:
    try:
        return CreditCode(written.strip().upper()).value
    except NumberError as problem:
        raise Refused(f"统一社会信用代码：{problem}") from problem


def file_agreement(
    *, contractor: Contractor, number: str, signed_on: date, valid_to: date, content: bytes, by: Officer
) -> None:
    """Keep a confidentiality agreement, sealed. 粤人社办〔2017〕96号 四（一）."""
    with deed(by=by, action="contractor.agreement", permission="contractor.manage") as note:
        note.objects.append(f"contractor:{contractor.pk}")
        if contractor.city != by.area[:4]:
            raise Refused("不在您的管辖范围内")
        kind = media_type(content)
        if kind is None or len(content) > LARGEST:
            raise Refused("保密协议请上传不超过 5 MB 的 PDF、JPEG 或 PNG")
        if not number.strip() or not signed_on <= valid_to:
            raise Refused("请填写协议编号，到期日应在签订日以后")
        refuse_identity_numbers(number, "协议编号")
        contractor.agreement_no, contractor.signed_on, contractor.valid_to = number.strip()[:60], signed_on, valid_to
        contractor.sealed_agreement = seal(content, place_of(contractor, "sealed_agreement"))
        contractor.media_type = kind
        contractor.save()


def _check(person: Person, by: Officer) -> None:
    require_area(by, person.place)
    if person.place not in places().by_code or len(person.place) < 6:
        raise Refused("工作地方请选到县（市、区）、街道（乡镇）或社区（村）")
    if not person.name.strip() or len(person.name) > 64:
        raise Refused("请填写姓名")
    refuse_identity_numbers(f"{person.name}；{person.unit}；{person.card_number}", "姓名、单位和调查证编号")
    if len(person.mobile) != 11 or not person.mobile.isascii() or not person.mobile.isdigit():
        raise Refused("请填写 11 位手机号码")
    if person.valid_to < person.valid_from:
        raise Refused("有效期的结束日期应在开始日期以后")
    if person.contractor and person.contractor.city != by.area[:4]:
        raise Refused("外包机构不是本市登记的")
    _check_account(person, by)


def _check_account(person: Person, by: Officer) -> None:
    if person.officer is None:
        return
    if person.officer.duty != "surveyor" or not person.officer.area.startswith(by.area[:4]):
        raise Refused("账号的岗位应是本市的调查员")
    if Surveyor.objects.filter(officer=person.officer).exists():
        raise Refused("这个账号已经是另一位调查员的")
