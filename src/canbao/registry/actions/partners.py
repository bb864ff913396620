"""Partners: opened, cut off at once and let on again. Without an agreement an open one still may nothing."""

from __future__ import annotations

import re

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from canbao.law.exchange import read_exchange
from canbao.law.places import PROVINCE
from canbao.registry.access import Refused, covers, require_area
from canbao.registry.actions.officers import OF_PARTNERS, require_level, require_place
from canbao.registry.deeds import Note, deed, refuse_identity_numbers, require_words
from canbao.registry.models import STREAMING, Officer, Package, Partner
from canbao.registry.places_now import places

CODE = re.compile(r"[a-z][a-z0-9-]{2,29}")
"""What a partner's code looks like; the account's name is made of it."""


def open_partner(
    *, code: str, label: str, kind: str, division_code: str, contact: str, area: str, by: Officer
) -> Partner:
    """Put a system of another office on the list, with the account that it acts by and its stream.

    It speaks in the name of `division_code` (a city, or 440000 for the province) about the people of `area` (leading
    digits). Raises Refused outside the officer's area, and for what is no code, kind, division or area.
    """
    with deed(by=by, action="partner.open", permission="partner.manage") as note:
        note.details.update(code=code, kind=kind, division=division_code, area=area)
        require_area(by, area)
        _require_known(kind, division_code, area, by)
        _require_named(code, label, contact)
        made = make_partner(code, label.strip(), kind, division_code, contact.strip(), area, by)
        note.objects += [f"partner:{made.pk}", f"officer:{made.officer_id}"]
        return made


def make_partner(code: str, label: str, kind: str, division_code: str, contact: str, area: str, by: Officer) -> Partner:
    """The partner, its account without a password, and the stream that stands where a package would."""
    username = f"partner-{code}"
    account = Officer.objects.create(
        username=username, display_name=label[:64], duty=OF_PARTNERS, area=area, staff_number=username,
        must_change_password=False, password=make_password(None),
    )  # fmt: skip
    stream = Package.objects.create(
        division_code=division_code, file_name=f"动态更新：{label}", size=0, sha256=f"stream:{code}", state=STREAMING,
        received_by=by,
    )  # fmt: skip
    return Partner.objects.create(
        code=code, label=label, kind=kind, division_code=division_code, contact=contact, officer=account,
        stream=stream, made_by=by,
    )  # fmt: skip


def change_contact(*, partner: Partner, contact: str, by: Officer) -> None:
    """Whom to ring about a partner from now on."""
    with deed(by=by, action="partner.contact", permission="partner.manage") as note:
        found = locked(partner, by, note)
        require_words(contact, "联系人和电话")
        found.contact = contact.strip()[:200]
        found.save(update_fields=["contact"])


def cut_off(*, partner: Partner, reason: str, by: Officer) -> None:
    """Refuse every request of a partner from this moment on."""
    with deed(by=by, action="partner.cut_off", permission="partner.cut_off") as note:
        found = locked(partner, by, note)
        require_words(reason, "停用的理由")
        if found.cut_off_at is not None:
            raise Refused("这个合作系统已经停用了")
        found.cut_off_at, found.cut_off_by, found.cut_off_reason = timezone.now(), by, reason.strip()
        found.save(update_fields=["cut_off_at", "cut_off_by", "cut_off_reason"])
        note.details.update(reason=reason.strip())


def let_on_again(*, partner: Partner, reason: str, by: Officer) -> None:
    """Take a partner's requests again, as far as agreements in force allow them."""
    with deed(by=by, action="partner.let_on", permission="partner.cut_off") as note:
        found = locked(partner, by, note)
        require_words(reason, "恢复的理由")
        if found.cut_off_at is None:
            raise Refused("这个合作系统没有停用")
        found.cut_off_at, found.cut_off_by, found.cut_off_reason = None, None, ""
        found.save(update_fields=["cut_off_at", "cut_off_by", "cut_off_reason"])
        note.details.update(reason=reason.strip())


def locked(partner: Partner, by: Officer, note: Note) -> Partner:
    """The partner as it is now, for this transaction alone; raises Refused outside the officer's area."""
    note.objects.append(f"partner:{partner.pk}")
    found = Partner.objects.select_for_update(of=("self",)).select_related("officer").get(pk=partner.pk)
    require_area(by, found.area)
    return found


def _require_known(kind: str, division_code: str, area: str, by: Officer) -> None:
    if read_exchange().system(kind) is None:
        raise Refused("请选择合作系统的种类")
    require_place(area)
    require_level(OF_PARTNERS, area)
    if division_code not in {PROVINCE, *(city.code for city in places().children(PROVINCE))}:
        raise Refused("请选择代表哪个区划：全省或一个地级以上市")
    if not covers(by.area, division_code) or not covers(digits_of(division_code), area):
        raise Refused("代表的区划要在您的管辖范围内，并管辖它的范围")


def digits_of(division_code: str) -> str:
    """The leading digits of the places of a division: 44 of 440000, 4406 of 440600."""
    return division_code[:2] if division_code == PROVINCE else division_code[:4]


def _require_named(code: str, label: str, contact: str) -> None:
    if not CODE.fullmatch(code):
        raise Refused("代号应以小写字母开头，由 3 至 30 个小写字母、数字或横线组成")
    if Partner.objects.filter(code=code).exists() or Officer.objects.filter(username=f"partner-{code}").exists():
        raise Refused(f"代号 {code} 已有人用")
    if not 2 <= len(label.strip()) <= 100:
        raise Refused("请写明名称（2 至 100 个字）")
    refuse_identity_numbers(label, "名称")
    require_words(contact, "联系人和电话")
