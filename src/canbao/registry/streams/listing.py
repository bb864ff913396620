"""Rows of a department's list on their way: normalised and kept, handed on to the inbox, told apart by outcome.

A row of a run goes the way of a pushed one. Its key in the inbox is `run:<run>:<row>`, so that it is handed on once,
however often somebody tries; its number there lies beyond all that partners may use, and says run and row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from canbao.core.masks import hide_identity_numbers
from canbao.core.pushed import INSURANCE, ITEMS, Unreadable
from canbao.law.reader import read_law
from canbao.registry.actions.admission.changes import OTHER_NAME, UNKNOWN
from canbao.registry.database import by_index
from canbao.registry.days import midnight
from canbao.registry.models import Agreement, ExchangeRun
from canbao.registry.streams.rows import LARGEST_SEQ, Envelope, digest_of, kept_form, said_by

ROWS_OF_A_RUN = 10**7
TAKEN, OLDER, ABSENT, OTHER, ASIDE, REFUSED = "taken", "older", "unknown", "other_name", "aside", "refused"
OUTCOMES = {
    TAKEN: "比对上，已采用", OLDER: "已有更新的资料", ABSENT: "没有登记", OTHER: "姓名不同", ASIDE: "已搁置",
    REFUSED: "读不懂，未采用",
}  # fmt: skip
"""What becomes of a row, in words."""


@dataclass(frozen=True)
class ListRow:
    """A row of a list as it is kept: what it says, or why it can't be taken."""

    row: int
    ssn: str | None
    digest: bytes | None = None
    said: str | None = None
    says: str = ""

    @property
    def outcome(self) -> str:
        """What is known of it already."""
        return REFUSED if self.says else ""


def source_label(source: str) -> str:
    """What a list is called."""
    return "户籍变动" if source == ITEMS else read_law().sources[source].label


def headers_of(source: str) -> str:
    """The source of the law by whose headers a list is read: what is said of people, by those of the household list."""
    return "household" if source == ITEMS else source


def may_be_full(source: str) -> bool:
    """Whether a list can be complete: of a person there is one entry then."""
    return source not in (ITEMS, INSURANCE)


def moment_of(run: ExchangeRun) -> datetime:
    """The moment as of which a run's rows are said."""
    return midnight(run.as_of)


def place_in_run(number: int) -> tuple[int, int] | None:
    """The run and the row of a number in the register; None for the number of a row that was pushed."""
    return divmod(number - LARGEST_SEQ, ROWS_OF_A_RUN) if number > LARGEST_SEQ else None


def read_row(run: ExchangeRun, agreement: Agreement, number: int, values: Mapping[str, str]) -> ListRow:
    """A row of a run's file, in its normal form if it may be said."""
    agreed = {"ssn", "name", *agreement.items_in}
    told = {column: value for column, value in values.items() if run.source != ITEMS or column in agreed}
    ssn = re.sub(r"\s", "", values.get("ssn", "")).upper() or None
    try:
        envelope = _envelope(run, told, ends=False)
        said = said_by(envelope, agreement)
    except Unreadable as problem:
        return ListRow(number, ssn, says=hide_identity_numbers(str(problem)))
    return ListRow(number, said.ssn, envelope.digest, kept_form(said, envelope))


def _envelope(run: ExchangeRun, row: Mapping[str, Any], *, ends: bool) -> Envelope:
    at = moment_of(run)
    written = {"at": at.isoformat(), "source": run.source, "ends": ends, "row": dict(row)}
    return Envelope("", 0, at, run.source, ends, row, digest_of(written))


def keep_rows(run: ExchangeRun, rows: Iterable[ListRow]) -> None:
    """Keep rows of a run, within the caller's transaction."""
    told = [(one.row, one.ssn, one.digest, one.said, one.outcome, one.says) for one in rows]
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [run.pk, *(map(list, zip(*told, strict=True)) if told else [[]] * 6)])


def forget_rows(run: ExchangeRun) -> None:
    """Remove all rows of a run: its file is read anew, or nothing comes of it."""
    _run("DELETE FROM exchange_run_row WHERE run_id = %(run)s", run)


def keep_leaving(run: ExchangeRun) -> int:
    """Keep a row for each whom the partner has said on an earlier list and the complete one leaves out.

    Whoever stands in a row that could not be taken is on the list all the same. Returns how many there are.
    """
    _run("DELETE FROM exchange_run_row WHERE run_id = %(run)s AND ends", run)
    with connection.cursor() as cursor, by_index(cursor):
        return _run(_LEAVING, run, division=run.partner.division_code, source=run.source, at=moment_of(run))


def standing_people(run: ExchangeRun) -> int:
    """Of how many people the partner's list says something by now."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, [run.partner_id, run.source])
        return int(cursor.fetchone()[0])


def different_people(run: ExchangeRun) -> tuple[int, int]:
    """How many different people a list has, and how many rows of which it isn't known whom they are about."""
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE, [run.pk])
        people, unclear = cursor.fetchone()
        return int(people), int(unclear)


def hand_on(run: ExchangeRun, most: int) -> int:
    """Hand the next rows on to the inbox, within the caller's transaction; returns the last one's number, or 0."""
    with connection.cursor() as cursor:
        first = LARGEST_SEQ + run.pk * ROWS_OF_A_RUN
        given = {"run": run.pk, "partner": run.partner_id, "after": run.handed, "most": most, "first": first}
        cursor.execute(_HAND_ON, given)
        cursor.execute("NOTIFY pushed")
        cursor.execute(_LAST, given)
        return int(cursor.fetchone()[0] or 0)


def still_waiting(run: ExchangeRun) -> bool:
    """Whether rows that were handed on have not been carried out."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, {"run": run.pk, "partner": run.partner_id})
        return bool(cursor.fetchone()[0])


def tell_apart(run: ExchangeRun) -> None:
    """Write down what became of the rows that were handed on and have been carried out."""
    given = {"unknown": UNKNOWN, "other_name": OTHER_NAME, "handed": run.handed}
    with connection.cursor() as cursor, by_index(cursor):
        _run(_OUTCOMES, run, **given)


def counted(run: ExchangeRun) -> dict[str, int]:
    """How many rows there are of each outcome; those of people who left, under `left`."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, [run.pk])
        return {outcome: int(many) for outcome, many in cursor.fetchall()}


def forget_content(run: ExchangeRun) -> None:
    """Keep of the rows only what became of them."""
    _run("UPDATE exchange_run_row SET said = NULL, ssn = NULL, digest = NULL WHERE run_id = %(run)s", run)


def _run(query: str, run: ExchangeRun, **more: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query, {"run": run.pk, "partner": run.partner_id, **more})
        return int(cursor.rowcount)


_KEY = "'run:' || row.run_id || ':' || row.row"
_KEEP = """
INSERT INTO exchange_run_row (run_id, row, ssn, digest, said, outcome, says)
SELECT %s, row, ssn, digest, said::jsonb, outcome, says FROM unnest(%s::bigint[], %s::text[], %s::bytea[], %s::text[],
    %s::text[], %s::text[]) AS each (row, ssn, digest, said, outcome, says)
"""
_STANDING = (
    "SELECT count(DISTINCT person_id) FROM live_fact WHERE partner_id = %s AND subject = %s AND content IS NOT NULL"
)
_PEOPLE = """
SELECT count(DISTINCT ssn), count(*) FILTER (WHERE outcome = 'refused' AND (ssn IS NULL OR NOT EXISTS (
    SELECT FROM person_identifier WHERE person_identifier.ssn = exchange_run_row.ssn)))
FROM exchange_run_row WHERE run_id = %s AND NOT ends
"""
_LEAVING = """
INSERT INTO exchange_run_row (run_id, row, ends, ssn, digest, said)
SELECT %(run)s, (SELECT coalesce(max(row), 1) FROM exchange_run_row WHERE run_id = %(run)s)
        + row_number() OVER (ORDER BY live.person_id), TRUE, live.ssn, sha256(convert_to('ends', 'UTF8')),
    jsonb_build_object('ssn', live.ssn, 'name', live.name, 'sex', live.sex, 'birth_date', live.birth_date,
        'at', %(at)s::timestamptz, 'facts', jsonb_build_array(jsonb_build_object('subject', live.subject,
        'content', NULL)))
FROM live_fact AS live WHERE live.partner_id = %(partner)s AND live.subject = %(source)s
AND live.division_code = %(division)s AND live.content IS NOT NULL AND live.at <= %(at)s
AND NOT EXISTS (SELECT FROM exchange_run_row AS row WHERE row.run_id = %(run)s AND row.ssn = live.ssn)
AND NOT EXISTS (SELECT FROM exchange_run_row AS row JOIN person_identifier AS number ON number.ssn = row.ssn
    WHERE row.run_id = %(run)s AND number.person_id = live.person_id)
"""
_HAND_ON = f"""
INSERT INTO inbox (partner_id, key, seq, digest, said)
SELECT %(partner)s, {_KEY}, %(first)s + row.row, row.digest, row.said FROM (SELECT * FROM exchange_run_row
    WHERE run_id = %(run)s AND row > %(after)s ORDER BY row LIMIT %(most)s) AS row
WHERE row.outcome = '' ORDER BY row.row ON CONFLICT DO NOTHING
"""
_LAST = """
SELECT max(row) FROM (SELECT row FROM exchange_run_row WHERE run_id = %(run)s AND row > %(after)s
    ORDER BY row LIMIT %(most)s) AS next
"""
_OWN = (
    "inbox.partner_id = %(partner)s AND inbox.key >= 'run:' || %(run)s || ':' AND inbox.key < 'run:' || %(run)s || ';'"
)
_WAITING = f"SELECT EXISTS (SELECT FROM inbox WHERE {_OWN} AND inbox.state = 'kept')"
_OUTCOMES = f"""
UPDATE exchange_run_row AS row SET person_id = inbox.person_id, says = inbox.says,
    outcome = CASE WHEN inbox.state IN ('taken', 'older') THEN inbox.state WHEN inbox.says = %(unknown)s THEN 'unknown'
        WHEN inbox.says = %(other_name)s THEN 'other_name' ELSE 'aside' END
FROM inbox WHERE row.run_id = %(run)s AND row.outcome = '' AND row.row <= %(handed)s AND inbox.partner_id = %(partner)s
AND inbox.key = {_KEY}
AND inbox.state <> 'kept'
"""
_COUNTS = """
SELECT CASE WHEN ends AND outcome IN ('taken', '') THEN 'left' ELSE outcome END, count(*)
FROM exchange_run_row WHERE run_id = %s GROUP BY 1
"""
