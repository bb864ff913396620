"""Deciding: each derived item with the row of the law's table that won, and where the person goes next."""

from __future__ import annotations

from canbao.core.registration import DERIVED
from canbao.core.tables import decided_sql
from canbao.registry.derivation.items import known_items
from canbao.registry.derivation.reading import DIALECT, Judging


def judged(judging: Judging) -> str:
    """The query for the records of all people in `stated`: items, derived items and rules, disposition."""
    query = _fenced(known_items(judging.bits))
    for item in DERIVED:
        query = _fenced(_decided(query, item, judging))
    missing = f"CASE WHEN {_missing(judging)} THEN '1' ELSE '0' END AS item_missing"
    wrong = f"CASE WHEN {_wrong(judging)} THEN '1' ELSE '0' END AS item_wrong"
    return _decided(_fenced(f"SELECT *, {missing}, {wrong} FROM ({query}) AS derived"), "disposition", judging)


def _fenced(query: str) -> str:
    """The query computed before it is used: else PostgreSQL writes each CASE out anew wherever it is referred to."""
    return f"{query} OFFSET 0"


def _decided(query: str, item: str, judging: Judging) -> str:
    return decided_sql(query, judging.law.tables[item], judging.profile, judging.columns, DIALECT)


def _missing(judging: Judging) -> str:
    """Whether an item of the required matrix is missing."""
    parts = [
        f"({judging.condition(one.who)} AND ({' OR '.join(f'{name} IS NULL' for name in one.fields)}))"
        for one in judging.law.requirements
        if one.severity == "error"
    ]
    return " OR ".join(parts) or "FALSE"


def _wrong(judging: Judging) -> str:
    """Whether a line of the catalogue finds an error in the finished record."""
    checks = [check for check in judging.law.checks.values() if check.when is not None and check.severity == "error"]
    return " OR ".join(f"coalesce({judging.condition(check.when or {})}, FALSE)" for check in checks) or "FALSE"
