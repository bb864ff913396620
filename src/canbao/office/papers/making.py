"""What a worker does to print a batch: alone with it, announcing how far it is, stopped on request."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from canbao.law.wording import WordingError
from canbao.office.packages.opening import InOtherHands
from canbao.paper.documents.printing import PrintError, Stopped
from canbao.registry.access import Refused, require
from canbao.registry.actions import work
from canbao.registry.models import Work
from canbao.survey.actions.printing import note_printed
from canbao.survey.models import Printing
from canbao.survey.printing.files import clear_work
from canbao.survey.printing.making import make


def print_out(task: Work) -> None:
    """Print the batch that a piece of work is of; whoever is killed goes on at the piece where they stopped."""
    printing = Printing.objects.select_related("campaign", "work", "by").get(work=task)
    with alone(printing):
        try:
            require(printing.by, "paper.print")
            printed, keys, strange = make(printing, lambda done: work.advance(work=task, done=done))
        except Stopped:
            clear_work(printing)
            return work.end(work=task, state="cancelled", message="已按要求停止")
        except (Refused, PrintError, WordingError) as problem:
            clear_work(printing)
            return work.end(work=task, state="refused", message=str(problem))
        note_printed(printing=printing, printed=printed, keys=keys, strange=strange)
        left = len(printing.asked["keys"]) - len(keys)
        less = f"；{left} 份因人员已不可查看没有打印" if left else ""
        work.end(work=task, state="done", message=f"共 {len(keys):,} 份，{printed.pages:,} 页{less}")
    return None


@contextmanager
def alone(printing: Printing) -> Iterator[None]:
    """Hold the batch for this session of the database; raises InOtherHands if a worker has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('printing'), %s::integer)", [printing.pk])
        if not cursor.fetchone()[0]:
            raise InOtherHands(f"文书 {printing.pk}", "另一个进程正在处理", "请等它结束")
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('printing'), %s::integer)", [printing.pk])
