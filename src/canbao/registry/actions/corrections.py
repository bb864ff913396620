"""Asking that an item be corrected, and taking down what the insured object to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import connection
from django.utils import timezone

from canbao.core.dates import read_day
from canbao.core.names import normalise_name
from canbao.core.numbering.judge import judge
from canbao.core.text import normalise_text
from canbao.law.reader import read_law
from canbao.registry.access import Refused
from canbao.registry.actions.merges import area_of, see
from canbao.registry.actions.papers import File
from canbao.registry.actions.requests import Asked, put, require_words
from canbao.registry.database import row
from canbao.registry.deeds import Note, deed
from canbao.registry.derivation.stating import CORRECTABLE
from canbao.registry.joining import numbers_of
from canbao.registry.models import Officer, Request
from canbao.registry.places_now import places

PLACES = ("hukou_division_code", "hukou_town_code", "hukou_village_code")
VITAL = ("1", "2")
"""Alive or dead; the other values of 生存状态 come from those who know."""


def ask_correction(
    *, person_id: int, items: Mapping[str, str], reason: str, papers: Sequence[File], by: Officer
) -> Request:
    """Ask that items of a person stand as given, whatever sources say; raises Refused for a value that can't be."""
    with deed(by=by, action="correction.ask", permission="correction.ask") as note:
        return _ask("correction", person_id, items, {}, reason, papers, by, note)


def ask_objection(
    *, person_id: int, said: str, items: Mapping[str, str], papers: Sequence[File], by: Officer
) -> Request:
    """Take down what the insured, at the counter, says is wrong; `items` is what they want instead, if they know.

    It is answered in any case; the items stand if whoever decides agrees.
    """
    with deed(by=by, action="objection.ask", permission="objection.ask", purpose="objection") as note:
        require_words(said, "本人的意见")
        return _ask("objection", person_id, items, {"said": said.strip()}, said, papers, by, note)


def _ask(
    kind: str,
    person_id: int,
    items: Mapping[str, str],
    content: dict[str, str],
    reason: str,
    papers: Sequence[File],
    by: Officer,
    note: Note,
) -> Request:
    (home,) = see([person_id], by, note)
    with connection.cursor() as cursor:
        person_id = numbers_of(cursor, person_id)[0]
        cursor.execute("SELECT * FROM person WHERE id = %s", [person_id])
        record = row(cursor) or {}
    checked = {item: checked_value(item, value, record["ssn"]) for item, value in items.items()}
    differing = {item: value for item, value in checked.items() if value != str(record[item] or "")}
    if kind == "correction" and not differing:
        raise Refused("没有要更正的内容：填写的与登记的相同")
    note.details.update(items=sorted(differing))
    return put(
        Asked(kind, area_of(home), {**content, "items": differing}, person_id=person_id),
        reason=reason, papers=papers, by=by, note=note,
    )  # fmt: skip


def checked_value(item: str, written: str, ssn: str) -> str:
    """The value as it is kept; raises Refused, naming the item, for one that can't be.

    Dates are ISO days, codes those of the law's lists, places those of the tree. Birth and sex follow from a resident's
    number: if they are wrong, the number is.
    """
    spec = read_law().fields.get(item)
    if item not in CORRECTABLE or spec is None:
        raise Refused(f"{spec.label if spec else item}不能在这里更正；请在业务系统改正后重新报送")
    value = normalise_name(written) if item == "name" else normalise_text(written)
    if item.endswith("_date"):
        day = read_day(value)
        value = day.isoformat() if day else ""
        if day and day > timezone.localdate():
            raise Refused(f"{spec.label}不能在今天以后")
    if not value or not _is_possible(item, value):
        raise Refused(f"{spec.label}填得不对；请按{_form(item)}填写")
    _require_of_number(item, value, ssn, spec.label)
    return value


def _is_possible(item: str, value: str) -> bool:
    spec = read_law().fields[item]
    if item == "vital_status":
        return value in VITAL
    if item in PLACES:
        return value in places().by_code and len(value) == int(spec.type.removeprefix("C"))
    if item == "mobile":
        return len(value) == 11 and value.isascii() and value.isdigit() and value.startswith("1")
    if spec.codes:
        return value in {code.code for code in read_law().codes[spec.codes].codes}
    return len(value) <= 200


def _form(item: str) -> str:
    if item in PLACES:
        return "区划代码"
    if item.endswith("_date"):
        return "年-月-日"
    return "11位手机号码" if item == "mobile" else "代码表" if read_law().fields[item].codes else "实际情况"


def _require_of_number(item: str, value: str, ssn: str, label: str) -> None:
    if item in ("sex", "birth_date"):
        of_number = judge(ssn, as_of=timezone.localdate())
        known = {"sex": of_number.sex, "birth_date": str(of_number.birth_date or "")}[item]
        if known and known != value:
            raise Refused(f"{label}与号码不符；号码错了请走合并或分立，不能只改{label}")
