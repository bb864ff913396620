"""A worker that prints two papers at a time and says so, to be killed: `python print_alone.py 7`."""

from __future__ import annotations

import sys
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402

from canbao.office import jobs  # noqa: E402
from canbao.paper.documents import printing  # noqa: E402
from canbao.registry.actions import work  # noqa: E402

advance = work.advance


def told(**said) -> bool:
    print("done", said["done"], flush=True)
    return advance(**said)


if __name__ == "__main__":
    settings.SPOOL = Path(sys.argv[2])
    printing.LEAVES_OF_A_CHUNK = 2
    work.advance = told
    jobs.print_papers(work_id=int(sys.argv[1]))
    print("over", flush=True)
