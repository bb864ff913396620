"""What the log says of a partner."""

from __future__ import annotations

import json
from typing import Any

from django.db import connections


def lines(action: str = "exchange.") -> list[dict[str, Any]]:
    """The lines whose action begins so, in their order."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT action, decision, account, objects, details, origin FROM audit_log "
            "WHERE starts_with(action, %s) ORDER BY number",
            [action],
        )
        names = [column[0] for column in cursor.description]
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return [{**line, "details": json.loads(line["details"])} for line in found]


def alarms() -> list[str]:
    """The kinds of alarms that were raised."""
    return [line["action"].removeprefix("alarm.") for line in lines("alarm.")]
