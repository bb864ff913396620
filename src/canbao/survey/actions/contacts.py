"""Towns say whom their residents ring or go to."""

from __future__ import annotations

from dataclasses import dataclass

from canbao.registry.access import Refused, require_area
from canbao.registry.deeds import deed, refuse_identity_numbers
from canbao.registry.models import Officer
from canbao.registry.places_now import places
from canbao.survey.models import Campaign, Contact
from canbao.survey.tasks import own_campaign

MOST = {"name": 64, "phone": 40, "address": 150, "hours": 60}


@dataclass(frozen=True)
class Reach:
    """How residents reach somebody: who, by which telephone, where, when."""

    name: str
    phone: str
    address: str = ""
    hours: str = ""


def set_contact(*, campaign: Campaign, place: str, reach: Reach, by: Officer) -> Contact:
    """Write down whom residents of a county, town or village reach; it takes the place of what stood there."""
    with deed(by=by, action="contact.set", permission="paper.print") as note:
        campaign = own_campaign(campaign.pk, by)
        note.objects.append(f"campaign:{campaign.pk}")
        note.details.update(place=place)
        _require_place(campaign, place, by)
        said = {name: text.strip() for name, text in vars(reach).items()}
        _check(said)
        return Contact.objects.update_or_create(campaign=campaign, place=place, defaults={**said, "by": by})[0]


def drop_contact(*, campaign: Campaign, place: str, by: Officer) -> None:
    """Take a contact away; residents are told of that of the place above."""
    with deed(by=by, action="contact.drop", permission="paper.print") as note:
        campaign = own_campaign(campaign.pk, by)
        note.objects.append(f"campaign:{campaign.pk}")
        note.details.update(place=place)
        _require_place(campaign, place, by)
        Contact.objects.filter(campaign=campaign, place=place).delete()


def _require_place(campaign: Campaign, place: str, by: Officer) -> None:
    require_area(by, place)
    if not place.startswith(campaign.area) or place not in places().by_code:
        raise Refused("请选择本批次内的县（市、区）、街道（乡镇）或社区（村）")


def _check(said: dict[str, str]) -> None:
    if not said["name"] or not said["phone"]:
        raise Refused("请填写联系人和电话")
    long = [name for name, most in MOST.items() if len(said[name]) > most]
    if long:
        raise Refused("联系人、电话、地址或办理时间写得太长")
    refuse_identity_numbers("；".join(said.values()), "联系方式")
