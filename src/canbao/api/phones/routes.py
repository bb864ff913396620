"""The phone's addresses: each reads what it is asked, calls one verb and says what came of it."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict
from functools import cache
from typing import Annotated, Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Query, Router
from pydantic import BaseModel
from pydantic import ValidationError as Unreadable

from canbao.api.answering import said_in_json
from canbao.api.phones.asking import LONGEST_JSON, PhoneKey, bytes_of, require_new_app
from canbao.core.export import exported_for_phone
from canbao.law.phone import read_phone
from canbao.law.reader import read_law
from canbao.registry.lookup import LARGEST_ID
from canbao.registry.places_now import places
from canbao.survey.models import Device, Parcel
from canbao.survey.phones import arriving, contacts, devices, handing_down, pictures
from canbao.survey.phones.carrying import carry_out
from canbao.survey.phones.devices import PhoneRefused
from canbao.survey.phones.messages import Binding, Contact, Diagnosis, Digest, Known

LONGEST_LINE = 262_144
SECONDS = 0.5
"""How long a request carries out actions that it has kept; the rest follows within a minute, and the line is free."""
router = Router(auth=PhoneKey(), tags=["phone"])
Offset = Query[Annotated[int, Field(ge=0)]]


@router.post("bind", auth=None, summary="绑定手机")
def bind(request: HttpRequest) -> HttpResponse:
    """Bind a phone to whoever proves to be its surveyor."""
    require_new_app(request)
    said = _read(request, Binding)
    bound = devices.bind(said)
    surveyor = bound.device.surveyor
    return said_in_json(
        {
            "device": str(bound.device.key), "secret": said.secret, "stream": bound.stream, "now": _now(),
            "officer": {
                "name": surveyor.name, "card": surveyor.card_number, "place": surveyor.place,
                "place_name": places().name(surveyor.place) or surveyor.place,
                "valid_to": surveyor.valid_to.isoformat(),
            },
            "limits": read_phone().told(), "replaced": bound.is_in_place_of_another,
        },
        status=201,
    )  # fmt: skip


@router.get("standing/{device}", auth=None, summary="手机的状态")
def standing(request: HttpRequest, device: UUID) -> HttpResponse:
    """Whether a locked phone has to empty itself."""
    state = devices.standing(device)
    return said_in_json({"state": state, "says": devices.SAYS[state]})


@router.post("contact", summary="联络")
def contact(request: HttpRequest) -> HttpResponse:
    """Where both stand."""
    device, said = _device(request), _read(request, Contact)
    following = contacts.contact(device, said)
    named = [(str(key), digest) for key, digest in said.open]
    settled = [asdict(one) for one in contacts.receipts(device, named)]
    return said_in_json(
        {
            "now": _now(), "state": devices.state_of(device), "law": _law()[0], "limits": read_phone().told(),
            "next": following, "settled": settled,
        }
    )  # fmt: skip


@router.get("law", summary="规则")
def law(request: HttpRequest) -> HttpResponse:
    """What the phone judges by."""
    _device(request)
    digest, text = _law()
    if request.headers.get("If-None-Match", "").strip('W/"') == digest:
        return HttpResponse(status=304, headers={"ETag": f'"{digest}"'})
    return HttpResponse(text, content_type="application/json", headers={"ETag": f'"{digest}"'})


@router.post("tasks", summary="任务")
def tasks(request: HttpRequest) -> HttpResponse:
    """Tasks that are new to the phone, and those that it is to delete."""
    device, said = _device(request), _read(request, Known)
    known = {int(task): version for task, version in said.known.items()}
    return said_in_json(asdict(handing_down.download(device, known)))


@router.put("parcels/{sha256}", summary="送出包裹")
def put_parcel(request: HttpRequest, sha256: Digest, at: Offset, of: Offset) -> HttpResponse:
    """Some bytes of a parcel; with the last of them what became of its actions."""
    device = _device(request)
    parcel = arriving.piece(device, sha256, at, of, bytes_of(request, read_phone().piece_bytes))
    if parcel.receipts is not None:
        carry_out(device, SECONDS)
    return said_in_json(_parcel(device, parcel))


@router.get("parcels/{sha256}", summary="包裹到了多少")
def get_parcel(request: HttpRequest, sha256: Digest) -> HttpResponse:
    """How much of a parcel is there."""
    device = _device(request)
    parcel = arriving.known_parcel(device, sha256)
    return said_in_json(_parcel(device, parcel) if parcel else {"have": 0})


@router.put("pictures/{sha256}", summary="送出照片")
def put_picture(
    request: HttpRequest, sha256: Digest, at: Offset, of: Offset,
    task: Query[Annotated[int, Field(ge=1, le=LARGEST_ID)]], kind: Query[Annotated[str, Field(max_length=20)]],
) -> HttpResponse:  # fmt: skip
    """Some bytes of a picture."""
    device = _device(request)
    content = bytes_of(request, read_phone().piece_bytes)
    return said_in_json({"have": pictures.piece(device, sha256, at, of, content, task=task, kind=kind)})


@router.get("pictures/{sha256}", summary="照片到了多少")
def get_picture(request: HttpRequest, sha256: Digest) -> HttpResponse:
    """How much of a picture is there."""
    return said_in_json({"have": pictures.have(_device(request), sha256)})


@router.get("line", summary="线路测试：收")
def get_line(request: HttpRequest, bytes: Query[Annotated[int, Field(ge=0, le=LONGEST_LINE)]]) -> HttpResponse:
    """Bytes that don't compress."""
    _device(request)
    return HttpResponse(os.urandom(bytes), content_type="application/octet-stream")


@router.post("line", summary="线路测试：送")
def post_line(request: HttpRequest) -> HttpResponse:
    """Takes bytes and forgets them."""
    _device(request)
    return said_in_json({"have": len(bytes_of(request, LONGEST_LINE))})


@router.post("diagnosis", summary="诊断")
def diagnosis(request: HttpRequest) -> HttpResponse:
    """Numbers and codes about the phone."""
    contacts.diagnose(_device(request), _read(request, Diagnosis))
    return HttpResponse(status=204)


@router.post("emptied", summary="已清空")
def emptied(request: HttpRequest) -> HttpResponse:
    """The phone holds nothing any more."""
    devices.emptied(request.auth)  # type: ignore[attr-defined]
    return HttpResponse(status=204)


def _device(request: HttpRequest) -> Device:
    """The phone that asks; raises PhoneRefused for one that is revoked."""
    devices.require_not_revoked(request.auth)  # type: ignore[attr-defined]
    return request.auth  # type: ignore[attr-defined,no-any-return]


def _read(request: HttpRequest, shape: type[BaseModel]) -> Any:
    try:
        return shape.model_validate_json(bytes_of(request, LONGEST_JSON))
    except Unreadable as problem:
        raise PhoneRefused(400, "wrong", "内容读不懂；请更新应用后再试") from problem


def _parcel(device: Device, parcel: Parcel) -> dict[str, Any]:
    if parcel.receipts is None:
        return {"have": len(parcel.content)}
    named = [(key, digest) for key, digest in parcel.receipts]
    return {"have": parcel.length, "receipts": [asdict(one) for one in contacts.receipts(device, named)]}


def _now() -> int:
    return int(timezone.now().timestamp() * 1000)


@cache
def _law() -> tuple[str, str]:
    """The law as phones get it, under its digest."""
    said = exported_for_phone(read_law(), settings.PROFILE)
    said["phone"] = read_phone().told()
    digest = hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    return digest, json.dumps({"law": digest, **said}, ensure_ascii=False)
