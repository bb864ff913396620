"""The process that carries out what partners push, as soon as it is there; tasks that it settles close with it.

It waits for the database's own notice (`NOTIFY pushed`), and looks by itself now and then. While the database is away
it waits for it. A process of its own, so that a package of millions holds nothing up.

    python -m canbao.survey.living
"""

from __future__ import annotations

import logging
import signal
import time
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import django
import psycopg
from django.db import close_old_connections

if TYPE_CHECKING:
    from canbao.registry.models import Partner

SECONDS_BETWEEN_LOOKS = 5.0
SECONDS_AWAY = 1.0
log = logging.getLogger(__name__)


def carry_out_waiting() -> dict[str, int]:
    """Carry out a piece of what waits of each partner, and settle the survey's tasks of the people whom it concerns.

    Returns how many rows, by what became of them; nothing if nothing waited. What goes wrong with one partner is raised
    after all others have had their turn.
    """
    from canbao.registry.actions.admission.changes import waiting_partners

    counts: Counter[str] = Counter()
    troubles: list[Exception] = []
    for partner in waiting_partners():
        try:
            counts += carry_out_piece(partner)
        except Exception as problem:
            troubles.append(problem)
            close_old_connections()
    if troubles:
        raise troubles[0]
    return dict(counts)


def carry_out_piece(partner: Partner) -> Counter[str]:
    """Carry out a piece of what waits of one partner, as `carry_out_waiting` does."""
    from canbao.registry.actions.admission.changes import carry_out
    from canbao.survey.actions.settling import settle

    carried = carry_out(partner)
    if carried.people:
        settle(carried.people)
    return Counter(carried.counts)


def run() -> None:
    """Carry out until told to stop by SIGTERM or SIGINT; what is under way is finished first."""
    told: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda got, _: told.append(got))
    while not told:
        try:
            _listen(told)
        except Exception as problem:
            _note(problem)
            close_old_connections()
            time.sleep(SECONDS_AWAY)


def _listen(told: list[int]) -> None:
    """Work as long as this session with the database lasts."""
    with _session() as session:
        session.execute("LISTEN pushed")
        while not told:
            if carry_out_waiting():
                continue
            until = time.monotonic() + SECONDS_BETWEEN_LOOKS
            while not told and time.monotonic() < until and not list(session.notifies(timeout=0.5, stop_after=1)):
                pass
            session.execute("SELECT 1")


def _session() -> psycopg.Connection[Any]:
    from procrastinate.contrib.django.utils import connector_params

    return psycopg.connect(**connector_params(), autocommit=True)


def _note(problem: Exception) -> None:
    from canbao.registry.outage import outage

    with suppress(Exception):
        if outage(problem):
            log.warning("推送的处理暂停：%s", outage(problem))
        else:
            log.error("推送的处理出错：%s", type(problem).__name__, exc_info=problem)


if __name__ == "__main__":
    django.setup()
    run()
