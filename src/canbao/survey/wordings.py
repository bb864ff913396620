"""The words of a city's papers, in their versions, and in whose name they go out."""

from __future__ import annotations

from dataclasses import dataclass

from canbao.law.wording import default_wording
from canbao.registry.models.proving import place_of
from canbao.registry.secrets.envelope import opened
from canbao.survey.models import Issuer, Wording
from canbao.survey.printing.places import name_of


@dataclass(frozen=True)
class Words:
    """The words of a kind of paper; version 0 is the law's."""

    number: int
    words: dict[str, str]


def words_of(city: str, kind: str, number: int | None = None) -> Words:
    """A version of a city's words, or those that hold now; the law's where there are none.

    Texts that the law has added since stand in its words, those that it has dropped are gone.
    """
    found = Wording.objects.filter(city=city, kind=kind)
    if number is not None:
        found = found.filter(number=number)
    kept = found.order_by("-number").first()
    ours = default_wording(kind)
    if kept is None:
        return Words(0, ours)
    return Words(kept.number, {key: str(kept.words.get(key, words)) for key, words in ours.items()})


def versions_of(city: str, kind: str) -> list[Wording]:
    """All versions of a city's words, the latest first."""
    return list(Wording.objects.filter(city=city, kind=kind).select_related("by").order_by("-number"))


def issuer_of(city: str) -> Issuer | None:
    """In whose name the city's papers go out, as it was set last."""
    return Issuer.objects.filter(city=city).order_by("-pk").first()


def issuer_and_seal(city: str) -> tuple[str, bytes | None]:
    """The body under a city's papers, the city's bureau by default, and its seal as a picture, if it has one."""
    kept = issuer_of(city)
    if kept is None:
        return default_issuer(city), None
    return kept.name, opened(kept.sealed_seal, place_of(kept, "sealed_seal")) if kept.sealed_seal else None


def default_issuer(city: str) -> str:
    """The bureau that the guidance charges with the survey."""
    return f"{name_of(city)}人力资源和社会保障局"
