"""Which database the register is in, as Django wants to be told."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from psycopg.conninfo import conninfo_to_dict

Role = Literal["app", "owner"]
VARIABLES: dict[Role, str] = {"app": "CANBAO_DATABASE_URL", "owner": "CANBAO_OWNER_DATABASE_URL"}


def django_database(role: Role, environment: Mapping[str, str], state: Path) -> dict[str, Any]:
    """The entry of DATABASES for a role: from the environment, else the program's own private server below `state`."""
    url = environment.get(VARIABLES[role]) or environment.get(VARIABLES["app"]) or _private_url(role, state)
    parts = conninfo_to_dict(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.get("dbname", "canbao"),
        "USER": parts.get("user", ""),
        "PASSWORD": parts.get("password", ""),
        "HOST": parts.get("host", ""),
        "PORT": parts.get("port", ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"application_name": f"canbao-{role}"},
    }


def _private_url(role: Role, state: Path) -> str:
    from canbao.registry.server import PrivateServer

    return PrivateServer(state / "database").url(f"canbao_{role}")
