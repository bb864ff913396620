"""Whether processes of a server still live on a data folder, from what Linux says in /proc.

PostgreSQL notes its number in `postmaster.pid` and beside the socket, and believes it. After `kill -9` in a container,
where numbers begin anew, that number often belongs to another program, and PostgreSQL would refuse to start for ever.
"""

from __future__ import annotations

from pathlib import Path

PROCESSES = Path("/proc")


def serves(data: Path) -> bool:
    """Whether the server that `postmaster.pid` names works in the data folder; without /proc the note is believed."""
    note = data / "postmaster.pid"
    if not note.exists():
        return False
    return not _can_tell() or _works_in(PROCESSES / note.read_text().split()[0], data)


def forget_stale_notes(data: Path, socket: Path) -> None:
    """Remove the notes beside data and socket if no PostgreSQL process works in the data folder any more."""
    if _can_tell() and not any(_works_in(process, data) for process in PROCESSES.iterdir()):
        for note in (data / "postmaster.pid", *socket.glob(".s.PGSQL.*")):
            note.unlink(missing_ok=True)


def _can_tell() -> bool:
    return (PROCESSES / "self").exists()


def _works_in(process: Path, data: Path) -> bool:
    """A process that is dead but not yet buried has no folder, and does not count."""
    try:
        return (process / "comm").read_text().strip() == "postgres" and (process / "cwd").readlink() == data
    except OSError:
        return False
