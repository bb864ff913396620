"""Parcels: bytes that come in pieces over a line that breaks, and the actions in them, kept before anything is said.

An action is kept in the transaction that ends its parcel; the receipt is given after that. Coming again it is the same
row, so that what is sent twice is there once.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from pydantic import ValidationError

from canbao.law.phone import read_phone
from canbao.registry.access import working
from canbao.survey.models import Device, Parcel, PhoneAction, Stream, Task
from canbao.survey.phones.devices import PhoneRefused
from canbao.survey.phones.messages import Action, Packed, read_action
from canbao.survey.phones.pieces import grown, is_meant

LARGEST = 8 << 20
"""Bytes of a parcel when it is unpacked."""
DAYS_UNFINISHED = 30
MOST_BEGUN, MOST_WAITING = 20, 20_000
"""Parcels of a phone that are on their way at once, and actions of a surveyor that wait or are disputed."""
IN_DISPUTE, KEPT = "dispute", "kept"


def piece(device: Device, sha256: str, at: int, length: int, content: bytes) -> Parcel:
    """Add some bytes of a parcel to what is there; keeps its actions as soon as it is whole.

    Raises PhoneRefused: `offset`, with how much is there, for bytes that don't go on from it; `too_large`, `wrong`.
    """
    if not 0 < length <= read_phone().parcel_bytes:
        raise PhoneRefused(413, "too_large", "一个包裹太大，没有收下；请更新应用后再送")
    with working():
        _, is_new = Parcel.objects.get_or_create(device=device, sha256=sha256, defaults={"length": length})
        if is_new:
            _let_go(device)
        parcel = Parcel.objects.select_for_update().get(device=device, sha256=sha256)
        if parcel.receipts is not None:
            return parcel
        parcel.content = grown(parcel.content, content, at=at, length=length, announced=parcel.length)
        is_whole = len(parcel.content) == length
        is_damaged = is_whole and not is_meant(parcel.content, sha256)
        if is_damaged:
            parcel.delete()
        else:
            if is_whole:
                _end(parcel, device)
            parcel.save()
    if is_damaged:
        raise PhoneRefused(400, "wrong", "包裹在路上损坏；将重新送出")
    return parcel


def known_parcel(device: Device, sha256: str) -> Parcel | None:
    """What is there of a parcel."""
    with working():
        return Parcel.objects.filter(device=device, sha256=sha256).first()


def forget_parcels() -> int:
    """Delete parcels that were begun and not finished for a month; returns how many."""
    with working():
        begun = Parcel.objects.filter(at__lt=timezone.now() - timedelta(days=DAYS_UNFINISHED), receipts__isnull=True)
        return begun.delete()[0]


def _let_go(device: Device) -> None:
    """Forget parcels that were begun earlier than others and never finished: the phone would begin them anew."""
    begun = Parcel.objects.filter(device=device, receipts__isnull=True).order_by("-pk").values_list("pk", flat=True)
    Parcel.objects.filter(pk__in=list(begun[MOST_BEGUN:])).delete()


def _end(parcel: Parcel, device: Device) -> None:
    """The parcel is whole: its actions are kept, and its bytes aren't needed any more."""
    texts = _unpacked(parcel.content)
    actions = [_read(text) for text in texts]
    _keep(device, list(zip(actions, texts, strict=True)))
    parcel.receipts = [[str(one.id), _digest(text)] for one, text in zip(actions, texts, strict=True)]
    parcel.content = b""


def _unpacked(content: bytes) -> list[str]:
    reader = zlib.decompressobj(wbits=31)
    try:
        text = reader.decompress(content, LARGEST)
        if reader.unconsumed_tail or not reader.eof or reader.unused_data:
            raise PhoneRefused(413, "too_large", "包裹展开后太大或不完整，没有收下")
        return Packed.model_validate_json(text).actions
    except (zlib.error, ValidationError) as problem:
        raise PhoneRefused(400, "wrong", "包裹的内容读不懂，没有收下；请更新应用后再送") from problem


def _read(text: str) -> Action:
    try:
        return read_action(text)
    except ValueError as problem:
        says = f"包裹里有一条操作读不懂（{problem}），没有收下；请更新应用后再送"
        raise PhoneRefused(400, "wrong", says) from problem


def _keep(device: Device, found: list[tuple[Action, str]]) -> None:
    """Keep actions that are not there yet; one that contradicts an earlier one of its id or number is a dispute."""
    waiting = PhoneAction.objects.filter(stream__surveyor=device.surveyor_id, state__in=(KEPT, IN_DISPUTE))
    if waiting.count() + len(found) > MOST_WAITING:
        raise PhoneRefused(429, "too_many", "待处理的太多，暂时不能再收；请联系县（区）先处理")
    streams = {key: _stream(device, key) for key in sorted({one.stream for one, _ in found})}
    people = _people(device, {one.task for one, _ in found})
    known = _Known(device, [one for one, _ in found])
    made = []
    for one, text in found:
        digest = _digest(text)
        if (str(one.id), digest) in known.texts:
            continue
        says = known.contradiction(one, streams[one.stream])
        known.add(one, digest)
        made.append(
            PhoneAction(
                stream=streams[one.stream], device=device, key=one.id, sha256=digest, seq=one.seq, kind=one.kind,
                task_id=one.task, person_id=people.get(one.task), place=device.place, text=text,
                at=done_at(device, one.at), state=IN_DISPUTE if says else KEPT, says=says,
            )
        )  # fmt: skip
    PhoneAction.objects.bulk_create(made, ignore_conflicts=True)


class _Known:
    """What is kept of a surveyor already that some actions may contradict, by id, digest and number."""

    def __init__(self, device: Device, coming: Sequence[Action]) -> None:
        meant = Q(key__in=[one.id for one in coming]) | Q(seq__in=[one.seq for one in coming if one.seq])
        kept = PhoneAction.objects.filter(meant, stream__surveyor=device.surveyor_id)
        rows = kept.values_list("key", "sha256", "stream__key", "seq")
        self.texts: set[tuple[str, str]] = set()
        self.ids: set[str] = set()
        self.numbers: set[tuple[str, int]] = set()
        for key, digest, stream, seq in rows:
            self._add(str(key), digest, stream, seq)

    def add(self, action: Action, digest: str) -> None:
        """One more."""
        self._add(str(action.id), digest, action.stream, action.seq)

    def _add(self, key: str, digest: str, stream: str, seq: int) -> None:
        self.texts.add((key, digest))
        self.ids.add(key)
        if seq:
            self.numbers.add((stream, seq))

    def contradiction(self, action: Action, stream: Stream) -> str:
        """Why an action can't stand beside those that are there; empty if it can."""
        if str(action.id) in self.ids:
            return "同一条操作先后送来两种内容；两份都留着，请核对"
        if action.seq and (action.seq < stream.next or (action.stream, action.seq) in self.numbers):
            return "这个序号已有另一条操作；两份都留着，请核对"
        return ""


def _stream(device: Device, key: str) -> Stream:
    found, _ = Stream.objects.get_or_create(surveyor_id=device.surveyor_id, key=key, defaults={"place": device.place})
    return Stream.objects.select_for_update().get(pk=found.pk)


def _people(device: Device, tasks: Iterable[int]) -> dict[int, int]:
    """Whom tasks are about that are, or once were, the surveyor's."""
    own = Task.objects.filter(pk__in=tasks, moves__surveyor=device.surveyor_id)
    return dict(own.values_list("pk", "person_id").distinct())


def done_at(device: Device, claimed: int) -> datetime:
    """When something was done, by the phone's clock put right: never after now, and not long before it was bound."""
    now = timezone.now()
    with_clock = max(min(claimed + device.clock_ms, 2**53), 0)
    at = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=min(with_clock, int(now.timestamp() * 1000)))
    return min(now, max(at, device.bound_at))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
