"""Compressing what goes to phones: lines in villages are slow. The office's pages stay as they are."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware

FOR_PHONES = ("/api/", "/mobile/", "/static/mobile/")


class CompressedForPhones(GZipMiddleware):
    """Django's own, for the phone's addresses alone; it adds random bytes, so that lengths tell nothing (BREACH)."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """The answer, compressed if the phone can read it and it is worth it."""
        is_for_phones = request.path_info.startswith(FOR_PHONES)
        return super().process_response(request, response) if is_for_phones else response
