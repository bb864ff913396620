"""A PostgreSQL that the program starts itself, so that trying it needs no server.

It listens to nothing but a socket for its owner, asks for a password, and keeps what it has acknowledged. It goes on
when the process that started it ends; whoever needs it next finds it running.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import pq

from canbao.registry.server import wheel
from canbao.registry.server.complaints import complaint
from canbao.registry.server.parameters import ACCESS, compress_quickly, parameters_file
from canbao.registry.server.passwords import SUPERUSER
from canbao.registry.server.place import ELSEWHERE, Place, folder_trouble, place_in
from canbao.registry.server.processes import forget_stale_notes, serves
from canbao.registry.server.programs import Programs, to_serve
from canbao.registry.server.roles import make_database, make_extensions, make_roles
from canbao.registry.server.trouble import ServerTrouble

DATABASE = "canbao"
SECONDS_TO_START = 120
"""Recovery after a power failure in the middle of a bulk admission takes its time."""
SECONDS_FOR_OLD_PROCESSES = 10
LARGEST_LOG = 10 << 20
"""Bytes; a larger one is put aside at the next start, in place of the one before."""
LOCALE = "C.UTF-8"
"""Sorted by code point on every machine; unlike C it knows that Chinese characters are letters, which trigrams need."""


class PrivateServer:
    """The private server of a state folder; several objects and processes may stand for the same one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def start(self) -> bool:
        """Have the server running, made first if it isn't there; True if this call started it.

        A server that another process started is taken as it is. Raises ServerTrouble, with what to install or to
        clear away, if it can't be started.
        """
        place = place_in(self.folder)
        try:
            with place.locked():
                return self._start(place)
        except OSError as problem:
            raise folder_trouble(problem, place.home) from problem

    def is_running(self) -> bool:
        """Whether its first process lives; it may be starting, or recovering from a crash of another of its processes.

        Raises ServerTrouble if the folder can't be used.
        """
        return serves(place_in(self.folder).data)

    def stop(self) -> None:
        """Stop the server if it runs; sessions are ended, what is committed is kept."""
        place = place_in(self.folder)
        with place.locked():
            if serves(place.data):
                _control(place, "stop", "-m", "fast")

    def url(self, role: str, database: str = DATABASE) -> str:
        """The address for a role (`canbao_owner`, `canbao_app`, `canbao_backup`, `postgres`); it holds the password."""
        return _url(place_in(self.folder), role, database)

    def prepare(self, database: str = DATABASE) -> None:
        """Make what is missing of roles, database and extensions; the server must run. Makes no tables."""
        place = place_in(self.folder)
        passwords = place.passwords()
        with place.locked():
            with psycopg.connect(_url(place, SUPERUSER, "postgres"), autocommit=True) as connection:
                compress_quickly(connection)
                make_roles(connection, passwords)
                make_database(connection, database)
            with psycopg.connect(_url(place, SUPERUSER, database), autocommit=True) as connection:
                make_extensions(connection)

    def _start(self, place: Place) -> bool:
        place.make_socket_folder()
        if place.data_major is None:
            _make_data(place)
        elif _answers(place):
            return False
        _write_parameters(place)
        if serves(place.data):
            _control(place, "stop", "-m", "fast")  # it has lost its socket: somebody cleared the folder
        _start_and_wait(place)
        return True


def _url(place: Place, role: str, database: str) -> str:
    password = place.passwords()[role]
    return (
        f"postgresql://{role}:{quote(password)}@/{quote(database)}?host={quote(str(place.socket), safe='')}&port=5432"
    )


def _programs(place: Place) -> Programs:
    programs = to_serve(place.data_major)
    if programs.is_wheel and not place.account.reaches(programs.folder):
        ELSEWHERE.mkdir(mode=0o711, parents=True, exist_ok=True)
        folder = wheel.copied(programs.folder, ELSEWHERE / f"programs-{programs.major}")
        return Programs(folder, programs.major, is_wheel=True)
    return programs


def _make_data(place: Place) -> None:
    """Make the data folder; it gets its name when it is whole."""
    unfinished = place.home / "data.part"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    place.account.give(unfinished)
    password = _password_file(place)
    try:
        _run(place, "initdb", *_wishes(unfinished, password))
    finally:
        password.unlink()
    unfinished.rename(place.data)


def _wishes(data: Path, password: Path) -> list[str]:
    access = ["--auth-local=scram-sha-256", "--auth-host=scram-sha-256", f"--pwfile={password}"]
    letters = ["--encoding=UTF8", f"--locale={LOCALE}"]
    return ["-D", str(data), "-U", SUPERUSER, "--data-checksums", *letters, *access]


def _password_file(place: Place) -> Path:
    password, file = place.passwords()[SUPERUSER], place.home / "superuser"
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
        handle.write(password)
    place.account.give(file)
    return file


def _write_parameters(place: Place) -> None:
    """Written anew at every start: the table may have changed, and the folder may have moved."""
    access = place.home / "pg_hba.conf"
    texts = {access: ACCESS, place.home / "postgresql.conf": parameters_file(place.socket, access)}
    for file, text in texts.items():
        file.write_text(text)
        place.account.give(file)
        file.chmod(0o600)


def _start_and_wait(place: Place) -> None:
    """Start, and again for a while as long as processes of a killed server are dying."""
    until = time.monotonic() + SECONDS_FOR_OLD_PROCESSES
    if place.log.exists() and place.log.stat().st_size > LARGEST_LOG:
        place.log.replace(place.log.with_suffix(".log.old"))
    options = f"-c config_file={shlex.quote(str(place.home / 'postgresql.conf'))}"
    while True:
        forget_stale_notes(place.data, place.socket)
        try:
            return _control(place, "start", "-l", str(place.log), "-o", options)
        except ServerTrouble as trouble:
            if "还没有结束" not in trouble.problem or time.monotonic() > until:
                raise
        time.sleep(0.2)


def _answers(place: Place) -> bool:
    """Whether the server takes connections; one that is just starting or stopping is waited for."""
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until:
        said = pq.PGconn.ping(f"host='{place.socket}' port=5432 dbname=postgres".encode())
        if said != pq.Ping.REJECT:
            return said == pq.Ping.OK
        time.sleep(0.1)
    raise ServerTrouble(str(place.home), "PostgreSQL 一直没有准备好", f"请查看日志 {place.log}")


def _control(place: Place, *words: str) -> None:
    _run(place, "pg_ctl", "-D", str(place.data), "-w", "-t", str(SECONDS_TO_START), *words)


def _run(place: Place, name: str, *words: str) -> None:
    """Run a program as the server's account; its complaint, or the server's in its log, becomes a ServerTrouble."""
    before = place.log.stat().st_size if place.log.exists() else 0
    command = [_programs(place).path(name), *words]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", **place.account.start_as())
    if done.returncode:
        written = place.log.read_bytes()[before:].decode(errors="replace") if place.log.exists() else ""
        raise complaint(place.home, place.log, done.stdout + done.stderr + written)
