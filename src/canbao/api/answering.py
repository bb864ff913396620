"""How the interface answers: JSON that keeps its characters."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse


def said_in_json(said: dict[str, Any], status: int = 200) -> HttpResponse:
    """An answer with something to say."""
    return HttpResponse(json.dumps(said, ensure_ascii=False), status=status, content_type="application/json")
