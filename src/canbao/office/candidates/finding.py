"""Looking for candidates in the background: everybody compared with everybody, nothing changed but the list.

What is compared lies in a folder of the spool for as long as it takes, as opened packages do.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import mkdtemp

from django.conf import settings

from canbao.batch import candidates as compared
from canbao.batch.candidates.tables import write_decided, write_people
from canbao.registry import candidates as registered
from canbao.registry.actions import candidates as actions
from canbao.registry.actions import work
from canbao.registry.models import Officer, Work

FEWEST = 2
MEMORY = "2GB"


def asked(by: Officer) -> Work:
    """The work, written down, that somebody has asked for."""
    return work.ask(kind="find_candidates", label="查找一人多号的候选", area="44", total=0, by=by)


def find(task: Work) -> None:
    """Compare everybody with everybody who might be the same person, and let the list be what comes of it."""
    folder = Path(mkdtemp(prefix="candidates-", dir=_spool()))
    try:
        people, decided, pairs = (folder / f"{name}.parquet" for name in ("people", "decided", "pairs"))
        many = write_people(registered.people_to_compare(), people)
        if many < FEWEST:
            return work.end(work=task, state="done", message="登记库里没有可以比对的人")
        write_decided(registered.decided(), decided)
        found = compared.propose(people, decided, pairs, memory=MEMORY)
        kept = actions.keep_found(pairs=compared.read_pairs(pairs), by=task.asked_by)
        left_out = sum(one.people for one in found.left_out)
        more = f"；另有 {left_out:,} 人次因同值太多没有两两比对" if left_out else ""
        work.end(work=task, state="done", message=f"比对了 {many:,} 人，有 {kept:,} 对候选待核对{more}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return None


def _spool() -> Path:
    spool = Path(settings.SPOOL)
    spool.mkdir(mode=0o700, parents=True, exist_ok=True)
    return spool
