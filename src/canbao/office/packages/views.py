"""Pages of packages: the list, one package with its progress, upload, admission, and what is wrong with it."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from canbao.core.progress import open_moves
from canbao.law.moves import read_workflows
from canbao.law.places import PROVINCE
from canbao.office.packages import plausibility, requesting, spool, summary
from canbao.office.packages.finding import find, is_moving, own_packages
from canbao.office.packages.forms import Uploading
from canbao.office.packages.queueing import queue
from canbao.office.time_line import time_line
from canbao.registry.access import Refused
from canbao.registry.actions import packages
from canbao.registry.actions.rehearsals import BEFORE_ADMISSION
from canbao.registry.deeds import together
from canbao.registry.models import Officer, Package
from canbao.registry.packages import brought, taken_back

PAGE = 20
COUNTED = ("admit_package", "rehearse_package", "withdraw_package")
"""The work of which it is known how many people are through."""


def listed(request: HttpRequest) -> HttpResponse:
    """The packages of one's own area."""
    found = own_packages(request.user).select_related("received_by")
    states, asked = read_workflows()["package"].states, request.GET.get("state", "")
    if asked not in states:
        asked = ""
    found = found.filter(state=asked) if asked else found
    context = {
        "page": Paginator(found.order_by("-received_at"), PAGE).get_page(request.GET.get("page")),
        "kept": urlencode({"state": asked}) + "&",
        "states": states,
        "asked": asked,
        "may_upload": request.user.may("package.upload"),
    }
    return render(request, "office/packages/list.html", context)


def shown(request: HttpRequest, package_id: int) -> HttpResponse:
    """One package: its course, how it compares, its findings by rule, and what can be done with it now."""
    package = find(request.user, package_id)
    context = {
        "package": package,
        "line": _line(package),
        "compared": plausibility.shown(package),
        "decisions": requesting.shown(package, request.user),
        "taken": taken_back(package) if package.state in ("withdrawing", "withdrawn") else None,
        "brought": brought(package),
        "can": _possible(request.user, package),
        "has_errors": _may_take_errors(request.user, package) and spool.error_file(package.id).exists(),
        **summary.counted(package),
        **_progress(package),
    }
    return render(request, "office/packages/shown.html", context)


def progress(request: HttpRequest, package_id: int) -> HttpResponse:
    """The part of the page that moves; asked for again while work goes on, and the whole page when it is over."""
    package = find(request.user, package_id)
    context = {"package": package, **_progress(package)}
    response = render(request, "office/packages/progress.html", context)
    if not context["is_moving"]:
        response["HX-Refresh"] = "true"
    return response


def upload(request: HttpRequest) -> HttpResponse:
    """Take a package in and put its check on the queue."""
    form = Uploading(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if not form.is_valid():
        context = {"form": form, "division": _division(request.user)}
        return render(request, "office/packages/upload.html", context, status=400 if form.is_bound else 200)
    file = form.cleaned_data["package"]
    spooled = spool.spool(file)
    try:
        package = _receive(request.user, file.name or "", spooled)
    except Refused:
        spooled.part.unlink(missing_ok=True)
        raise
    return redirect("package", package_id=package.id)


def _receive(by: Officer, name: str, spooled: spool.Spooled) -> Package:
    division = _division(by)
    with together():
        package = packages.receive(
            division_code=division, file_name=name[:200], size=spooled.size, sha256=spooled.sha256, by=by
        )
        spool.keep(spooled, package.id)
        queue("check_package", package, by)
    return package


@require_POST
def admit(request: HttpRequest, package_id: int) -> HttpResponse:
    """Decide that a package goes into the register."""
    package = find(request.user, package_id)
    with together():
        packages.order_admission(package=package, by=request.user)
        queue("admit_package", package, request.user)
    return redirect("package", package_id=package.id)


@require_POST
def cancel(request: HttpRequest, package_id: int) -> HttpResponse:
    """Take a package back before it is admitted."""
    package = find(request.user, package_id)
    packages.cancel(package=package, by=request.user)
    return redirect("package", package_id=package.id)


def errors(request: HttpRequest, package_id: int) -> HttpResponse:
    """The list of what is wrong with a refused package, for Excel, to those who sent it."""
    package = find(request.user, package_id)
    packages.take_errors(package=package, by=request.user)
    file = spool.error_file(package.id)
    if not file.exists():
        raise Http404
    name = f"{package.division_code}-{package.id}-错误清单.xlsx"
    return FileResponse(file.open("rb"), as_attachment=True, filename=name)


def receipt(request: HttpRequest, package_id: int) -> HttpResponse:
    """A receipt to print: what came in, when, from whom, its digest, and what became of it."""
    package = find(request.user, package_id)
    return render(request, "office/packages/receipt.html", {"package": package, "line": _line(package)})


def _may_take_errors(officer: Officer, package: Package) -> bool:
    return officer.may("package.upload") and packages.is_own(package, officer)


def _line(package: Package) -> list[dict[str, object]]:
    return time_line("package", package.moves.select_related("by").order_by("id"), note=lambda move: "")


def _division(officer: Officer) -> str:
    """The reporting division of an officer: the city's, or the province's own for the police list."""
    return PROVINCE if len(officer.area) == 2 else officer.area[:4] + "00"


MOVES = {
    "admit": ("admit", "package.admit"),
    "cancel": ("cancel", "package.upload"),
    "give_back": ("refuse", "package.admit"),
    "check_again": ("check_again", "package.admit"),
    "accept": ("accept", "doubtful_package.ask"),
    "withdraw": ("withdraw", "withdrawal.ask"),
    "go_on": ("finish_withdrawal", "withdrawal.approve"),
}
"""What is asked for on the page, with the move that it leads to and the permission that it needs."""


def _possible(officer: Officer, package: Package) -> set[str]:
    """What this officer can do with the package now."""
    legal = {move.id for move in open_moves(read_workflows()["package"], package.state)}
    possible = {name for name, (move, permission) in MOVES.items() if move in legal and officer.may(permission)}
    if package.state in BEFORE_ADMISSION and officer.may("package.rehearse"):
        possible.add("rehearse")
    if package.state in ("received", "checking"):
        possible -= {"give_back"}
    return possible - {"admit", "rehearse", "go_on", "withdraw"} if is_moving(package) else possible


def _progress(package: Package) -> dict[str, object]:
    latest = package.works.order_by("-id").first()
    percent = round(100 * latest.done / latest.total) if latest and latest.total else 0
    return {
        "work": latest,
        "percent": min(percent, 100),
        "has_share": bool(latest and latest.total and latest.kind in COUNTED),
        "is_moving": is_moving(package),
    }
