"""Troubles that pass: the database is away, or a disk is full. What was begun is done again when it is over."""

from __future__ import annotations

import errno
from collections.abc import Iterator

import psycopg
from django.db import InterfaceError, OperationalError
from psycopg.errors import DiskFull

AWAY = "数据库暂时连不上或没有回答"
NO_ROOM = "服务器磁盘写满了；请系统管理员腾出空间"
_FULL = (errno.ENOSPC, errno.EDQUOT)
_AWAY = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)


def outage(problem: BaseException | None) -> str:
    """What has failed for now, in Chinese; empty if trying again would not help."""
    causes = list(_causes(problem))
    if any(isinstance(one, DiskFull) or (isinstance(one, OSError) and one.errno in _FULL) for one in causes):
        return NO_ROOM
    return AWAY if any(isinstance(one, _AWAY) for one in causes) else ""


def _causes(problem: BaseException | None) -> Iterator[BaseException]:
    """The problem, and what it came of."""
    while problem is not None:
        yield problem
        problem = problem.__cause__
