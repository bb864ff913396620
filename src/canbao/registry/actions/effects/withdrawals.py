"""A package that should never have come in begins to be taken back; a worker does it, piece by piece."""

from __future__ import annotations

from canbao.registry.access import Refused
from canbao.registry.actions.packages import begin_withdrawal
from canbao.registry.deeds import Note
from canbao.registry.models import Officer, Request


def withdraw(request: Request, by: Officer, note: Note) -> None:
    """Let the package's withdrawal begin; raises Refused if it can't be any more."""
    if request.package is None:
        raise Refused("申请里没有写明是哪个数据包")
    note.objects.append(f"package:{request.package_id}")
    begin_withdrawal(package=request.package, by=by)
