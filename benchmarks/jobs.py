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


def register(folder: str, persons: str, division: str, seed: str, traps: str) -> None:
    """Make up a register with people under two numbers."""
    from canbao.batch.generator.register import generate_register

    generate_register(Path(folder), persons=int(persons), division=division, seed=int(seed), traps=float(traps))


def candidates(people: str, out: str, memory: str = "") -> None:
    """Propose who may be one person under two numbers."""
    from canbao.batch.candidates import propose

    propose(Path(people), None, Path(out), memory=memory or None, threads=2)


def candidates_training(people: str, out: str) -> None:
    """Train the model of candidates anew."""
    from canbao.batch.candidates import train

    train(Path(people), Path(out), memory="4GB", threads=2)


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
