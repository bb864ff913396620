"""What would be registered if a form's answers came in as they are, by the law's tables, one person at a time."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.utils import timezone

from canbao.core.conditions import Record, holds, read_condition
from canbao.core.conditions.python import Value
from canbao.core.survey_form import Reading
from canbao.core.surveying import JUDGED
from canbao.core.tables import decide
from canbao.law.reader import Law, read_law
from canbao.registry.qualities import qualities_in, quality_bits
from canbao.survey.judging_forms import Row
from canbao.survey.opening import Opened


@dataclass(frozen=True)
class Outcome:
    """An item as it would be, with the words of the rule that decides, and what is registered now."""

    item: str
    label: str
    value: str | None
    now: str | None
    phrase: str


def would_be(opened: Opened, reading: Reading) -> list[Outcome]:
    """The items that the form decides about; none for a made person, of whom the register knows nothing."""
    if opened.task.person_id < 0 or reading.answers.get("survey_outcome") not in ("1", "5"):
        return []
    law = read_law()
    items: dict[str, Value] = {**opened.person}
    qualities = _qualities(opened.person, reading, law)
    found = []
    for item in JUDGED:
        table = law.tables[item]
        decision = decide(table, settings.PROFILE, Record(items, timezone.localdate(), qualities))
        items[item] = decision.value
        phrase = next((row.phrase for row in table.first_match if row.id == decision.rule), "")
        now = opened.person.get(item)
        found.append(Outcome(item, law.fields[item].label, decision.value, str(now) if now else None, phrase))
    return found


def _qualities(person: Row, reading: Reading, law: Law) -> frozenset[str]:
    """What sources say of the person, and what the form does in place of an earlier one."""
    with connection.cursor() as cursor:
        known = qualities_in(person["qualities"], quality_bits(cursor, law))
    told = Record(reading.answers, timezone.localdate())
    of_survey = [quality for quality in law.qualities.values() if quality.of == "survey"]
    said = {quality.id for quality in of_survey if holds(read_condition(quality.when), told)}
    return frozenset((known - {quality.id for quality in of_survey}) | said)
