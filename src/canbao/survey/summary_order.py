"""The order of the summary sheets (附件4), in which forms are printed, sorted and filed: defined here and nowhere else.

By place, then the household's address as somebody walks along the doors (2号 before 10号), then the number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from canbao.survey.models import Campaign, Task
from canbao.survey.tasks import with_people

Row = dict[str, Any]


def summary_order(campaign: Campaign, place: str) -> list[int]:
    """The keys of a campaign's tasks in a place, in order; within the caller's area, and nobody is named."""
    return [row["task"].pk for row in in_order(Task.objects.filter(campaign=campaign, place__startswith=place))]


def in_order(tasks: Sequence[Task]) -> list[Row]:
    """Tasks with the items of their people (tasks.with_people), in the order of the summary sheets."""
    return sorted(with_people(tasks), key=_place_door_number)


def _place_door_number(row: Row) -> tuple[Any, ...]:
    return row["task"].place, along_the_doors(row["hukou_address"] or ""), row["ssn"] or "", row["task"].pk


def along_the_doors(address: str) -> tuple[tuple[str, int], ...]:
    """An address as a key to sort by: figures, also wide ones, count as numbers and not letter by letter."""
    parts = re.findall(r"([^0-9]*)([0-9]*)", unicodedata.normalize("NFKC", address))
    return tuple((words, int(figures) if figures else -1) for words, figures in parts if words or figures)
