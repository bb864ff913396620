"""Reads a query of the business database from its watermark on, into the outbox.

The watermark moves in the transaction in which rows enter. Each reading begins a little before it (`overlap`), with
`>=`; rows that were read before are known by their `id`, so that none is lost at a page's edge and none is told twice.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

from canbao_client.configuration import Query
from canbao_client.databases import Database
from canbao_client.outbox import Outbox, enter
from canbao_client.translation import LeftOut, Told
from canbao_client.trouble import ConfigurationTrouble
from canbao_client.watermarks import Mark

PAGE = 20_000


def poll(outbox: Outbox, database: Database, query: Query, page: int = PAGE) -> bool:
    """Read at most a page of new rows; True if there may be more. Raises ClientTrouble, and then nothing has moved."""
    with outbox.transaction() as data:
        new, newest = 0, _last_mark(data, query)
        begin = query.watermark.back_from(newest)
        asked = {"watermark": query.watermark.parameter(begin)}
        with database.rows(query.statement, asked) as (columns, rows):
            query.translation.require([*columns])
            for told, mark in _in_order(columns, rows, query):
                new += _enter(data, query, told, mark)
                newest = max(newest, mark)
                if new == page:
                    break
        _move(data, query, newest)
    return new == page


def begin_from(outbox: Outbox, query: Query, mark: Mark) -> None:
    """Read a query again from a mark; what has not changed meanwhile is the same to the register."""
    with outbox.transaction() as data:
        data.execute("DELETE FROM recent WHERE name = ?", (query.name,))
        data.execute("REPLACE INTO marks VALUES (?, ?)", (query.name, mark))


def _last_mark(data: sqlite3.Connection, query: Query) -> Mark:
    found = data.execute("SELECT mark FROM marks WHERE name = ?", (query.name,)).fetchone()
    return found[0] if found else query.watermark.begin


def _in_order(columns: list[str], rows: Iterator[Any], query: Query) -> Iterator[tuple[Told, Mark]]:
    """Rows with their marks; a mark that goes back would let the watermark pass rows by."""
    before: Mark | None = None
    for row in rows:
        told = dict(zip(columns, row, strict=True))
        mark = _mark(told, query)
        if before is not None and mark < before:  # type: ignore[operator]
            column = query.watermark.column
            raise query.translation.page.trouble(f"查询结果没有按 {column} 排序", f"请写 ORDER BY {column}", "query")
        before = mark
        yield told, mark


def _mark(told: Told, query: Query) -> Mark:
    column = query.watermark.column
    if column not in told:
        raise _unreadable(query, f"列 {column} 不在数据里", "请把它写进查询")
    try:
        return query.watermark.mark(told[column])
    except (ValueError, TypeError) as problem:
        remedy = "空值请用条件排除；时间是文字的，请写 format，如 %Y%m%d%H%M%S"
        raise _unreadable(query, f"列 {column} 里有读不懂的值", remedy) from problem


def _unreadable(query: Query, problem: str, remedy: str) -> ConfigurationTrouble:
    return query.translation.page.trouble(problem, remedy, "watermark")


def _enter(data: sqlite3.Connection, query: Query, told: Told, mark: Mark) -> bool:
    """Enter one row; False if it was read before."""
    try:
        fact = query.translation.fact(told)
    except LeftOut as reason:
        return _leave_out(data, query, told, str(reason))
    if data.execute("SELECT 1 FROM recent WHERE name = ? AND id = ?", (query.name, fact.id)).fetchone():
        return False
    data.execute("INSERT INTO recent VALUES (?, ?, ?)", (query.name, fact.id, mark))
    data.execute("DELETE FROM left_out WHERE name = ? AND keys = ?", (query.name, query.translation.keys_text(told)))
    return enter(data, fact)


def _leave_out(data: sqlite3.Connection, query: Query, told: Told, reason: str) -> bool:
    """Note a row that can't be told; it holds up no other, and is told once it is read again and can be."""
    keys = query.translation.keys_text(told)
    data.execute("REPLACE INTO left_out VALUES (?, ?, ?)", (query.name, keys, reason))
    return False


def _move(data: sqlite3.Connection, query: Query, mark: Mark) -> None:
    """Set the watermark; rows before the next reading's begin will not be seen again."""
    data.execute("REPLACE INTO marks VALUES (?, ?)", (query.name, mark))
    begin = query.watermark.back_from(mark)
    data.execute("DELETE FROM recent WHERE name = ? AND mark < ?", (query.name, begin))
