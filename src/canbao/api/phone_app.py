"""The phone's page, its service worker and its manifest: files without anybody's data, open to everyone."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

APP = Path(__file__).parent / "static" / "mobile"
KEPT = {".js", ".css", ".png", ".svg"}
"""What of the app's folder the phone keeps, besides the page; licences and lists of versions stay here."""
POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data: blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
"""As in the office, but no form is sent anywhere, and `blob:` is for the photos that were just taken."""
ALLOWED = "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()"


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The one page of the app; what it shows is drawn on the phone."""
    answer = _fresh(_page().encode(), "text/html; charset=utf-8")
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["Permissions-Policy"] = ALLOWED
    return answer


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker with the list of the app's files, so that it is another one as soon as any of them is."""
    listed = json.dumps(digests(), indent=0, sort_keys=True)
    text = f"const FILES = {listed};\n{(APP / 'worker.js').read_text(encoding='utf-8')}"
    answer = _fresh(text.encode(), "text/javascript; charset=utf-8")
    answer.headers["Service-Worker-Allowed"] = reverse("phone_app")
    return answer


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What a browser has to know to put the app on the phone's desktop."""
    return _fresh(_manifest(), "application/manifest+json; charset=utf-8")


@cache
def digests() -> dict[str, str]:
    """Every file that the phone keeps, by its address, with the SHA-256 of its bytes."""
    files = sorted(file for file in APP.rglob("*") if file.suffix in KEPT and file != APP / "worker.js")
    kept = {static(f"mobile/{file.relative_to(APP).as_posix()}"): file.read_bytes() for file in files}
    kept |= {reverse("phone_app"): _page().encode(), reverse("phone_app_manifest"): _manifest()}
    return {address: hashlib.sha256(content).hexdigest() for address, content in kept.items()}


@cache
def _page() -> str:
    return get_template("mobile/index.html").render()


@cache
def _manifest() -> bytes:
    return (APP / "manifest.webmanifest").read_bytes()


def _fresh(content: bytes, kind: str) -> HttpResponse:
    """An answer that a browser asks for again each time."""
    return HttpResponse(content, content_type=kind, headers={"Cache-Control": "no-cache"})
