"""The roles and the database of the register, made by a superuser: nobody owns more than his work needs."""

from __future__ import annotations

from collections.abc import Mapping

import psycopg
from psycopg import sql

from canbao.registry.server.passwords import APPLICATION, BACKUP, OWNER

DUTIES = {
    OWNER: "NOBYPASSRLS",
    APPLICATION: "NOBYPASSRLS",
    BACKUP: "BYPASSRLS",
}
"""Who owns and migrates; who serves pages, under row-level security; who dumps, and so must see every row."""


def make_roles(connection: psycopg.Connection, passwords: Mapping[str, str]) -> None:
    """Make the roles that are missing; needs a superuser's connection."""
    known = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
    for role, duty in DUTIES.items():
        if role not in known:
            make = f"CREATE ROLE {{}} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE {duty} PASSWORD {{}}"
            connection.execute(sql.SQL(make).format(sql.Identifier(role), sql.Literal(passwords[role])))
    connection.execute(sql.SQL("GRANT pg_read_all_data TO {}").format(sql.Identifier(BACKUP)))


def make_database(connection: psycopg.Connection, database: str) -> None:
    """Make the database, if it is missing: the owner's, and nobody may connect but our roles."""
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
        return
    names = {"database": sql.Identifier(database), "owner": sql.Identifier(OWNER)}
    connection.execute(sql.SQL("CREATE DATABASE {database} OWNER {owner} TEMPLATE template0").format(**names))
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {database} FROM PUBLIC").format(**names))
    guests = sql.SQL(", ").join([sql.Identifier(APPLICATION), sql.Identifier(BACKUP)])
    connection.execute(
        sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {guests}").format(**names, guests=guests)
    )


def make_extensions(connection: psycopg.Connection) -> None:
    """Make the extensions of the connected database; they belong to the owner, so that he can restore them too."""
    connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(OWNER)))
    connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    connection.execute("RESET ROLE")
