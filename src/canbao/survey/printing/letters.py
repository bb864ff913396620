"""附件2 and 附件3: letters to residents, and notices left at their doors; each somebody's, or blank."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from canbao.paper.documents.letter import Letter
from canbao.paper.documents.notice import Notice
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
    return [Made(_letter(setting, row["name"] or ""), _named(row)) for row in _rows(setting, keys)]


def notices(setting: Setting, keys: Sequence[Key]) -> list[Made]:
    """A notice for each task, or a blank one of the place, with whom to ring there."""
    known = contacts_within(setting.campaign, setting.place)
    return [
        Made(
            _notice(setting, row["task"].place if row["task"] else setting.place, row["name"] or "", known), _named(row)
        )
        for row in _rows(setting, keys)
    ]


def _rows(setting: Setting, keys: Sequence[Key]) -> list[dict[str, Any]]:
    return [NOBODY] if list(keys) == [0] else rows_of(setting, keys)


def _named(row: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    return ((number(row["task"].pk) if row["task"] else "空白", ""),)


def _letter(setting: Setting, recipient: str) -> Letter:
    campaign = setting.campaign
    return Letter(
        city=name_of(campaign.city), begins=campaign.starts_on, ends=campaign.ends_on, phone=campaign.phone,
        issuer=setting.issuer, day=setting.day, recipient=recipient, seal=setting.seal,
    )  # fmt: skip


def _notice(setting: Setting, place: str, recipient: str, known: Sequence[Contact]) -> Notice:
    campaign, reached = setting.campaign, contact_of(place, known)
    town = name_of(place[:TOWN]) if len(place) >= TOWN else ""
    return Notice(
        recipient=recipient, street=town, village=name_of(place) if len(place) > TOWN else "",
        contact=reached.name if reached else "工作人员", phone=reached.phone if reached else campaign.phone,
        address=(reached and reached.address) or "所在社区（村）服务点",
        hours=(reached and reached.hours) or "工作时间",
        begins=campaign.starts_on, ends=campaign.ends_on, deadline=campaign.ends_on, day=setting.day,
        issuer=town or setting.issuer,
    )  # fmt: skip
