"""Fingerprints: one integer for all the rows of a number, so that the next run sees whose rows have changed.

A row's part in it covers where the row stands and all its text; the order in which rows come does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable

from canbao.batch.steps.expressions import FIRST_FOREIGN_KEY
from canbao.batch.steps.rows import pointer
from canbao.law.models import Source

FINGERPRINTS = (
    f"SELECT CASE WHEN prints.key < {FIRST_FOREIGN_KEY} THEN prints.key END AS key, other_numbers.ssn, print "
    "FROM (SELECT key, bit_xor(print) AS print FROM all_fingerprints GROUP BY key) AS prints "
    "LEFT JOIN other_numbers ON other_numbers.key = prints.key ORDER BY prints.key"
)
"""Resident numbers by their 17 digits, the others by their text."""

OF_DECISIONS = (
    "SELECT key, hash(name, decision, correct_key) AS print FROM resolution "
    "UNION ALL SELECT correct_key, hash(key, name) FROM resolution WHERE correct_key IS NOT NULL"
)
"""Officers' decisions, in the fingerprints of the numbers they are about."""

UNCHANGED = "SELECT new_prints.key, print FROM new_prints ANTI JOIN changed ON changed.key = new_prints.key"
"""The fingerprints of numbers whose persons are taken over."""


def row_print(source: Source) -> str:
    """The part of a raw row in its number's fingerprint."""
    return f"hash({', '.join([pointer(source.name), *(column.name for column in source.columns)])})"


def of_part(sources: Iterable[str]) -> str:
    """The query for the fingerprints of the numbers of one part: key, print."""
    rows = " UNION ALL ".join(f"SELECT key, print FROM clean_{source} WHERE key IS NOT NULL" for source in sources)
    return f"SELECT key, bit_xor(print) AS print FROM ({rows}) AS rows GROUP BY key"
