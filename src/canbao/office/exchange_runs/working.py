"""What the queue does with a department's list: reads and checks it, then has it carried out piece by piece.

Killed in the middle, reading begins anew and comparing goes on behind the last row that was handed on; nothing is lost
or doubled.
"""

from __future__ import annotations

import time
from pathlib import Path

from django.conf import settings
from django.db import transaction

from canbao.batch.department_list import DepartmentList, opened_list
from canbao.batch.trouble import SourceTrouble
from canbao.core.trouble import Trouble
from canbao.law.exchange import read_exchange
from canbao.law.reader import read_law
from canbao.registry.access import Refused
from canbao.registry.actions import runs, work
from canbao.registry.deeds import together
from canbao.registry.models import ExchangeRun, Officer, Work
from canbao.registry.runs import require_list
from canbao.registry.streams.listing import REFUSED, ListRow, headers_of, read_row
from canbao.survey.living import carry_out_piece

PIECE = 5_000
OVER = "这个批次已经办完或取消"
SECONDS = 0.2
"""Between two looks at whether another process has carried out what was handed on."""


class Stopped(Exception):
    """Somebody has asked that the work stop."""


def file_of(run: ExchangeRun) -> Path:
    """Where a list lies until it has been checked."""
    return Path(settings.SPOOL) / f"run-{run.pk}{Path(run.file_name).suffix.lower()}"


def queue(kind: str, run: ExchangeRun, by: Officer) -> None:
    """Put the check of a list, or its comparison, on the queue."""
    from canbao.office import jobs

    label = {"check_run": "检查 ", "carry_run": "比对 "}[kind]
    total = run.rows if kind == "carry_run" else 0
    words = f"{label}{run.partner.label}的名单（批次 {run.pk}）"
    task = work.ask(kind=kind, label=words, area=run.partner.area, total=total, by=by)
    run.work = task
    run.save(update_fields=["work"])
    getattr(jobs, kind).defer(work_id=task.pk, run_id=run.pk)


def check(run_id: int, task: Work) -> None:
    """Read a list and keep its rows; it ends refused as a whole, doubtful, or ready to be compared."""
    run = _run(run_id)
    try:
        if run.state != "received":
            raise runs.Over
        rows = _kept(run, task)
        _end_check(run, rows, task)
    except (SourceTrouble, Refused) as problem:
        _refuse(run, task, problem)
    except Stopped:
        return work.end(work=task, state="cancelled", message="已按要求停止；请取消这个批次，需要时重新上传")
    except runs.Over:
        work.end(work=task, state="cancelled", message=OVER)
    file_of(run).unlink(missing_ok=True)
    return None


@transaction.atomic
def _end_check(run: ExchangeRun, rows: int, task: Work) -> None:
    runs.end_check(run=run, rows=rows, by=task.asked_by)
    told = "检查完成，存疑，等待核实放行" if run.faults else "检查完成，可以开始比对"
    work.end(work=task, state="done", message=told)


def _kept(run: ExchangeRun, task: Work) -> int:
    runs.begin_check(run)
    agreement = require_list(run.partner, run.source)
    with opened_list(file_of(run), run.file_name, headers_of(run.source), read_law()) as listed:
        _require_bearable(listed)
        Work.objects.filter(pk=task.pk).update(total=listed.rows)
        runs.check_piece(run, (ListRow(one.row, None, says=one.message) for one in listed.broken))
        done = len(listed.broken)
        for piece in listed.pieces(PIECE):
            runs.check_piece(run, (read_row(run, agreement, number, values) for number, values in piece))
            done += len(piece)
            _advance(task, done)
        return listed.rows


def _require_bearable(listed: DepartmentList) -> None:
    most = read_exchange().run_rows
    if not listed.rows:
        raise Refused("名单里没有一行；请核对文件")
    if listed.rows > most:
        raise Refused(f"名单有 {listed.rows:,} 行，一次最多 {most:,} 行；请分开上传")


def _refuse(run: ExchangeRun, task: Work, problem: Exception) -> None:
    fault = _worded(problem)
    with transaction.atomic():
        runs.refuse(run=run, faults=[fault], by=task.asked_by)
        work.end(work=task, state="refused", message=fault)


def _worded(problem: Exception) -> str:
    """What is wrong, with a remedy for somebody who has a template and no configuration."""
    if isinstance(problem, Trouble) and "city.toml" in problem.remedy:
        return f"{problem.place}：{problem.problem}；请照模板改正后重新上传"
    return str(problem)


def carry(run_id: int, task: Work) -> None:
    """Have a list carried out, or go on with it."""
    run = _run(run_id)
    try:
        while runs.hand_on(run, PIECE):
            _settle(run)
            _advance(task, min(run.handed, run.rows))
        _settle(run)
    except Refused as refusal:
        return work.end(work=task, state="refused", message=str(refusal))
    except Stopped:
        return work.end(work=task, state="cancelled", message="已按要求停下；可以继续，也可以取消这个批次")
    except runs.Over:
        return work.end(work=task, state="cancelled", message=OVER)
    with together():
        runs.finish(run=run, by=task.asked_by)
        work.end(work=task, state="done", message=_result(run))
    return None


def _settle(run: ExchangeRun) -> None:
    """Carry out what was handed on, together with whoever else does."""
    while runs.note_outcomes(run):
        if not carry_out_piece(run.partner):
            time.sleep(SECONDS)


def _result(run: ExchangeRun) -> str:
    compared = sum(many for outcome, many in run.counts.items() if outcome not in (REFUSED, "left"))
    return f"{compared:,} 行比对完成，{run.counts.get(REFUSED, 0):,} 行没有采用"


def _advance(task: Work, done: int) -> None:
    if not work.advance(work=task, done=done):
        raise Stopped


def _run(run_id: int) -> ExchangeRun:
    return ExchangeRun.objects.select_related("partner__officer", "agreement").get(pk=run_id)
