"""附件6: the announcement, with whom to ring in each town and village of a place."""

from __future__ import annotations

from collections.abc import Sequence

from canbao.paper.documents.announcement import Announcement, Contact
from canbao.survey import models
from canbao.survey.contacts import contacts_within
from canbao.survey.printing.batches import Key, Made, Setting, Wish
from canbao.survey.printing.places import name_of

TOWN = 9


def chosen(setting: Setting, wish: Wish) -> list[Key]:
    """One for the place."""
    return [wish.place]


def seen(setting: Setting, keys: Sequence[Key]) -> list[Key]:
    """All of them: nobody is named."""
    return list(keys)


def made(setting: Setting, keys: Sequence[Key]) -> list[Made]:
    """The announcement of each place."""
    return [Made(_announcement(setting, place), (("公告", ""),)) for place in keys]


def _announcement(setting: Setting, place: str) -> Announcement:
    campaign = setting.campaign
    inside = [one for one in contacts_within(campaign, place) if one.place.startswith(place)]
    return Announcement(
        city=name_of(campaign.city), begins=campaign.starts_on, ends=campaign.ends_on, phone=campaign.phone,
        issuer=setting.issuer, day=campaign.announced_on or setting.day, contacts=tuple(map(_contact, inside)),
        seal=setting.seal,
    )  # fmt: skip


def _contact(one: models.Contact) -> Contact:
    town = name_of(one.place[:TOWN]) if len(one.place) >= TOWN else name_of(one.place)
    return Contact(town, name_of(one.place) if len(one.place) > TOWN else "", one.name, one.phone, one.address)
