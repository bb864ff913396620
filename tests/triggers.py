"""What only grows, opened for a moment to somebody with the owner's rights."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

GUARDED = {
    "audit_log": ("audit_log_follows_on", "audit_log_only_grows", "audit_log_is_not_emptied"),
    "history": ("history_only_grows", "history_is_not_emptied"),
}


@contextmanager
def without_triggers(cursor: Any) -> Iterator[None]:
    """Log and history without what guards them; afterwards they are guarded as before."""
    for table in GUARDED:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    try:
        yield
    finally:
        for table, triggers in GUARDED.items():
            for trigger in triggers:
                cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}")
