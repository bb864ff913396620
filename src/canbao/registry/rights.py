"""What the application's role may do with each table; given anew after every migration."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connections

OWNER = "owner"
ADDED_TO = (
    "registry_packagemove", "registry_requestmove", "registry_emergencymove", "registry_emergencylook", "history",
    "quality_bit", "person_seen", "audit_log", "registry_placerow", "place_unclear",
)  # fmt: skip
"""Tables to which rows are only ever added."""
KEPT = (
    "person", "person_identifier", "registry_request", "registry_paper", "registry_placechange", "registry_protection",
    "registry_emergency", "registry_surveyanswers", "registry_proof", "registry_proofkey",
)  # fmt: skip
"""Tables whose rows change but never go."""
LOCKED = ("protected_number",)
"""Tables that the application only asks functions about."""
REFERENCE = ("django_migrations", "django_content_type")
"""Tables that only migrations write."""


def grant_rights(using: str, **_: Any) -> None:
    """Give the application's role its rights; runs after the owner's migrations, and again does no harm."""
    if using != OWNER:
        return
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user")
        for (table,) in cursor.fetchall():
            cursor.execute(f'REVOKE ALL ON "{table}" FROM canbao_app')
            if table not in LOCKED and not _is_division(table):
                cursor.execute(f'GRANT {_rights(table)} ON "{table}" TO canbao_app')
        cursor.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO canbao_app")
        cursor.execute("GRANT EXECUTE ON FUNCTION people_named TO canbao_app")


def _rights(table: str) -> str:
    if table in REFERENCE:
        return "SELECT"
    if table in (*ADDED_TO, *_said_by_others("added_to")):
        return "SELECT, INSERT"
    is_kept = table in (*KEPT, *_said_by_others("kept"))
    return "SELECT, INSERT, UPDATE" if is_kept else "SELECT, INSERT, UPDATE, DELETE"


def _said_by_others(which: str) -> tuple[str, ...]:
    """The tables that applications built on the register name, `added_to` or `kept`."""
    return tuple(table for config in apps.get_app_configs() for table in getattr(config, which, ()))


def _is_division(table: str) -> bool:
    """A division of a people's table is reached through the whole; by itself it would be without its lock."""
    return table[-3:-2] == "_" and table[-2:].isdigit()
