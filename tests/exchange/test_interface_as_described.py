"""The whole interface against its own description: requests as described and otherwise, by the thousand."""

from __future__ import annotations

import json
import os
from http import HTTPStatus
from io import BytesIO
from typing import Any

import pytest
import requests
import schemathesis
from django.test import override_settings
from hypothesis import HealthCheck, settings
from requests.adapters import HTTPAdapter
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)
from urllib3 import HTTPResponse

from canbao.api.partners.interface import api
from partner_desk import agreed, partner, with_key
from push_desk import ONE, household
from setting_desk import put_in
from signed_requests import SERVER, System, send, signed_headers

EXAMPLES = int(os.environ.get("CANBAO_REQUESTS", "60"))
"""How many requests of each route; a release tries thousands."""
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
    negative_data_rejection,
]  # fmt: skip
UNSENT = ("content-type", "content-length", "content-encoding", "accept-encoding", "signature", "signature-input")
"""What the test writes itself."""
PARTS = ("method", "url", "headers", "params", "data", "json", "files", "cookies")


def _description() -> dict[str, Any]:
    """The description without the signature, which the test adds at last."""
    found = json.loads(json.dumps(api.get_openapi_schema(), default=str))
    for route in found["paths"].values():
        for operation in route.values():
            operation.pop("security", None)
    return found


described = schemathesis.openapi.from_dict(_description())


@pytest.fixture
def system(register) -> System:
    put_in("440600", household=household((ONE, "张三")))
    made = partner()
    agreed(made, people_a_day=10**6, requests_a_minute=10**6)
    secret, key = with_key(made)
    return System(secret, key.key_id)


@described.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_answers_are_those_that_are_described(case, system):
    with override_settings(GUESSES_FROM_SOURCE=10**9):
        case.validate_response(asked(case, system), checks=CHECKS)


@described.parametrize()
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
def test_unsigned_nothing_is_answered(case, system):
    with override_settings(GUESSES_FROM_SOURCE=10**9):
        answer = asked(case, system, is_signed=False)
        case.validate_response(answer, checks=CHECKS[:-1])
        assert answer.status_code in (HTTPStatus.UNAUTHORIZED, HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.NOT_FOUND)


def asked(case: schemathesis.Case, system: System, *, is_signed: bool = True) -> requests.Response:
    """Send a case as it would go over the line, signed."""
    request = requests.Request(**_parts(case)).prepare()
    body = request.body.encode() if isinstance(request.body, str) else request.body or b""
    path, kind = request.path_url, request.headers.get("Content-Type", "")
    headers = {name: value for name, value in request.headers.items() if name.lower() not in UNSENT}
    if is_signed:
        headers |= signed_headers(request.method, path, system.secret, system.key_id, body)
    system.web.raise_request_exception = False
    given = send(system.web, request.method, path, body, headers, content_type=kind)
    raw = HTTPResponse(BytesIO(given.content), dict(given.items()), given.status_code, preload_content=False)
    return HTTPAdapter().build_response(request, raw)


def _parts(case: schemathesis.Case) -> dict[str, Any]:
    found = case.as_transport_kwargs(base_url=f"http://{SERVER}")
    return {name: found[name] for name in PARTS if found.get(name) is not None}
