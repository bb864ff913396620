"""`./run bench-survey [--tasks 100000]`: a made campaign in a private register, and how long its pages take.

Measured in the database through the verbs, with area, lock and audit row as in the office; and as whole pages.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.register import ms, timed
from benchmarks.survey_rows import CITY, fill

COUNTY, TOWN = "440604", "440604012"
TIMES = 40


def main() -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=100_000)
    parser.add_argument("--surveyors", type=int, default=400)
    chosen = parser.parse_args()
    state = Path(tempfile.mkdtemp(prefix="canbao-bench-"))
    state.chmod(0o711)
    try:
        for line in measured(state, chosen.tasks, chosen.surveyors):
            print(line, flush=True)
    finally:
        from canbao.registry.server import PrivateServer

        PrivateServer(state / "database").stop()
        shutil.rmtree(state)
    return 0


def measured(state: Path, tasks: int, surveyors: int) -> Iterator[str]:
    """The lines of the table."""
    from canbao.commands.serving import HOST, connect, migrate_with, prepared

    environment = prepared(state, HOST)
    migrate_with(environment)
    connect({**environment, "CANBAO_HOSTS": "testserver", "CANBAO_TRIAL": "1"})
    city, county = _officer("city_data_officer", CITY), _officer("county_officer", COUNTY)
    campaign = fill(_villages(), tasks, surveyors, city.pk)
    yield f"{os.uname().machine}, {os.cpu_count()} cores, {date.today()}; {tasks:,} tasks"
    yield from ("", "| what | p50 ms | p95 ms |", "|---|---|---|")
    for what, work in [*_jobs(campaign), *_readings(campaign, city, county)]:
        many = 1 if what.endswith("(job)") else TIMES
        work()
        taken = [timed(work) for _ in range(max(2, many))]
        yield f"| {what} | {ms(taken, 50)} | {ms(taken, 95)} |"


def _jobs(campaign: int) -> list[tuple[str, Callable[[], object]]]:
    from canbao.survey.supervision.counting import count
    from canbao.survey.supervision.marking import mark

    return [("counting, again (job)", lambda: count(campaign)), ("marking, again (job)", lambda: mark(campaign))]


def _readings(campaign: int, city: Any, county: Any) -> list[tuple[str, Callable[[], object]]]:
    from django.db import connections

    from canbao.survey.balance import balance
    from canbao.survey.supervision.pace import pace
    from canbao.survey.supervision.quality import marked, quality
    from canbao.survey.supervision.weekly import weekly
    from canbao.survey.tasks import Sought, listed

    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    page = _client(city)
    here = f"/campaigns/{campaign}/supervision/"
    return [
        ("pace of a city", lambda: pace(campaign, by=city)),
        ("pace of a county", lambda: pace(campaign, by=county)),
        ("pace of a town", lambda: pace(campaign, by=county, place=TOWN)),
        ("quality of a city", lambda: quality(campaign, by=city)),
        ("quality of a county", lambda: quality(campaign, by=county)),
        ("tasks with a mark", lambda: marked(campaign, "too_fast", by=city)),
        ("tasks that are stuck", lambda: marked(campaign, "stuck", by=city)),
        ("the week's report", lambda: weekly(campaign, "", date.today(), city)),
        ("balance of a city", lambda: balance(campaign, by=city)),
        ("balance of a county", lambda: balance(campaign, by=county)),
        ("list of a county's tasks", lambda: listed(campaign, Sought(), by=county)),
        ("list of a town's waiting tasks", lambda: listed(campaign, Sought(state="submitted", place=TOWN), by=county)),
        ("page: pace of a city", lambda: page(here)),
        ("page: pace of a county", lambda: page(f"{here}?place={COUNTY}")),
        ("page: quality of a city", lambda: page(f"{here}quality/")),
        ("page: the week's report", lambda: page(f"{here}report/")),
    ]


def _client(officer: Any) -> Callable[[str], object]:
    """Opens pages as an officer who has signed in."""
    import time

    from django.test import Client

    from canbao.office.sessions import BEGAN, SEEN

    client, now = Client(), int(time.time())
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session.update({BEGAN: now, SEEN: now})
    session.save()
    type(officer).objects.filter(pk=officer.pk).update(session_key=session.session_key)

    def opened(address: str) -> object:
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        return answer

    return opened


def _officer(duty: str, area: str) -> Any:
    """An officer whom no quota stops."""
    from canbao.law.duties import read_duties
    from canbao.registry.models import Officer

    duties = read_duties().duties
    duties[duty] = duties[duty].model_copy(update={"tasks_a_day": 10_000_000, "people_a_day": 10_000_000})
    return Officer.objects.create(
        username=f"{duty}-{area}", display_name=duty, duty=duty, area=area, must_change_password=False
    )


def _villages() -> list[str]:
    from canbao.registry.places_now import places

    tree = places()
    return [
        village.code
        for county in tree.children(f"{CITY}00")
        for town in tree.children(county.code)
        for village in tree.children(town.code)
    ]


if __name__ == "__main__":
    sys.exit(main())
