"""Pages of packages: the list, one package with its progress, upload, admission, and what is wrong with it."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from canbao.core.progress import open_moves
from canbao.law.moves import read_workflows
from canbao.law.places import PROVINCE
from canbao.office.packages import checking, spool, summary
from canbao.office.packages.forms import Uploading
from canbao.registry.access import Refused
from canbao.registry.actions import packages
from canbao.registry.models import Officer, Package

PAGE = 20


def listed(request: HttpRequest) -> HttpResponse:
    """The packages of one's own area."""
    found = _own(request.user).select_related("received_by")
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
    """One package: its course, its findings by rule, and what can be done with it now."""
    package = _find(request.user, package_id)
    context = {
        "package": package,
        "line": _line(package),
        "can": _possible(request.user, package),
        "has_errors": _may_take_errors(request.user, package) and spool.error_file(package.id).exists(),
        **summary.counted(package),
        **_progress(package),
    }
    return render(request, "office/packages/shown.html", context)


def progress(request: HttpRequest, package_id: int) -> HttpResponse:
    """The part of the page that moves; asked for again while work goes on, and the whole page when it is over."""
    package = _find(request.user, package_id)
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


@transaction.atomic
def _receive(by: Officer, name: str, spooled: spool.Spooled) -> Package:
    division = _division(by)
    package = packages.receive(
        division_code=division, file_name=name[:200], size=spooled.size, sha256=spooled.sha256, by=by
    )
    spool.keep(spooled, package.id)
    _queue("check_package", package, by)
    return package


@require_POST
@transaction.atomic
def admit(request: HttpRequest, package_id: int) -> HttpResponse:
    """Decide that a package goes into the register."""
    package = _find(request.user, package_id)
    packages.order_admission(package=package, by=request.user)
    _queue("admit_package", package, request.user)
    return redirect("package", package_id=package.id)


@require_POST
def cancel(request: HttpRequest, package_id: int) -> HttpResponse:
    """Take a package back before it is admitted."""
    package = _find(request.user, package_id)
    packages.cancel(package=package, by=request.user)
    return redirect("package", package_id=package.id)


def errors(request: HttpRequest, package_id: int) -> HttpResponse:
    """The list of what is wrong with a refused package, for Excel, to those who sent it."""
    package = _find(request.user, package_id)
    packages.take_errors(package=package, by=request.user)
    file = spool.error_file(package.id)
    if not file.exists():
        raise Http404
    name = f"{package.division_code}-{package.id}-错误清单.xlsx"
    return FileResponse(file.open("rb"), as_attachment=True, filename=name)


def receipt(request: HttpRequest, package_id: int) -> HttpResponse:
    """A receipt to print: what came in, when, from whom, its digest, and what became of it."""
    package = _find(request.user, package_id)
    return render(request, "office/packages/receipt.html", {"package": package, "line": _line(package)})


def _own(officer: Officer) -> QuerySet[Package]:
    """The packages that concern an officer: of the own city, or all for the province."""
    if len(officer.area) == 2:
        return Package.objects.filter(Q(division_code__startswith=officer.area))
    return Package.objects.filter(division_code__startswith=officer.area[:4])


def _find(officer: Officer, package_id: int) -> Package:
    package = _own(officer).select_related("received_by").filter(pk=package_id).first()
    if package is None:
        raise Http404
    return package


def _may_take_errors(officer: Officer, package: Package) -> bool:
    return officer.may("package.upload") and packages.is_own(package, officer)


def _line(package: Package) -> list[dict[str, object]]:
    """The moves that were made with a package, for parts/time_line.html."""
    labels = {move.id: move.label for move in read_workflows()["package"].moves}
    return [
        {"at": made.at, "label": labels.get(made.move, made.move), "by": made.by.display_name}
        for made in package.moves.select_related("by").order_by("id")
    ]


def _division(officer: Officer) -> str:
    """The reporting division of an officer: the city's, or the province's own for the police list."""
    return PROVINCE if len(officer.area) == 2 else officer.area[:4] + "00"


def _possible(officer: Officer, package: Package) -> set[str]:
    """The moves that this officer can make with the package now."""
    legal = {move.id for move in open_moves(read_workflows()["package"], package.state)}
    allowed = {"admit": "package.admit", "cancel": "package.upload"}
    possible = {move for move, permission in allowed.items() if move in legal and officer.may(permission)}
    return possible - {"admit"} if package.state == "admitting" and _is_moving(package) else possible


def _is_moving(package: Package) -> bool:
    return package.works.filter(state__in=["waiting", "running"]).exists()


def _progress(package: Package) -> dict[str, object]:
    latest = package.works.order_by("-id").first()
    percent = round(100 * latest.done / latest.total) if latest and latest.total else 0
    return {
        "work": latest,
        "percent": min(percent, 100),
        "has_share": bool(latest and latest.total and latest.kind == "admit_package"),
        "is_moving": _is_moving(package),
    }


def _queue(job: str, package: Package, by: Officer) -> None:
    """Put a job on the queue in the same transaction as the decision for it."""
    from canbao.office import jobs

    getattr(jobs, job).defer(work_id=checking.asked(job, package, by).id)
