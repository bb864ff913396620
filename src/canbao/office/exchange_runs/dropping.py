"""Bringing a file that a partner's own system has written and signed, where it has no way to drop it."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.core.files import File
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from canbao.office.exchange_runs.forms import Dropping
from canbao.registry.access import Refused
from canbao.registry.actions.drops import in_words, upload
from canbao.registry.dropped_files import FILE_BYTES, SIGNATURE_BYTES, dropped_name
from canbao.registry.models import Officer


@require_http_methods(["GET", "POST"])
def drop(request: HttpRequest) -> HttpResponse:
    """Take a file and its signature, and say what came of its rows."""
    form = Dropping(*((request.POST, request.FILES) if request.method == "POST" else ()))
    said: list[str] = []
    if form.is_valid():
        try:
            said = _taken(form.cleaned_data["file"], form.cleaned_data["signature"], request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    shown = {"form": form, "said": said}
    return render(request, "office/exchange_runs/files.html", shown, status=400 if form.is_bound and not said else 200)


def _taken(file: File, signature: File, by: Officer) -> list[str]:
    name = file.name or ""
    dropped_name(name)
    if (file.size or 0) > FILE_BYTES or (signature.size or 0) > SIGNATURE_BYTES:
        raise Refused("文件太大")
    Path(settings.SPOOL).mkdir(mode=0o700, parents=True, exist_ok=True)
    with TemporaryDirectory(dir=settings.SPOOL) as folder:
        kept, signed = Path(folder) / name, Path(folder) / f"{name}.sig"
        kept.write_bytes(file.read())
        signed.write_bytes(signature.read())
        return in_words(upload(kept, signed, by=by)).splitlines()
