"""The outbox: rows get their numbers here and stay until the register has them, whatever breaks on the way.

Every change is one transaction on disk (WAL, synchronous FULL). A row counts as sent only once it was answered; what
was sent and not answered is sent again, and the register knows it by its `id`. Sent rows are kept for some days, so
that a register that was restored from a backup gets again what it has lost.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from canbao_client.answers import Answer, Standing
from canbao_client.batches import BATCH_ROWS, cut
from canbao_client.facts import Fact, numbered
from canbao_client.numbering import agree, complete, fix_numbers, missing, take_number
from canbao_client.outbox_tables import TABLES
from canbao_client.trouble import OutboxTrouble

DAY = 86_400


@dataclass(frozen=True)
class Counts:
    """Rows to send, rows sent and still kept, the next number, rows refused or lying aside, rows left out."""

    unsent: int
    sent: int
    next: int
    refused: int
    left_out: int


class Outbox:
    """One partner's rows on their way. Whoever changes it is alone (`alone_with`); anybody may read."""

    def __init__(self, file: Path, keep_days: float = 30) -> None:
        self.file, self._keep = file, keep_days * DAY
        with _telling(file):
            self.data = sqlite3.connect(file, timeout=30, isolation_level=None)
            self.data.execute("PRAGMA journal_mode = WAL")
            self.data.execute("PRAGMA synchronous = FULL")
            self.data.executescript(TABLES)

    def close(self) -> None:
        """Close the file."""
        self.data.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All that is done inside, or nothing."""
        with _telling(self.file):
            self.data.execute("BEGIN IMMEDIATE")
            try:
                yield self.data
                self.data.execute("COMMIT")
            except BaseException:
                self.data.rollback()
                raise

    def enter(self, facts: Iterable[Fact]) -> int:
        """Take facts in, all or none; returns how many were not here already."""
        with self.transaction() as data:
            return sum(enter(data, fact) for fact in facts)

    def unsent(self, rows: int = BATCH_ROWS) -> list[str]:
        """The next batch to send, as lines, the lowest numbers first; empty if there is nothing to send."""
        return next(cut((numbered(seq, fact) for seq, fact in self.unsent_rows(rows)), rows), [])

    def unsent_rows(self, limit: int) -> list[tuple[int, str]]:
        """Number and fact of what is to be sent, the lowest numbers first."""
        with _telling(self.file):
            return self.data.execute(
                "SELECT seq, fact FROM rows WHERE sent IS NULL ORDER BY seq LIMIT ?", (limit,)
            ).fetchall()

    def answered(self, answers: Sequence[Answer]) -> None:
        """Note what the register said to rows; they are sent."""
        said = [(time.time(), one.state, one.says, one.id) for one in answers]
        with self.transaction() as data:
            data.executemany("UPDATE rows SET sent = ?, state = ?, says = ? WHERE id = ?", said)

    def handed_over(self, seqs: Iterable[int]) -> None:
        """Note that rows were packed into a file."""
        now = time.time()
        with self.transaction() as data:
            fix_numbers(data)
            data.executemany("UPDATE rows SET sent = ?, state = 'dropped' WHERE seq = ?", [(now, seq) for seq in seqs])

    def agree_with(self, standing: Standing) -> bool:
        """Compare with what the register has; True if it has lost something that is to be sent again."""
        with self.transaction() as data:
            return agree(data, standing)

    def missing(self) -> tuple[int, int] | None:
        """The first numbers that the register has lost and that are no longer kept here; they are to be read again."""
        with _telling(self.file):
            return missing(self.data)

    def forget_old(self) -> int:
        """Remove rows that were sent longer ago than they are kept; returns how many."""
        with self.transaction() as data:
            found = data.execute(
                "DELETE FROM rows WHERE sent < ? AND seq <= ?", (time.time() - self._keep, complete(data))
            )
            return found.rowcount

    def counts(self) -> Counts:
        """What the outbox holds."""
        with _telling(self.file):
            found = self.data.execute(
                """SELECT count(*) FILTER (WHERE sent IS NULL), count(sent), (SELECT next FROM numbers),
                count(*) FILTER (WHERE state IN ('refused', 'aside')), (SELECT count(*) FROM left_out) FROM rows"""
            ).fetchone()
        return Counts(*found)

    def refused(self, limit: int = 10) -> list[tuple[int, str, str]]:
        """The last rows that the register did not take at once: number, state and reason."""
        with _telling(self.file):
            return self.data.execute(
                "SELECT seq, state, says FROM rows WHERE state IN ('refused', 'aside') ORDER BY seq DESC LIMIT ?",
                (limit,),
            ).fetchall()

    def left_out(self, limit: int = 10) -> list[tuple[str, str, int]]:
        """Why rows of the business system could not be told, by query, and how many."""
        with _telling(self.file):
            return self.data.execute(
                "SELECT name, reason, count(*) FROM left_out GROUP BY 1, 2 ORDER BY 3 DESC LIMIT ?", (limit,)
            ).fetchall()


def enter(data: sqlite3.Connection, fact: Fact) -> bool:
    """Take one fact in, inside a transaction; False if it is here already."""
    if data.execute("SELECT 1 FROM rows WHERE id = ?", (fact.id,)).fetchone():
        return False
    number = take_number(data)
    data.execute("INSERT INTO rows (seq, id, fact) VALUES (?, ?, ?)", (number, fact.id, fact.written()))
    return True


@contextmanager
def alone_with(file: Path) -> Iterator[None]:
    """Be the only process that changes an outbox; raises OutboxTrouble while another one is.

    The lock is a transaction on a file beside it, so that it ends with its process, however that ends.
    """
    lock = file.with_name(f"{file.name}-lock")
    with _telling(lock):
        held = sqlite3.connect(lock, timeout=0, isolation_level=None)
    try:
        held.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as problem:
        held.close()
        raise OutboxTrouble("outbox", f"{file}：另一个 canbao-client 正在使用；请等它结束或先停下它") from problem
    try:
        yield
    finally:
        held.close()


@contextmanager
def _telling(file: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as problem:
        raise OutboxTrouble("outbox", f"{file}：发件箱用不了（{problem}）；请核对文件夹、权限和磁盘空间") from problem
