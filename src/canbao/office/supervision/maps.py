"""The base map, if the installation has one: only the state approves maps, so none comes with the program."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from canbao.office.campaigns.tabs import campaign_of
from canbao.survey.models import Campaign


@require_GET
def base_map(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """The outlines of the counties of a campaign's city, as GeoJSON."""
    file = map_of(campaign_of(request, campaign_id))
    if file is None:
        raise Http404
    return JsonResponse(_read(file))


def map_of(campaign: Campaign) -> Path | None:
    """The file with a city's map, or None where the installation has none that can be read."""
    if settings.MAP_FOLDER is None:
        return None
    file = settings.MAP_FOLDER / f"{campaign.city}00.json"
    try:
        found = _read(file)
    except (OSError, ValueError):
        return None
    return file if isinstance(found, dict) and found.get("type") == "FeatureCollection" else None


def _read(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))
