"""Back-fill: asks the register for items that the business system does not have, and writes them where it is empty."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from canbao_client.answers import BackFilled
from canbao_client.client import PEOPLE, Client
from canbao_client.configuration import Configuration
from canbao_client.databases import Database
from canbao_client.outbox import Outbox
from canbao_client.page import Page
from canbao_client.texts import text_of
from canbao_client.translation import Told
from canbao_client.trouble import ConfigurationTrouble

MARK = "back-fill"
BEFORE_ALL: Mapping[str, int | str] = {"number": 0, "text": " "}
"""Less than every key, by the kind of keys; empty text would be no value at all in Oracle."""

GUARD = re.compile(r"\bwhere\b.*\bis\s+null\b", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class BackFill:
    """Whom to ask about (`statement`), by which columns, and the statement that fills each item of the row `:key`."""

    statement: str
    key: str
    kind: str
    number: str
    name: str
    updates: Mapping[str, str]
    officer: str
    people: int
    page: Page


@dataclass(frozen=True)
class Filled:
    """How many were asked about, found, and columns filled (or to be filled)."""

    asked: int = 0
    found: int = 0
    filled: int = 0

    def __add__(self, other: Filled) -> Filled:
        return Filled(self.asked + other.asked, self.found + other.found, self.filled + other.filled)


def read_back_fill(configuration: Configuration) -> BackFill:
    """The back-fill's part of the page; raises ConfigurationTrouble."""
    if "back_fill" not in configuration.page:
        raise configuration.page.trouble("没有 back_fill 这一项", "请补上；写法见范例 业务库推送.yaml")
    page = configuration.page.table("back_fill")
    page.only("query", "key", "key_kind", "number", "name", "updates", "officer", "people")
    statement, key = page.text("query"), page.text("key").lower()
    if ":after" not in statement:
        raise page.trouble(
            "查询里没有 :after", f"请写条件 {key} > :after 和 ORDER BY {key}，好从上次停下的地方接着问", "query"
        )
    number, name, people = page.text("number").lower(), page.text("name").lower(), int(page.number("people", 5_000))
    updates = _updates(page.table("updates"), key)
    return BackFill(statement, key, _kind(page), number, name, updates, page.text("officer"), people, page)


def _kind(page: Page) -> str:
    kind = page.text("key_kind", "number")
    if kind not in BEFORE_ALL:
        raise page.trouble(f"key_kind 是“{kind}”", "请写 number 或 text", "key_kind")
    return kind


def _updates(page: Page, key: str) -> dict[str, str]:
    if not page.names():
        raise page.trouble("没有要回填的项目", "请写项目和它的 UPDATE 语句")
    updates = {item: page.text(item) for item in page.names()}
    for item, statement in updates.items():
        if f":{item}" not in statement or ":key" not in statement:
            raise page.trouble(
                f"{item} 的语句里没有 :{item} 或 :key", f"请写 SET 列 = :{item} WHERE {key} = :key …", item
            )
        if not GUARD.search(statement):
            raise page.trouble(f"{item} 的语句没有限定空值", "请在 WHERE 里写上 列 IS NULL，免得盖掉已有的值", item)
    return updates


def back_fill(outbox: Outbox, client: Client, database: Database, given: BackFill, dry_run: bool) -> Filled:
    """Ask about the next people and fill what is empty, a transaction for each piece; raises ClientTrouble.

    The next run goes on behind the last one; at the end of the list it begins again.
    """
    total = Filled()
    people = _people(outbox, database, given)
    for first in range(0, len(people), PEOPLE):
        piece = people[first : first + PEOPLE]
        total += _fill(database, given, piece, _ask(client, given, piece), dry_run)
        if not dry_run:
            _remember(outbox, _key(given, piece[-1]))
    if len(people) < given.people and not dry_run:
        _remember(outbox, BEFORE_ALL[given.kind])
    return total


def _people(outbox: Outbox, database: Database, given: BackFill) -> list[Told]:
    """The next people, as many as a run asks about."""
    with database.rows(given.statement, {"after": _remembered(outbox, given)}) as (columns, rows):
        for needed in (given.key, given.number, given.name):
            if needed not in columns:
                raise given.page.trouble(f"列 {needed} 不在数据里", "请把它写进查询", "query")
        return [dict(zip(columns, row, strict=True)) for row in islice(rows, given.people)]


def _ask(client: Client, given: BackFill, piece: Sequence[Told]) -> dict[str, BackFilled]:
    people = [(text_of(told[given.number]), text_of(told[given.name])) for told in piece]
    return {one.number: one for one in client.back_fill(people, list(given.updates), given.officer)}


def _fill(
    database: Database, given: BackFill, piece: Sequence[Told], answers: Mapping[str, BackFilled], dry_run: bool
) -> Filled:  # fmt: skip
    found = [(told, one) for told in piece if (one := answers.get(text_of(told[given.number]))) and one.found]
    changes = [
        (given.updates[item], {item: value, "key": told[given.key]})
        for told, one in found
        for item, value in one.items.items()
        if item in given.updates and value
    ]
    filled = len(changes) if dry_run else _write(database, given, changes)
    return Filled(len(piece), len(found), filled)


def _write(database: Database, given: BackFill, changes: Sequence[tuple[str, Mapping[str, object]]]) -> int:
    """All changes or none; a statement that changes more than one row is wrong, and nothing is kept."""
    filled = 0
    if changes:
        with database.updating() as update:
            for statement, values in changes:
                changed = update(statement, values)
                if changed > 1:
                    raise _too_many(given)
                filled += changed
    return filled


def _too_many(given: BackFill) -> ConfigurationTrouble:
    return given.page.trouble(
        "一条 UPDATE 改了不止一行，已全部撤回", f"请核对 WHERE 里的 {given.key} 是不是主键", "updates"
    )


def _key(given: BackFill, told: Told) -> int | str:
    return int(text_of(told[given.key])) if given.kind == "number" else text_of(told[given.key])


def _remembered(outbox: Outbox, given: BackFill) -> int | str:
    """The last key that was asked about."""
    found = outbox.data.execute("SELECT mark FROM marks WHERE name = ?", (MARK,)).fetchone()
    return found[0] if found else BEFORE_ALL[given.kind]


def _remember(outbox: Outbox, key: int | str) -> None:
    with outbox.transaction() as data:
        data.execute("REPLACE INTO marks VALUES (?, ?)", (MARK, key))
