"""The files of docs/guide/production do what the guide says, and both languages say the same commands."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from canbao.registry.server import PrivateServer
from canbao.registry.server.parameters import PARAMETERS
from canbao.registry.server.place import place_in
from canbao.registry.server.programs import to_dump, to_serve
from canbao.registry.server.roles import DUTIES
from canbao.registry.server.soundness import SETTINGS, faults

GUIDE = Path(__file__).parents[3] / "docs" / "guide"
FILES = GUIDE / "production"
ENGLISH, CHINESE = ((GUIDE / name).read_text() for name in ("production.md", "production.zh.md"))
PRIVACY = [name for name in PARAMETERS if (name.startswith("log_") and "statement" in name) or "parameter" in name]


def parameters() -> dict[str, str]:
    lines = (FILES / "postgresql.conf").read_text().splitlines()
    written = (line.partition("#")[0].partition("=") for line in lines)
    return {name.strip(): value.strip().strip("'") for name, _, value in written if name.strip()}


def test_the_roles_of_the_guide_are_sound(folder: Path) -> None:
    server = PrivateServer(folder)
    server.start()
    known = place_in(folder).passwords()
    psql = [to_dump(15, "psql").path("psql"), "-X", "-d", server.url("postgres", "postgres"), "-f", FILES / "roles.sql"]
    subprocess.run(psql, check=True, capture_output=True)
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        for role, duty in DUTIES.items():
            change = sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(known[role]))
            connection.execute(change)
            found = connection.execute("SELECT rolbypassrls, rolsuper FROM pg_roles WHERE rolname = %s", [role])
            assert found.fetchone() == (duty == "BYPASSRLS", False)
    with psycopg.connect(server.url("canbao_app")) as connection:
        assert faults(connection) == []
    server.prepare()


def test_the_parameters_of_the_guide_exist_and_are_sound(server: PrivateServer) -> None:
    with psycopg.connect(server.url("postgres")) as connection:
        known = {name.lower() for (name,) in connection.execute("SELECT name FROM pg_settings")}
    given = parameters()
    assert [name for name in given if name not in known] == []
    assert [name for name in given if name in SETTINGS and given[name] not in SETTINGS[name][0]] == []
    assert {"fsync", "full_page_writes", "synchronous_commit"} <= given.keys()


@pytest.mark.parametrize("name", [*PRIVACY, "log_error_verbosity", "timezone", "password_encryption"])
def test_what_the_guide_shares_with_the_private_server(name: str) -> None:
    assert parameters()[name] == PARAMETERS[name][0]


def test_a_server_starts_with_the_parameters_of_the_guide(server: PrivateServer) -> None:
    """`postgres -C` reads the whole file and refuses what it doesn't understand."""
    place = place_in(server.folder)
    copy = place.home / "guide.conf"
    copy.write_text((FILES / "postgresql.conf").read_text())
    place.account.give(copy)
    command = [to_serve(place.data_major).path("postgres"), "-D", str(place.data), "-c", f"config_file={copy}"]
    asked = subprocess.run([*command, "-C", "max_slot_wal_keep_size"], capture_output=True, text=True,
                           **place.account.start_as())  # fmt: skip
    copy.unlink()
    assert (asked.returncode, asked.stdout.strip()) == (0, "65536"), asked.stderr


def commands(text: str) -> list[str]:
    """The lines of code blocks, without comments, which are in the page's language."""
    lines = re.findall(r"^ {4,}(\S.*)$", text, re.MULTILINE)
    return [line.partition("#")[0].partition(" -- ")[0].strip() for line in lines if not line.startswith(("#", "（"))]


def test_both_languages_give_the_same_commands() -> None:
    assert commands(CHINESE) == commands(ENGLISH)
    assert len(commands(ENGLISH)) > 60


@pytest.mark.parametrize("text", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_every_file_and_variable_is_named(text: str) -> None:
    files = [file.name for file in FILES.iterdir() if file.suffix != ".service" and file.name not in text]
    written = "".join(file.read_text() for file in FILES.iterdir())
    variables = set(re.findall(r"^(CANBAO_\w+)=", written, re.MULTILINE))
    assert files == []
    assert {name for name in variables if f"`{name}`" not in text} == set()
    assert len(variables) == 6
