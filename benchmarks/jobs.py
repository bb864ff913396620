"""What is measured, each started as `python -m benchmarks.jobs NAME ARGUMENTS…` in a process of its own."""

from __future__ import annotations

import sys
from pathlib import Path


def canbao(city: str, out: str, memory: str = "", since: str = "") -> None:
    """Clean a made-up city."""
    from canbao.batch.city import clean_city

    earlier = Path(since) if since else None
    clean_city(Path(city) / "city.toml", Path(out), memory=memory or None, since=earlier)


def polars(city: str, out: str) -> None:
    """The same work, written by hand for Polars."""
    from benchmarks.polars_peer import clean

    clean(Path(city), Path(out))


def pandas(city: str, out: str) -> None:
    """The same work as a pandas user writes it."""
    from benchmarks.pandas_peer import clean

    clean(Path(city), Path(out))


def limit(city: str, out: str, work: str) -> None:
    """Plain reading and writing of the same data; the seconds go to work/limit.txt."""
    from benchmarks.limit import read_and_write

    (Path(work) / "limit.txt").write_text(str(read_and_write(Path(city), Path(out), Path(work))))


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
