"""The question that a search asks, kept in the session between a form and its answer, where nobody else can read it.

An address would be on the logs of servers and browsers; the session is a row of the database, so the question lies in
it encrypted: whoever reads the table without the installation's secret key learns nothing.
"""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.http import HttpRequest

KEPT = "people_question"


def keep_question(request: HttpRequest, question: dict[str, Any]) -> None:
    """Keep a question till the next one."""
    request.session[KEPT] = _cipher().encrypt(json.dumps(question).encode()).decode()


def kept_question(request: HttpRequest) -> dict[str, Any] | None:
    """The question that is kept, or None."""
    try:
        question: dict[str, Any] = json.loads(_cipher().decrypt(str(request.session.get(KEPT, "")).encode()))
    except InvalidToken:
        return None
    return question


def _cipher() -> Fernet:
    key = hashlib.sha256(b"canbao: question of a search\0" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
