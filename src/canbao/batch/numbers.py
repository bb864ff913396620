"""The numbers that are not plainly resident numbers, judged one by one by core and handed back as a table."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pyarrow as pa

from canbao.batch.steps.expressions import FIRST_FOREIGN_KEY
from canbao.batch.steps.rows import FIELD_END, FINDING_END
from canbao.core.numbering.judge import Judgement, judge

JUDGED = pa.schema(
    [
        ("written", pa.string()),
        ("key", pa.int64()),
        ("sex", pa.string()),
        ("birth_date", pa.date32()),
        ("found", pa.string()),
    ]
)
OTHERS = pa.schema([("key", pa.int64()), ("ssn", pa.string())])


def judge_numbers(written: Iterable[str], as_of: date, countries: frozenset[str]) -> tuple[pa.Table, pa.Table]:
    """Tables `judged` (each written form with its key) and `other_numbers` (keys that are not 17 digits).

    The other numbers begin with a letter and so sort after all digits; counting them in order keeps the order of
    keys the order of numbers.
    """
    judgements = {form: judge(form, as_of=as_of, countries=countries) for form in written}
    others = sorted({one.normalised for one in judgements.values() if one.number and not _is_digits(one.normalised)})
    keys = {number: FIRST_FOREIGN_KEY + place for place, number in enumerate(others)}
    rows = [_row(form, judgement, keys) for form, judgement in sorted(judgements.items())]
    judged = pa.Table.from_pylist(rows, schema=JUDGED)
    return judged, pa.Table.from_pylist([{"key": key, "ssn": number} for number, key in keys.items()], schema=OTHERS)


def _row(form: str, judgement: Judgement, keys: dict[str, int]) -> dict[str, object]:
    number = judgement.normalised if judgement.number else None
    key = None if number is None else int(number[:17]) if _is_digits(number) else keys[number]
    return {
        "written": form,
        "key": key,
        "sex": judgement.sex,
        "birth_date": judgement.birth_date,
        "found": _found(form, judgement),
    }


def _found(form: str, judgement: Judgement) -> str | None:
    packed = [
        FIELD_END.join((check, "ssn", form.replace(FIELD_END, "").replace(FINDING_END, ""), message)) + FINDING_END
        for _, check, message in judgement.findings
    ]
    return "".join(packed) or None


def _is_digits(number: str) -> bool:
    return len(number) == 18 and number[:17].isdigit()
