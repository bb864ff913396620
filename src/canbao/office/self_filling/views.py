"""A resident gives the code on the letter, fills in the form and hands it in. Nothing of the register is shown but a
masked name and the community, and nothing that was typed is lost."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from canbao.office.pages import unkept
from canbao.office.self_filling.fields import Sheet
from canbao.office.self_filling.tokens import Proof, proof, token
from canbao.office.sign_in.waiting import marked
from canbao.registry.access import Refused
from canbao.survey.actions.entries import Unfinished
from canbao.survey.actions.self_filling import Invitation, invitation_of, is_open, open_code, turn_in

REASON = "reason_"
OURS = frozenset({"csrfmiddlewaretoken", "token", "code"})
EXPIRED = "这一页打开超过 2 小时了。您填的内容还在下面，请再输一次登记码，然后提交"
Written = tuple[dict[str, str], dict[str, str]]


@unkept
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def door(request: HttpRequest) -> HttpResponse:
    """Where the code is given."""
    _require_open()
    if request.method == "GET":
        return _door(request)
    try:
        found = open_code(request.POST.get("code", ""))
    except Refused as refusal:
        return marked(_door(request, str(refusal)), refusal)
    return _page(request, found, Sheet(found.form))


@unkept
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def form(request: HttpRequest) -> HttpResponse:
    """What was filled in is handed in, or comes back with what is wrong with it."""
    _require_open()
    if request.method == "GET":
        return redirect("fill")
    proven = proof(request.POST.get("token", ""))
    if request.POST.get("code"):
        return _opened_again(request, proven)
    if proven is None:
        return _door(request, "请再输一次登记码")
    if not proven.is_fresh:
        return _expired(request, proven, EXPIRED)
    return _handed_in(request, proven, request.POST["token"])


@unkept
@require_GET
def done(request: HttpRequest) -> HttpResponse:
    """Thanks, and what happens next."""
    _require_open()
    return render(request, "office/self_filling/done.html")


def _require_open() -> None:
    if not is_open():
        raise Http404


def _opened_again(request: HttpRequest, proven: Proof | None) -> HttpResponse:
    """The code was given once more, with what had been filled in before."""
    try:
        found = open_code(request.POST.get("code", ""))
    except Refused as refusal:
        again = _expired(request, proven, str(refusal)) if proven else _door(request, str(refusal))
        return marked(again, refusal)
    seconds = proven.seconds if proven else 0
    return _handed_in(request, Proof(found.code_id, seconds, is_fresh=True), token(found.code_id))


def _handed_in(request: HttpRequest, proven: Proof, began: str) -> HttpResponse:
    """`began` is the token that the form bears if it comes back."""
    written, reasons = _written(request)
    try:
        turn_in(code_id=proven.code_id, written=written, reasons=reasons, seconds=proven.seconds)
    except Unfinished as unfinished:
        found = _invitation(proven)
        sheet = Sheet(found.form, written, reasons, unfinished.found)
        return _page(request, found, sheet, began=began)
    except Refused as refusal:
        found = _invitation(proven)
        return _page(request, found, Sheet(found.form, written, reasons), refusal=str(refusal), status=409)
    return redirect("fill_done")


def _expired(request: HttpRequest, proven: Proof, why: str) -> HttpResponse:
    found = _invitation(proven)
    sheet = Sheet(found.form, *_written(request))
    return _page(request, found, sheet, refusal=why, began=request.POST.get("token", ""), wants_code=True)


def _invitation(proven: Proof) -> Invitation:
    found = invitation_of(proven.code_id)
    if found is None:
        raise Http404
    return found


def _written(request: HttpRequest) -> Written:
    said = {name: str(value) for name, value in request.POST.items() if name not in OURS}
    reasons = {name.removeprefix(REASON): text for name, text in said.items() if name.startswith(REASON)}
    return {name: text for name, text in said.items() if not name.startswith(REASON)}, reasons


def _door(request: HttpRequest, refusal: str = "") -> HttpResponse:
    return render(
        request, "office/self_filling/door.html", {"refusal": refusal, "code": request.POST.get("code", "")[:40]}
    )


def _page(
    request: HttpRequest, found: Invitation, sheet: Sheet, *, refusal: str = "", began: str = "",
    wants_code: bool = False, status: int = 200,
) -> HttpResponse:  # fmt: skip
    known = sheet.form.questions
    shown = {
        "invited": found,
        "parts": sheet.parts(),
        "wrong": [(one.question, known[one.question].label, one.says) for one in sheet.found if one.question in known],
        "refusal": refusal,
        "token": began or token(found.code_id),
        "wants_code": wants_code,
    }
    return render(request, "office/self_filling/form.html", shown, status=status)
