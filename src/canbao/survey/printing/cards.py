"""附件1: the cards of surveyors whose card holds today."""

from __future__ import annotations

from collections.abc import Sequence

from canbao.paper.documents.card import Card
from canbao.registry.models.proving import place_of
from canbao.registry.secrets.envelope import opened
from canbao.survey.models import Surveyor
from canbao.survey.printing.batches import Key, Made, Setting, Wish
from canbao.survey.surveyors import fit_today, own_surveyors


def chosen(setting: Setting, wish: Wish) -> list[Key]:
    """All surveyors of a place whose card holds, or those of them that are named."""
    found = fit_today(own_surveyors(setting.by), setting.day)
    found = found.filter(city=setting.campaign.city, place__startswith=wish.place)
    if wish.surveyors:
        found = found.filter(pk__in=wish.surveyors)
    return list(found.values_list("pk", flat=True))


def seen(setting: Setting, keys: Sequence[Key]) -> list[Key]:
    """Those whose card still holds: one that was revoked meanwhile is not printed."""
    known = set(fit_today(own_surveyors(setting.by), setting.day).filter(pk__in=keys).values_list("pk", flat=True))
    return [key for key in keys if key in known]


def made(setting: Setting, keys: Sequence[Key]) -> list[Made]:
    """A card for each surveyor."""
    known = {one.pk: one for one in fit_today(own_surveyors(setting.by), setting.day).filter(pk__in=keys)}
    return [
        Made(_card(setting, known[key]), ((f"调查证 {known[key].card_number}", ""),)) for key in keys if key in known
    ]


def _card(setting: Setting, one: Surveyor) -> Card:
    photo = opened(one.sealed_photo, place_of(one, "sealed_photo")) if one.sealed_photo else None
    unit = one.contractor.name if one.contractor else one.unit
    return Card(
        number=one.card_number, name=one.name, unit=unit, valid_from=one.valid_from, valid_until=one.valid_to,
        phone=setting.campaign.phone, issuer=setting.issuer, photo=photo, seal=setting.seal,
    )  # fmt: skip


def nobody(keys: Sequence[Key]) -> list[int]:
    """No resident is named on a card."""
    return []
