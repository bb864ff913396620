"""The partners' interface as one: its routers, and how it says what is wrong."""

from __future__ import annotations

from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from canbao.api.partners.asking import PartnerParser
from canbao.api.partners.counter import router as counter
from canbao.api.partners.feed import router as feed
from canbao.api.partners.panels import router as panels
from canbao.api.partners.problems import SECONDS, not_found, told
from canbao.api.partners.proofs import router as proofs
from canbao.api.partners.standing import router as standing
from canbao.api.partners.stream import router as stream
from canbao.registry.access import Refused
from canbao.registry.deeds import Unwritten
from canbao.registry.outage import outage
from canbao.registry.partner_deeds import turn_away
from canbao.registry.partners import PartnerRefused
from canbao.registry.throttle import TooManyGuesses

api = NinjaAPI(
    title="参保登记交换接口",
    version="1",
    description="docs/exchange.md 是约定的全文。每个请求都要签名（HTTP Message Signatures，RFC 9421）。",
    urls_namespace="partners",
    openapi_url="openapi.json",
    docs_url=None,
    parser=PartnerParser(),
)
for address, router in (
    ("/standing", standing), ("/stream", stream), ("/feed", feed), ("", counter), ("", proofs), ("", panels),
):  # fmt: skip
    api.add_router(address, router)


@api.exception_handler(PartnerRefused)
def _partner_refused(request: HttpRequest, problem: PartnerRefused) -> HttpResponse:
    """What no deed has written down is written down here, if it is known whose request it was."""
    partner = getattr(request, "auth", None)
    try:
        if partner is not None and problem.write_down is None:
            reason = problem.__cause__ if isinstance(problem.__cause__, Refused) else problem
            turn_away(partner, f"{problem.why}：{reason}")
    except (DatabaseError, Unwritten) as trouble:
        return _failed(request, trouble)
    return told(problem)


@api.exception_handler(TooManyGuesses)
def _too_many(request: HttpRequest, problem: TooManyGuesses) -> HttpResponse:
    return told(PartnerRefused(429, "too_many", str(problem), seconds=problem.seconds))


@api.exception_handler(Refused)
def _refused(request: HttpRequest, problem: Refused) -> HttpResponse:
    refused = PartnerRefused(403, "refused", str(problem))
    refused.write_down = problem.write_down
    return _partner_refused(request, refused)


@api.exception_handler(ValidationError)
@api.exception_handler(HttpError)
def _wrong(request: HttpRequest, problem: ValidationError | HttpError) -> HttpResponse:
    return _partner_refused(request, PartnerRefused(400, "wrong", "请求的写法不对，没有收下；请对照接口说明"))


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, problem: Http404) -> HttpResponse:
    return _partner_refused(request, not_found())


@api.exception_handler(Exception)
def _failed(request: HttpRequest, problem: Exception) -> HttpResponse:
    """503 for what passes by itself; everything else is a fault of ours, and Django's to handle."""
    why = outage(problem) or ("日志暂时写不进去" if isinstance(problem, Unwritten) else "")
    if not why:
        raise problem
    return told(PartnerRefused(503, "away", f"{why}，没有收下；请稍后重发", seconds=SECONDS))
