"""Comparing records with what they come from, to find edits made behind the application that the log can't tell of."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import groupby

from django.conf import settings
from django.db import connection

from canbao.law.reader import read_law
from canbao.registry.access import working
from canbao.registry.actions.admission.judging import DIGEST, departed
from canbao.registry.actions.admission.staging import touch
from canbao.registry.audit import watching
from canbao.registry.audit.watching import Report
from canbao.registry.database import Cursor
from canbao.registry.derivation import Judging
from canbao.registry.qualities import quality_bits

PIECE = 20_000
MOST_TOLD = 100


def verify(*, records: bool = False, facts: bool = False) -> Report:
    """Verify the log; with `records` also each record against its history, with `facts` against what all facts say."""
    report = watching.verify()
    faults, compared = list(report.faults), None
    if records:
        with working(), connection.cursor() as cursor:
            compared = compare_with_history(cursor, faults)
    if facts:
        compared = compare_with_facts(faults)
    return replace(report, faults=faults, records=compared)


def compare_with_history(cursor: Cursor, faults: list[str]) -> int:
    """Compare each record with what history says it was like after its last change; returns how many there are."""
    cursor.execute(
        f"SELECT person.id FROM person LEFT JOIN history ON history.person_id = person.id "
        f"AND history.version = person.version WHERE history.digest IS DISTINCT FROM {DIGEST} "
        f"ORDER BY 1 LIMIT {MOST_TOLD}"
    )
    faults += [f"登记记录 {id_} 与它的变更历史不符：有人绕过程序改过" for (id_,) in cursor.fetchall()]
    cursor.execute("SELECT count(*) FROM person")
    return int(cursor.fetchone()[0])


def compare_with_facts(faults: list[str]) -> int:
    """Derive each record anew from all facts, as of the day it was judged on; returns how many there are.

    Works piece by piece, each in a transaction of its own, and locks nobody out. A record that was judged by an
    earlier edition of the law is told of too: it has yet to be judged by the present one.
    """
    compared, told, after = 0, 0, 0
    while piece := _piece(after):
        for day, people in groupby(sorted(piece, key=lambda one: one[1]), key=lambda one: one[1]):
            found = _departed([id_ for id_, _ in people], day)
            faults += [f"登记记录 {id_} 不是现有资料按规则得出的结果" for id_ in found[: MOST_TOLD - told]]
            told = min(told + len(found), MOST_TOLD)
        compared, after = compared + len(piece), piece[-1][0]
    return compared


def _piece(after: int) -> list[tuple[int, date]]:
    with working(), connection.cursor() as cursor:
        cursor.execute("SELECT id, judged_on FROM person WHERE id > %s ORDER BY id LIMIT %s", [after, PIECE])
        return cursor.fetchall()


def _departed(people: list[int], day: date) -> list[int]:
    law = read_law()
    with working(), connection.cursor() as cursor:
        touch(cursor, people, only_look=True)
        return departed(cursor, Judging(law, settings.PROFILE, day, quality_bits(cursor, law)))
