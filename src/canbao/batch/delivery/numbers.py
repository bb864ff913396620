"""The numbers of the persons: the plain ones judged by the engine, each of the others by core."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import duckdb

from canbao.batch.delivery.columns import Check
from canbao.batch.delivery.engine import BATCH_ROWS, stream
from canbao.batch.delivery.row_error import RowError, worded
from canbao.batch.steps import expressions as to
from canbao.core.numbering.judge import Judgement, judge
from canbao.law.reader import Law

LONGEST_NUMBER = 32
"""Characters, as the law has it; a longer one is told of for its length and never reaches core."""


def with_digits(relation: str, as_of: date) -> str:
    """Persons with the 17 digits of their number, and whether it is plainly that of a resident."""
    digits = f"SELECT *, {to.digits17('ssn')} AS digits FROM {relation}"
    plain = f"strlen(ssn) = 18 AND {to.plainly_resident('ssn', 'digits', as_of)}"
    return f"(SELECT *, coalesce({plain}, FALSE) AS plain FROM ({digits}) AS digits)"


PLAIN_CHECKS = (
    Check("birth_date_differs", "birth_date", f"plain AND birth_date IS DISTINCT FROM {to.birth_date('digits')}"),
    Check("sex_differs", "sex", f"plain AND sex IS DISTINCT FROM {to.sex('digits')}"),
)
"""What a plain number says of its holder."""


def odd_number_errors(
    connection: duckdb.DuckDBPyConnection, numbered: str, as_of: date, law: Law
) -> Iterator[RowError]:
    """What is wrong with the numbers that are not plain; `numbered` is what `with_digits` gives."""
    odd = f"NOT plain AND length(ssn) <= {LONGEST_NUMBER}"
    query = f"SELECT place, ssn, birth_date, sex FROM {numbered} AS numbered WHERE {odd}"
    countries = frozenset(code.code for code in law.codes["country"].codes)
    for batch in stream(connection, query, BATCH_ROWS):
        for row in batch.to_pylist():
            judgement = judge(row["ssn"], as_of=as_of, countries=countries)
            yield from _errors(judgement, row["place"], row["ssn"], row["birth_date"], row["sex"])


def _errors(judgement: Judgement, row: int, ssn: str, birth_date: date | None, sex: str | None) -> Iterator[RowError]:
    if judgement.number is None:
        why = "；".join(finding.message for finding in judgement.findings)
        yield worded("persons", "number_wrong", row=row, ssn=ssn, field="ssn", value=ssn, why=why)
    elif judgement.normalised != ssn:
        yield worded("persons", "number_spelling", row=row, ssn=ssn, field="ssn", value=ssn, why=judgement.normalised)
    said = {"birth_date": (judgement.birth_date, birth_date), "sex": (judgement.sex, sex)}
    for field, (in_number, given) in said.items():
        if in_number is not None and in_number != given:
            shown = None if given is None else str(given)
            yield worded("persons", f"{field}_differs", row=row, ssn=ssn, field=field, value=shown)
