"""Runs on their way: received, checked, compared; each step is a legal move, and each needs an agreement in force."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date

from django.db import transaction
from django.utils import timezone

from canbao.core.masks import hide_identity_numbers
from canbao.core.progress import after
from canbao.law.exchange import read_exchange
from canbao.law.moves import read_workflows
from canbao.registry.access import Refused, require_area, working
from canbao.registry.actions.plans import list_came
from canbao.registry.deeds import Note, deed, require_words
from canbao.registry.models import FULL, ExchangeRun, ExchangeRunMove, Officer, Partner
from canbao.registry.runs import last_full, require_list, require_order
from canbao.registry.streams import listing

KINDS = {"full": "完整名单", "changes": "变动名单"}


def receive(
    *, partner: Partner, source: str, kind: str, as_of: date, file: tuple[str, int, str], by: Officer
) -> ExchangeRun:
    """A list has come in; `file` is its name, size and SHA-256. Raises Refused without an agreement about it."""
    with deed(by=by, action="run.receive", permission="exchange.drop") as note:
        name, size, sha256 = file
        note.objects.append(f"partner:{partner.pk}")
        note.details.update(sha256=sha256, size=size)
        require_area(by, partner.area)
        _require_sense(source, kind, as_of)
        agreement = require_list(partner, source)
        Partner.objects.select_for_update().get(pk=partner.pk)
        require_order(partner, source, as_of)
        run = ExchangeRun.objects.create(
            partner=partner, agreement=agreement, source=source, kind=kind, as_of=as_of, state="", size=size,
            file_name=hide_identity_numbers(name), sha256=sha256, received_by=by,
        )  # fmt: skip
        _move(run, "receive", by)
        note.objects.append(f"run:{run.pk}")
        return run


def _require_sense(source: str, kind: str, as_of: date) -> None:
    if kind not in KINDS:
        raise Refused("请选择完整名单或变动名单")
    if kind == FULL and not listing.may_be_full(source):
        raise Refused("这种名单一个人可以有几行，只能按变动名单比对")
    if as_of > timezone.localdate():
        raise Refused("名单的截止日在将来；请核对")


class Over(Exception):
    """The run is not in the state any more in which a worker took it up: somebody has stopped it."""


def begin_check(run: ExchangeRun) -> None:
    """Begin to read a run's file, from its first row."""
    with working():
        listing.forget_rows(run)


def check_piece(run: ExchangeRun, rows: Iterable[listing.ListRow]) -> None:
    """Keep the next rows of a run's file; raises Over if it was cancelled meanwhile."""
    with working():
        _locked(run, "received")
        listing.keep_rows(run, rows)


def end_check(*, run: ExchangeRun, rows: int, by: Officer) -> None:
    """All rows are kept: count them, and let an officer decide about a complete list that is not like the last one.

    Raises Over if it was cancelled meanwhile.
    """
    with working():
        _locked(run, "received")
        run.rows = rows
        run.people, unclear = listing.different_people(run)
        run.leaving = listing.keep_leaving(run) if run.kind == FULL else 0
        run.counts = listing.counted(run)
        run.faults = list(_doubts(run, unclear)) if run.kind == FULL else []
        _move(run, "hold" if run.faults else "pass", by, saving=("rows", "people", "leaving", "counts", "faults"))


def _doubts(run: ExchangeRun, unclear: int) -> Iterable[str]:
    """What an officer should look at before people are taken to be on the list no more."""
    before = last_full(run)
    people = before.people if before else listing.standing_people(run)
    share = read_exchange().least_share
    if run.people * 100 < people * share:
        yield f"名单只有 {run.people:,} 人，不到上一次（{people:,} 人）的百分之{share}；请核实名单是不是完整"
    if run.leaving and unclear:
        yield f"有 {unclear:,} 行看不出是谁，这些人会当作已不在名单上；请核实，或改正后重新上传"


def refuse(*, run: ExchangeRun, faults: Sequence[str], by: Officer) -> None:
    """Give a list back that can't be read as a whole."""
    run.faults = [hide_identity_numbers(one) for one in faults]
    with working():
        listing.forget_rows(run)
        _move(run, "refuse", by, note="；".join(run.faults)[:2000], saving=("faults",))


def release(*, run: ExchangeRun, reason: str, by: Officer) -> None:
    """Let a doubtful list be compared all the same; the reason stays under the officer's name."""
    with _own_deed(run, "run.release", "exchange.decide", by):
        require_words(reason, "放行的理由")
        _move(run, "release", by, reason.strip())


def order(*, run: ExchangeRun, by: Officer) -> None:
    """Have a run carried out, or go on with it."""
    with _own_deed(run, "run.carry", "exchange.drop", by):
        require_list(run.partner, run.source)
        _move(run, "carry", by)


def cancel(*, run: ExchangeRun, by: Officer) -> None:
    """Stop a run; what has been compared by then stays."""
    with _own_deed(run, "run.cancel", "exchange.drop", by):
        _move(run, "cancel", by)
        with working():
            _close(run)


def hand_on(run: ExchangeRun, rows: int) -> bool:
    """Hand the next rows on; whether there were any.

    Raises PartnerRefused once the agreement is at an end, and Over if the run was cancelled.
    """
    with working():
        run.handed = _locked(run, "carrying").handed
        require_list(run.partner, run.source)
        last = listing.hand_on(run, rows)
        if last:
            run.handed = last
            run.save(update_fields=["handed"])
        return bool(last)


def note_outcomes(run: ExchangeRun) -> bool:
    """Write down what came of rows so far; whether some of those that were handed on still wait."""
    with working():
        if listing.still_waiting(run):
            return True
        listing.tell_apart(run)
        return False


def finish(*, run: ExchangeRun, by: Officer) -> None:
    """All rows are carried out; what they said is forgotten, and the next list is due by its plan."""
    with working():
        _close(run)
        _move(run, "finish", by)
        list_came(run)


def _locked(run: ExchangeRun, state: str) -> ExchangeRun:
    """The run as it is, held till the transaction ends; raises Over if it is in another state."""
    locked = ExchangeRun.objects.select_for_update().get(pk=run.pk)
    if locked.state != state:
        raise Over
    return locked


def _close(run: ExchangeRun) -> None:
    listing.tell_apart(run)
    listing.forget_content(run)
    run.counts = listing.counted(run)
    run.save(update_fields=["counts"])


@contextmanager
def _own_deed(run: ExchangeRun, action: str, permission: str, by: Officer) -> Iterator[Note]:
    """A deed with a run of the officer's area."""
    with deed(by=by, action=action, permission=permission) as note:
        note.objects += [f"partner:{run.partner_id}", f"run:{run.pk}"]
        require_area(by, run.partner.area)
        yield note


def _move(run: ExchangeRun, move: str, by: Officer, note: str = "", saving: Sequence[str] = ()) -> None:
    """Make a legal move, and save with it what is named."""
    with transaction.atomic():
        locked = ExchangeRun.objects.select_for_update().get(pk=run.pk)
        run.state = after(read_workflows()["exchange_run"], locked.state or None, move)
        run.save(update_fields=["state", *saving])
        ExchangeRunMove.objects.create(run=run, move=move, by=by, note=note)
