"""The private server's parameters: one table, each with its reason, for a machine with 2 cores and 4 GB or more."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import psycopg

ENOUGH_TO_SHARE = 512 << 20
LEAST_BUFFERS, MOST_BUFFERS = 128 << 20, 8 << 30

PARAMETERS: dict[str, tuple[str, str]] = {
    # what is acknowledged is on the disk, whole
    "fsync": ("on", "what is acknowledged survives a power failure"),
    "full_page_writes": ("on", "a page torn by a power failure is made whole from the log"),
    "synchronous_commit": ("on", "COMMIT returns after the log is on the disk"),
    # who may come
    "listen_addresses": ("", "no network: a socket in a folder of the owner's alone"),
    "unix_socket_permissions": ("0700", "a second lock on the same door"),
    "password_encryption": ("scram-sha-256", "passwords are not kept in clear"),
    "max_connections": ("60", "web and worker processes with their pools, and room for a dump"),
    # memory
    "effective_cache_size": ("2GB", "what the planner may expect of the system's cache"),
    "work_mem": ("32MB", "sorts of a bulk admission in memory; times 60 connections still bounded"),
    "maintenance_work_mem": ("256MB", "building indexes and VACUUM"),
    "temp_file_limit": ("20GB", "one runaway query can't fill the disk"),
    # writing in bulk
    "max_wal_size": ("4GB", "a bulk admission doesn't force a checkpoint every few seconds"),
    "checkpoint_timeout": ("15min", "fewer full pages in the log"),
    "wal_compression": ("on", "full pages take a third of the room"),
    # planning
    "random_page_cost": ("1.1", "solid state disks; indexes are not shunned"),
    "jit": ("off", "look-ups are short: compiling costs more than it gives"),
    # what the program relies on
    "default_transaction_isolation": ("read committed", "locks and constraints are written for it"),
    "timezone": ("Asia/Shanghai", "a day is a day in Guangdong"),
    "log_timezone": ("Asia/Shanghai", "the log in the same hours as the pages"),
    "lc_messages": ("C", "troubles are told apart by their English words"),
    "idle_in_transaction_session_timeout": ("15min", "a process that hangs gives its locks back"),
    # a log without persons: no statements, no parameters, no DETAIL with key values
    "logging_collector": ("off", "one log, which also tells why the server did not start"),
    "log_statement": ("none", "statements hold names and numbers"),
    "log_min_error_statement": ("panic", "so does the statement of an error"),
    "log_min_duration_statement": ("-1", "and a slow one"),
    "log_parameter_max_length": ("0", "and their parameters"),
    "log_parameter_max_length_on_error": ("0", "and those of an error"),
    "log_error_verbosity": ("terse", "DETAIL quotes the key that was doubled"),
}


def parameters_file(socket: Path, access: Path) -> str:
    """The text of `postgresql.conf`: the table above, the folder of the socket and the file of who may come."""
    places = {
        "unix_socket_directories": (f'"{socket}"', "where the door is"),
        "hba_file": (str(access), "who may come"),
    }
    workers = (
        "2" if _shared_memory() >= ENOUGH_TO_SHARE else "0",
        "containers often have 64 MB of /dev/shm: too little",
    )
    buffers = (f"{_buffers() >> 20}MB", "an eighth of the memory: indexes stay in it; pages are only taken as used")
    rows = {
        **PARAMETERS,
        "shared_buffers": buffers,
        "max_parallel_workers_per_gather": workers,
        "port": ("5432", "names the socket"),
        **places,
    }
    written = "".join(f"{name} = {_quoted(value)}  # {reason}\n" for name, (value, reason) in rows.items())
    return "# Written anew by canbao at every start; changes are lost.\n" + written


ACCESS = """# Written by canbao: over the socket, with a password; nobody comes from the network.
local all all scram-sha-256
local replication all scram-sha-256
"""
"""The text of `pg_hba.conf`."""


def compress_quickly(connection: psycopg.Connection) -> None:
    """Have full pages compressed by LZ4 if the server was built with it: pglz costs a bulk admission a seventh."""
    kinds = connection.execute("SELECT enumvals FROM pg_settings WHERE name = 'wal_compression'").fetchone()
    if kinds and kinds[0] and "lz4" in kinds[0]:
        connection.execute("ALTER SYSTEM SET wal_compression = lz4")
        connection.execute("SELECT pg_reload_conf()")


def _shared_memory() -> int:
    """Bytes that processes may share, out of which parallel queries live."""
    return shutil.disk_usage("/dev/shm").total if Path("/dev/shm").exists() else 0


def _buffers() -> int:
    """Bytes for pages that are much used."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return max(LEAST_BUFFERS, min(memory // 8, MOST_BUFFERS))


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"
