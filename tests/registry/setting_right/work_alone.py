"""Long work on a test's register in a process of its own, to be killed: `python work_alone.py withdraw 7`."""

from __future__ import annotations

import sys
from datetime import date

import django

django.setup()

from canbao.registry.actions.admission import take_out  # noqa: E402
from canbao.registry.actions.place_following import follow_due  # noqa: E402
from canbao.registry.models import Package  # noqa: E402


def withdraw(package_id: str) -> None:
    package = Package.objects.get(pk=int(package_id))
    take_out(package=package, by=package.received_by)


def follow(day: str) -> None:
    follow_due(today=date.fromisoformat(day))


if __name__ == "__main__":
    print("begun", flush=True)
    {"withdraw": withdraw, "follow": follow}[sys.argv[1]](sys.argv[2])
