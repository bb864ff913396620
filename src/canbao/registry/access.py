"""Who may do what where: the duty's permission, the officer's area, and the database's own lock on rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from canbao.law.duties import read_duties
from canbao.registry.models import Officer

PROVINCE = "44"


class Refused(Exception):
    """The officer may not do this; the message says so in Chinese and gives nothing away."""

    write_down: Callable[[], None] | None = None
    """Writes its line on the log; for whoever has taken back the transaction in which the deed has written it."""


def require(by: Officer, permission: str) -> None:
    """Raise Refused unless the officer's duty has the permission."""
    if not by.may(permission):
        known = read_duties().permissions.get(permission)
        raise Refused(f"您的岗位（{by.duty_label}）不能{known.label if known else permission}")


def beyond(area: str) -> str:
    """The first code after all those that lie in an area, for `code >= area AND code < beyond(area)`."""
    return str(int(area) + 1).zfill(len(area))


def covers(area: str, code: str) -> bool:
    """Whether a place lies in an area; an officer without an area covers nothing."""
    return bool(area) and code.startswith(area)


def require_area(by: Officer, code: str) -> None:
    """Raise Refused unless the place lies in the officer's area."""
    if not covers(by.area, code):
        raise Refused("不在您的管辖范围内")


MACHINE = "machine"
"""What `canbao.officer` says while the register works by itself: it sees protected people, as no officer does."""


@contextmanager
def acting(area: str, by: Officer) -> Iterator[None]:
    """A transaction in which the database shows an officer the rows of an area, but for people protected from them."""
    if not area:
        raise Refused("没有管辖范围")
    with _seeing(area, str(by.pk)):
        yield


@contextmanager
def working(area: str = PROVINCE) -> Iterator[None]:
    """A transaction in which the register works by itself, for nobody's eyes: everybody of the area is there."""
    with _seeing(area, MACHINE):
        yield


@contextmanager
def unveiled() -> Iterator[None]:
    """Within an officer's deed, work that has to reckon with everybody: what a decision does, judging.

    What comes of it is for the register, and nothing of it is shown.
    """
    with _seeing("", MACHINE):
        yield


@contextmanager
def _seeing(area: str, officer: str) -> Iterator[None]:
    """Set who sees what till the block ends; an empty area stays the one that is set.

    Within another one, what was set is set again, after a failure by the savepoint.
    """
    is_within = connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_NOW)
        before = cursor.fetchone()
        cursor.execute(_SET, [area or before[0], officer])
        yield
        if is_within:
            cursor.execute(_SET, before)


_NOW = (
    "SELECT coalesce(current_setting('canbao.area', true), ''), coalesce(current_setting('canbao.officer', true), '')"
)
_SET = "SELECT set_config('canbao.area', %s, true), set_config('canbao.officer', %s, true)"
