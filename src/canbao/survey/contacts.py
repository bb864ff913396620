"""Whom residents of a place ring or go to: as towns have entered it, found from the village upwards."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q

from canbao.survey.models import Campaign, Contact


def contacts_within(campaign: Campaign, place: str) -> list[Contact]:
    """The contacts of a place, of those in it and of those that it lies in, in the order of codes."""
    above = [place[:digits] for digits in (4, 6, 9) if digits < len(place)]
    found = Contact.objects.filter(Q(place__startswith=place) | Q(place__in=above), campaign=campaign)
    return list(found.order_by("place"))


def contact_of(place: str, known: Sequence[Contact]) -> Contact | None:
    """Who is nearest to a place: its own contact, else that of the town, the county, the city."""
    return max((one for one in known if place.startswith(one.place)), key=lambda one: len(one.place), default=None)
