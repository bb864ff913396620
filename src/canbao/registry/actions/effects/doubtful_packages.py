"""A package that the gate found doubtful may be admitted after all: two officers have looked at what it found."""

from __future__ import annotations

from canbao.registry.access import Refused
from canbao.registry.actions.packages import accept_doubtful
from canbao.registry.deeds import Note
from canbao.registry.models import Officer, Request


def accept(request: Request, by: Officer, note: Note) -> None:
    """Let the package be admitted; raises Refused if it was measured anew since."""
    if request.package is None:
        raise Refused("申请里没有写明是哪个数据包")
    note.objects.append(f"package:{request.package_id}")
    accept_doubtful(package=request.package, measured=request.content["measured"], by=by)
