"""Verifying a proof: the page does it in the browser, with the keys that come with it; we are told the number alone."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from canbao.registry.proofs.keys import public_keys
from canbao.registry.proofs.published import key_set, words
from canbao.registry.proofs.revoked import UNKNOWN, revoked_list, state_of
from canbao.registry.throttle import TooManyGuesses


@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """The page; what stands behind the `#` of its address is the statement, and is read there."""
    shown = {"keys": json.dumps(key_set(public_keys())), "words": json.dumps(words(), ensure_ascii=False)}
    answer = render(request, "office/proofs/check.html", shown)
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """The public keys, for whoever verifies by a program."""
    return _published(key_set(public_keys()))


@require_safe
def revoked(request: HttpRequest) -> HttpResponse:
    """The revoked numbers, for whoever verifies without a network."""
    return _published(revoked_list())


@require_safe
def state(request: HttpRequest, number: str) -> HttpResponse:
    """Whether a number is revoked, and nothing else."""
    try:
        found = state_of(number)
    except TooManyGuesses as problem:
        headers = {"Retry-After": str(problem.seconds)}
        return JsonResponse({"state": "busy"}, status=problem.status, headers=headers)
    return JsonResponse({"state": found}, status=404 if found == UNKNOWN else 200)


def _published(content: dict[str, Any]) -> HttpResponse:
    return JsonResponse(content, headers={"Access-Control-Allow-Origin": "*", "Cache-Control": "max-age=60"})
