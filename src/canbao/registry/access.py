"""Who may do what where: the duty's permission, the officer's area, and the database's own lock on rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from canbao.law.duties import read_duties
from canbao.registry.models import Officer

PROVINCE = "44"


class Refused(Exception):
    """The officer may not do this; the message says so in Chinese and gives nothing away."""


def require(by: Officer, permission: str) -> None:
    """Raise Refused unless the officer's duty has the permission."""
    if not by.may(permission):
        known = read_duties().permissions.get(permission)
        raise Refused(f"您的岗位（{by.duty_label}）不能{known.label if known else permission}")


def covers(area: str, code: str) -> bool:
    """Whether a place lies in an area; an officer without an area covers nothing."""
    return bool(area) and code.startswith(area)


def require_area(by: Officer, code: str) -> None:
    """Raise Refused unless the place lies in the officer's area."""
    if not covers(by.area, code):
        raise Refused("不在您的管辖范围内")


@contextmanager
def acting(area: str) -> Iterator[None]:
    """A transaction in which the database shows the rows of an area and no others."""
    if not area:
        raise Refused("没有管辖范围")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('canbao.area', %s, true)", [area])
        yield
