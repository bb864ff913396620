"""The interface as one: its routers, and how it says what is wrong."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import ValidationError

from canbao.api.answering import said_in_json
from canbao.api.phones.routes import router as phones
from canbao.registry.access import Refused
from canbao.registry.throttle import TooManyGuesses
from canbao.survey.phones.devices import PhoneRefused

SECONDS = 600
"""After which a phone that has sent too much may try again."""
api = NinjaAPI(title="参保登记接口", version="1", docs_url=None, openapi_url=None)
api.add_router("/phone/", phones)


@api.exception_handler(PhoneRefused)
def _phone_refused(request: HttpRequest, problem: PhoneRefused) -> HttpResponse:
    answer = _told(problem.status, problem.why, str(problem), **problem.more)
    if problem.status == TooManyGuesses.status:
        answer.headers["Retry-After"] = str(SECONDS)
    return answer


@api.exception_handler(TooManyGuesses)
def _too_many(request: HttpRequest, problem: TooManyGuesses) -> HttpResponse:
    answer = _told(429, "too_many", str(problem))
    answer.headers["Retry-After"] = str(problem.seconds)
    return answer


@api.exception_handler(Refused)
def _refused(request: HttpRequest, problem: Refused) -> HttpResponse:
    return _told(403, "refused", str(problem))


@api.exception_handler(ValidationError)
def _wrong(request: HttpRequest, problem: ValidationError) -> HttpResponse:
    return _told(400, "wrong", "请求的写法不对；请更新应用后再试")


def _told(status: int, why: str, says: str, **more: int) -> HttpResponse:
    return said_in_json({"why": why, "says": says, **more}, status)
