"""What is answered while somebody has to wait before the next try."""

from __future__ import annotations

from django.http import HttpResponse

from canbao.registry.access import Refused
from canbao.registry.throttle import TooManyGuesses


def marked(response: HttpResponse, refusal: Refused | None) -> HttpResponse:
    """The answer with the status that belongs to a refusal: 429, and in how many seconds to come back."""
    if isinstance(refusal, TooManyGuesses):
        response.status_code = TooManyGuesses.status
        response.headers["Retry-After"] = str(refusal.seconds)
    return response
