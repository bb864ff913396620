"""附件2 and 附件3: letters to residents, and notices left at their doors; each somebody's, or blank."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings

from canbao.paper.documents.contents import SelfFilling
from canbao.paper.documents.letter import Letter
from canbao.paper.documents.notice import Notice
from canbao.survey.actions.self_filling import make_codes
from canbao.survey.contacts import contact_of, contacts_within
from canbao.survey.marks import number
from canbao.survey.models import Contact
from canbao.survey.printing.batches import Key, Made, Setting
from canbao.survey.printing.places import name_of
from canbao.survey.printing.tasks import rows_of

TOWN = 9
NOBODY: dict[str, Any] = {"task": None, "name": ""}


def letters(setting: Setting, keys: Sequence[Key]) -> list[Made]:
    """A letter for each task, or one to all residents."""
    invited = invitations(setting, keys)
    return [
        Made(_letter(setting, row["name"] or "", invited.get(_task(row))), _named(row)) for row in _rows(setting, keys)
    ]


def notices(setting: Setting, keys: Sequence[Key]) -> list[Made]:
    """A notice for each task, or a blank one of the place, with whom to ring there."""
    known = contacts_within(setting.campaign, setting.place)
    invited = invitations(setting, keys)
    rows = _rows(setting, keys)
    return [Made(_notice(setting, row, known, invited.get(_task(row))), _named(row)) for row in rows]


def invitations(setting: Setting, keys: Sequence[Key]) -> dict[int, SelfFilling]:
    """By which codes those of some tasks may fill in their own forms, where the campaign lets them; by task."""
    if setting.batch is None or not setting.campaign.self_filling or list(keys) == [0]:
        return {}
    codes = make_codes(campaign=setting.campaign, tasks=keys, by=setting.by, batch=setting.batch)
    address = f"{settings.PUBLIC_ADDRESS}/fill/"
    return {task: SelfFilling(address, code, setting.campaign.ends_on) for task, code in codes.items()}


def _task(row: dict[str, Any]) -> int:
    return row["task"].pk if row["task"] else 0


def _rows(setting: Setting, keys: Sequence[Key]) -> list[dict[str, Any]]:
    return [NOBODY] if list(keys) == [0] else rows_of(setting, keys)


def _named(row: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    return ((number(row["task"].pk) if row["task"] else "空白", ""),)


def _letter(setting: Setting, recipient: str, invited: SelfFilling | None) -> Letter:
    campaign = setting.campaign
    return Letter(
        city=name_of(campaign.city), begins=campaign.starts_on, ends=campaign.ends_on, phone=campaign.phone,
        issuer=setting.issuer, day=setting.day, recipient=recipient, seal=setting.seal, invited=invited,
    )  # fmt: skip


def _notice(
    setting: Setting, row: dict[str, Any], known: Sequence[Contact], invited: SelfFilling | None
) -> Notice:  # fmt: skip
    campaign, place = setting.campaign, row["task"].place if row["task"] else setting.place
    reached = contact_of(place, known)
    town = name_of(place[:TOWN]) if len(place) >= TOWN else ""
    return Notice(
        recipient=row["name"] or "", street=town, village=name_of(place) if len(place) > TOWN else "",
        contact=reached.name if reached else "工作人员", phone=reached.phone if reached else campaign.phone,
        address=(reached and reached.address) or "所在社区（村）服务点",
        hours=(reached and reached.hours) or "工作时间",
        begins=campaign.starts_on, ends=campaign.ends_on, deadline=campaign.ends_on, day=setting.day,
        issuer=town or setting.issuer, invited=invited,
    )  # fmt: skip
