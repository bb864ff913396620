"""What a request's page shows of what is asked for, by its kind; a kind without a part is told in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from canbao.office.corrections.part import correction_part
from canbao.office.merges.part import merge_part
from canbao.office.partners.part import agreement_part
from canbao.office.place_changes.showing import shown as changed_places
from canbao.office.protections.part import protection_part
from canbao.office.requests.showing import content_in_words, kind_label
from canbao.office.splits.part import split_part
from canbao.registry.models import Officer, Request
from canbao.registry.places_now import places
from canbao.registry.requests import OF_PROTECTION


@dataclass(frozen=True)
class Part:
    """A template, and what it needs of a request that an officer looks at; the function writes its own looks down."""

    template: str
    context: Callable[[Request, Officer], dict[str, Any]]


def general_part(request: Request, by: Officer) -> dict[str, Any]:
    """What is asked for, in words."""
    return {"content": content_in_words(request.content)}


def package_part(request: Request, by: Officer) -> dict[str, Any]:
    """Which package it is about; how it compares stands on its own page."""
    package = request.package
    return {"package": package, "division": places().name(package.division_code) if package else ""}


def place_part(request: Request, by: Officer) -> dict[str, Any]:
    """Which places change into which."""
    return changed_places(request)


def undoing_part(request: Request, by: Officer) -> dict[str, Any]:
    """What was decided and is to be taken back, drawn as it was then."""
    undone = request.undoes
    if undone is None:
        return {}
    return {"undone": undone, "undone_kind": kind_label(undone.kind), **part_of(undone, by)}


PARTS: dict[str, Part] = {
    "merge": Part("office/merges/part.html", merge_part),
    "split": Part("office/splits/part.html", split_part),
    "correction": Part("office/corrections/part.html", correction_part),
    "objection": Part("office/corrections/part.html", correction_part),
    **dict.fromkeys(OF_PROTECTION, Part("office/protections/part.html", protection_part)),
    "agreement": Part("office/partners/request_part.html", agreement_part),
    "unagreement": Part("office/partners/request_part.html", agreement_part),
    "unmerge": Part("office/requests/undoing.html", undoing_part),
    "unsplit": Part("office/requests/undoing.html", undoing_part),
    "uncorrection": Part("office/requests/undoing.html", undoing_part),
    "withdrawal": Part("office/requests/package.html", package_part),
    "doubtful_package": Part("office/requests/package.html", package_part),
    "place_change": Part("office/place_changes/request_part.html", place_part),
    "place_list": Part("office/place_changes/request_part.html", place_part),
    "unplace_change": Part("office/place_changes/request_part.html", place_part),
}
"""One line for a kind."""
GENERAL = Part("office/requests/general.html", general_part)


def part_of(request: Request, by: Officer) -> dict[str, Any]:
    """The part's template, as `part`, and what it draws, as `asked`.

    Who sees no records (a duty without `person.see`) is shown nothing of what is asked about a person.
    """
    if request.person_id and not by.may("person.see"):
        return {"part": "office/requests/unseen.html", "asked": {}}
    part = PARTS.get(request.kind, GENERAL)
    return {"part": part.template, "asked": part.context(request, by)}
