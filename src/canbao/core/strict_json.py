"""JSON as others write it to us: nothing that the standard does not have, and nothing that no text may have."""

from __future__ import annotations

import json
from typing import Any


def read_json(text: bytes) -> Any:
    """What a text says; raises ValueError for what is no JSON, or has in it what no text may have (RFC 8259, 8.2)."""
    said = json.loads(text.decode(), parse_constant=_refuse)  # of bytes it would take half characters, and UTF-16
    if b"\\u" in text:  # only so can half a character or the zero come in, which the database can't keep
        written = json.dumps(said, ensure_ascii=False)
        written.encode()
        if "\\u0000" in written:
            raise ValueError
    return said


def _refuse(constant: str) -> None:
    """NaN and infinity, which Python reads and JSON doesn't have."""
    raise ValueError(constant)
