"""kill -9 in the middle of printing: begun again, it goes on at the piece where it stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from printing_desk import fetched, ordered, printed

from canbao.survey.models import Printing
from canbao.survey.printing.files import file_of, work_of

ALONE = Path(__file__).with_name("print_alone.py")


def worker(register, work_id: int, spool: Path) -> subprocess.Popen:
    addresses = {
        "CANBAO_DATABASE_URL": register.url("canbao_app"), "CANBAO_OWNER_DATABASE_URL": register.url("canbao_owner"),
    }  # fmt: skip
    command = [sys.executable, ALONE, str(work_id), spool]
    return subprocess.Popen(command, env={**os.environ, **addresses}, stdout=subprocess.PIPE, text=True)


def test_a_killed_batch_goes_on_and_ends_as_if_nothing_had_happened(register, campaign, spool):
    batch = ordered(campaign, "registration_form", which="assigned")
    first = worker(register, batch.work_id, spool)
    assert first.stdout.readline() == "done 2\n"
    os.kill(first.pid, signal.SIGKILL)
    first.communicate()
    kept = {piece.name: piece.stat().st_mtime_ns for piece in work_of(batch).glob("*.pdf")}
    batch.work.refresh_from_db()
    assert kept and batch.work.state == "running" and not file_of(batch).exists()
    again = worker(register, batch.work_id, spool)
    assert again.stdout.readline() == "done 2\n"
    assert kept.items() <= {piece.name: piece.stat().st_mtime_ns for piece in work_of(batch).glob("*.pdf")}.items()
    assert again.communicate()[0].splitlines()[-1] == "over"
    made = Printing.objects.select_related("work").get(pk=batch.pk)
    assert (made.work.state, made.work.done, made.pages) == ("done", 8, 8) and not work_of(batch).exists()
    fresh = printed(ordered(campaign, "registration_form", which="assigned"))
    assert len(fetched(fresh).read_bytes()) and fresh.pages == made.pages
    assert fetched(made).stat().st_mode & 0o077 == 0
