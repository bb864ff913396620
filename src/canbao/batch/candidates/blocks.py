"""Who is compared with whom: people who share a key. A key that too many share is left out, and counted."""

from __future__ import annotations

from dataclasses import dataclass

from canbao.batch.dialects.duckdb import DuckDB
from canbao.batch.steps.step import table

_GROUP = (
    "CASE kind WHEN 'hmt' THEN CASE left(number, 3) WHEN 'HKG' THEN '81' WHEN 'MAC' THEN '82' ELSE '83' END "
    "WHEN 'permit' THEN left(number, 2) WHEN 'foreign' THEN '9' WHEN 'permanent' THEN '9' END"
)
"""Residents of Hong Kong, Macao, Taiwan and foreigners, by whichever kind of number: few enough to need no name."""

KEYS = {
    "name_birth": ("sound", "born"),
    "name_mobile": ("sound", "mobile"),
    "birth_mobile": ("born", "mobile"),
    "name_residence": ("sound", "residence"),
    "name_hukou": ("sound", "hukou"),
    "birth_residence": ("born", "residence"),
    "birth_hukou": ("born", "hukou"),
    "fifteen": ("region", "substr(number_day, 3)", "sequence"),
    "name_number": ("sound", "region", "sequence"),
    "same_document": ("document",),
    "stranger": ("born", "sex", _GROUP),
}
"""Each rule's key, put together from items; who lacks one of them has no key. `fifteen` is the number as it would have
been before 1999, whatever century and check character it has now."""


@dataclass(frozen=True)
class LeftOut:
    """A rule with the blocks that were too large for it, and the people in them."""

    rule: str
    blocks: int
    people: int


def find_blocks(engine: DuckDB, largest: int) -> tuple[LeftOut, ...]:
    """Make the table `asked`: the items of everybody who shares a key with somebody, and a column for each rule.

    Keys of more than `largest` people are missing in it; they are what is returned.
    """
    left_out = []
    for rule, parts in KEYS.items():
        counted = f"SELECT {_key(parts)} AS key, count(*) AS people FROM items GROUP BY ALL HAVING count(*) > 1"
        engine.run(table("sizes", f"SELECT * FROM ({counted}) AS counted WHERE key IS NOT NULL"))
        engine.run(table(f"block_{rule}", f"SELECT key AS {rule} FROM sizes WHERE people <= {largest}"))
        ((blocks, people),) = engine.rows(f"SELECT count(*), sum(people) FROM sizes WHERE people > {largest}")
        if blocks:
            left_out.append(LeftOut(rule, blocks, int(people)))
    engine.run(table("asked", _asked()))
    return tuple(left_out)


def _key(parts: tuple[str, ...]) -> str:
    """64 bits made of the parts; two keys that fall together only cost a comparison more."""
    missing = " OR ".join(f"({part}) IS NULL" for part in parts)
    return f"CASE WHEN NOT ({missing}) THEN hash({', '.join(parts)}) END"


def _asked() -> str:
    keyed = ", ".join(f"{_key(parts)} AS key_{rule}" for rule, parts in KEYS.items())
    joins = " ".join(f"LEFT JOIN block_{rule} ON {rule} = key_{rule}" for rule in KEYS)
    rules, keys = ", ".join(KEYS), ", ".join(f"key_{rule}" for rule in KEYS)
    return (
        f"SELECT keyed.* EXCLUDE ({keys}), {rules} FROM (SELECT *, {keyed} FROM items) AS keyed {joins} "
        f"WHERE coalesce({rules}) IS NOT NULL"
    )
