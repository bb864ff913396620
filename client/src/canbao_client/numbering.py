"""Numbers of rows: given without gaps, and brought into line with what the register says it has."""

from __future__ import annotations

import sqlite3

from canbao_client.answers import Standing

MISSING = """
    SELECT before + 1, seq - 1 FROM (
        SELECT seq, lag(seq, 1, :after) OVER (ORDER BY seq) AS before
        FROM (SELECT seq FROM rows WHERE seq > :after UNION ALL SELECT next FROM numbers)
    ) WHERE seq > before + 1
"""


def take_number(data: sqlite3.Connection) -> int:
    """The number of the next row: one that is missing, or the next."""
    missing = data.execute("SELECT first, last FROM free ORDER BY first LIMIT 1").fetchone()
    if missing is None:
        ((taken,),) = data.execute("UPDATE numbers SET next = next + 1 RETURNING next - 1").fetchall()
        return int(taken)
    first, last = missing
    data.execute("DELETE FROM free WHERE first = ?", (first,))
    if first < last:
        data.execute("INSERT INTO free VALUES (?, ?)", (first + 1, last))
    return int(first)


def complete(data: sqlite3.Connection) -> int:
    """The number up to which everything has been sent."""
    (first,) = data.execute(
        """SELECT min(seq) FROM (
            SELECT * FROM (SELECT seq FROM rows WHERE sent IS NULL ORDER BY seq LIMIT 1)
            UNION ALL SELECT min(first) FROM free UNION ALL SELECT next FROM numbers)"""
    ).fetchone()
    return int(first) - 1


def agree(data: sqlite3.Connection, standing: Standing) -> bool:
    """Bring the numbers into line with the register; True if it has less than we have sent (it was restored)."""
    following, agreed = data.execute("SELECT next, agreed FROM numbers").fetchone()
    ahead = standing.acknowledged >= following or (not agreed and standing.acknowledged > 0)
    if ahead:
        _number_anew(data, standing.acknowledged)
    fix_numbers(data)
    behind = standing.acknowledged < complete(data)
    if behind:
        _send_again(data, standing.acknowledged)
    return behind


def fix_numbers(data: sqlite3.Connection) -> None:
    """From now on somebody outside knows rows by their numbers."""
    data.execute("UPDATE numbers SET agreed = 1 WHERE agreed = 0")


def missing(data: sqlite3.Connection) -> tuple[int, int] | None:
    """The first range of numbers that the register lacks and the outbox has no more."""
    found = data.execute("SELECT first, last FROM free ORDER BY first LIMIT 1").fetchone()
    return tuple(found) if found else None


def _number_anew(data: sqlite3.Connection, after: int) -> None:
    """The outbox is new, or older than the register: what is unsent follows what the register has."""
    unsent = data.execute("SELECT seq FROM rows WHERE sent IS NULL ORDER BY seq DESC").fetchall()
    numbers = range(after + len(unsent), after, -1)
    data.execute("UPDATE rows SET seq = -seq WHERE sent IS NULL")
    data.executemany(
        "UPDATE rows SET seq = ? WHERE seq = ?", [(new, -old) for new, (old,) in zip(numbers, unsent, strict=True)]
    )
    data.execute("DELETE FROM free")
    data.execute("UPDATE numbers SET next = ?", (after + len(unsent) + 1,))


def _send_again(data: sqlite3.Connection, after: int) -> None:
    data.execute("UPDATE rows SET sent = NULL WHERE seq > ?", (after,))
    data.execute("DELETE FROM free")
    data.execute(f"INSERT INTO free {MISSING}", {"after": after})
