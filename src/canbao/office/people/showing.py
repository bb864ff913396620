"""Values as a page shows them: with the words for codes and places, and masked by the field's privacy class."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from canbao.core.conditions.chinese import value_label
from canbao.core.masks import STAR, mask_name, mask_within, masked
from canbao.law.duties import read_duties
from canbao.law.reader import read_law
from canbao.registry.places_now import OF_PLACES, called
from canbao.registry.streams.listing import place_in_run

NOTHING = "—"


def show(name: str, value: Any, *, whole: bool = False) -> str:
    """A field's value for the eye; what is no field of the law is hidden unless all is shown.

    A value of which something is masked is shown without its words, which would tell the rest.
    """
    if value is None or value == "":
        return NOTHING
    text, spec = as_text(value), read_law().fields.get(name)
    if not whole:
        hidden = masked(spec, text) if spec else STAR
        if hidden != text:
            return hidden
    return with_words(name, text)


def as_text(value: Any) -> str:
    """A value as text: days and moments in figures, yes and no in words."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return f"{timezone.localtime(value) if timezone.is_aware(value) else value:%Y-%m-%d %H:%M}"
    return value.isoformat() if isinstance(value, date) else str(value)


def with_words(name: str, text: str) -> str:
    """A code with its words, a place with its name."""
    if name.endswith(OF_PLACES):
        return f"{place_name(text)}（{text}）" if place_name(text) != text else text
    words = value_label(name, text, read_law())
    return words if text.isdigit() else words.removeprefix(f"{text} ")


def place_name(code: str) -> str:
    """What a place is called, with the county above it for a town or village; the code where nobody knows."""
    return called(code) or code


def show_text(text: str | None, *, whole: bool = False) -> str:
    """A message or an odd value: long figures are masked."""
    return (text if whole else mask_within(text)) if text else NOTHING


def show_name(name: str | None, *, whole: bool = False) -> str:
    """A name in a list that anybody of an area reads."""
    return (name if whole else mask_name(name)) if name else NOTHING


def label_of(name: str) -> str:
    """The field's Chinese name."""
    spec = read_law().fields.get(name)
    return spec.label if spec else name


def cause_label(cause: str) -> str:
    """Why somebody is protected, in words."""
    known = read_duties().causes.get(cause)
    return known.label if known else cause


def said_where(row: dict[str, Any]) -> str:
    """Which row of which file says something, or which system: of a department's list with its run and row."""
    partner, number = row.get("partner_label"), row["row"]
    if not partner:
        return f"{row['source']} 第{number}行"
    listed = place_in_run(number)
    if listed is None:
        return f"{partner}推送" + (f"（序号 {number}）" if number else "")
    return f"{partner}，比对批次 {listed[0]} 第{listed[1]}行"
