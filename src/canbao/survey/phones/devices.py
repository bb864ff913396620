"""Devices: a surveyor's one phone, bound with account, password and second factor, replaced by permit, or revoked."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from hmac import compare_digest
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac

from canbao.law.phone import read_phone
from canbao.registry.access import Refused, acting, covers, working
from canbao.registry.actions.second_factor import has_second_factor, verify
from canbao.registry.actions.sessions import recognise
from canbao.registry.deeds import deed, require_words, write_event
from canbao.registry.models import Officer
from canbao.registry.throttle import begin_guess
from canbao.survey.models import Device, PhonePermit, Stream, Surveyor
from canbao.survey.phones.messages import Binding
from canbao.survey.self_codes import new_code
from canbao.survey.surveyors import unfit

BOUND, REPLACED, REVOKED, EXPIRED = "bound", "replaced", "revoked", "expired"
SAYS = {
    BOUND: "",
    REPLACED: "这部手机已经换成另一部；解锁后会把还没送出的送出，然后清空",
    REVOKED: "这部手机已被停用，其中的资料已清空；请找镇（街）经办人员",
    EXPIRED: "调查证已过期或注销；解锁后会把还没送出的送出，然后清空",
}
PERMIT_LENGTH = 8
MOST_LISTED = 1_000


class PhoneRefused(Refused):
    """What a phone is told: `why` is a code of docs/phone.md, `status` the answer's."""

    def __init__(self, status: int, why: str, says: str, **more: int) -> None:
        super().__init__(says)
        self.status, self.why, self.more = status, why, more


@dataclass(frozen=True)
class Bound:
    """A phone that was bound, and its first stream."""

    device: Device
    stream: str
    is_in_place_of_another: bool


def bind(wanted: Binding) -> Bound:
    """Bind a phone to the surveyor whose account it is.

    Raises Refused for whoever is no surveyor with a card that holds, TooManyGuesses, and PhoneRefused (`bound`) while
    another phone is bound and no permit lets this one take its place.
    """
    officer = _proven(wanted)
    guess = begin_guess("phone_permit", account=officer.username) if wanted.permit.strip() else None
    bound = _bind(wanted, officer)
    if guess is not None:
        guess.proven()
    return bound


def _bind(wanted: Binding, officer: Officer) -> Bound:
    with deed(by=officer, action="phone.bind", permission="phone.use") as note:
        surveyor = Surveyor.objects.select_for_update().filter(officer=officer).first()
        why = unfit(surveyor, timezone.localdate()) if surveyor else "账号还没有对应的调查员"
        if surveyor is None or why:
            raise Refused(f"不能绑定手机：{why}")
        device, former = _again(surveyor, wanted), None
        if device is None:
            former = _give_way(surveyor, wanted.permit, officer)
            device = Device.objects.create(
                key=wanted.device, surveyor=surveyor, officer=officer, place=officer.area,
                digest=_digest(wanted.secret), label=wanted.label.strip()[:60], app=wanted.app,
                contact_at=timezone.now(),
            )  # fmt: skip
        stream = Stream.objects.create(surveyor=surveyor, place=officer.area, key=secrets.token_hex(16))
        note.objects.append(f"device:{device.pk}")
        note.details.update(replaces=former.pk if former else 0)
        return Bound(device, stream.key, former is not None)


def _proven(wanted: Binding) -> Officer:
    officer = recognise(account=wanted.account, password=wanted.password)
    if settings.SECOND_FACTOR_REQUIRED:
        if not has_second_factor(officer):
            raise Refused("这个账号还没有登记手机验证器；请先在电脑上登录一次并登记")
        verify(officer=officer, token=wanted.token)
    if officer.must_change_password:
        raise Refused("请先在电脑上登录一次，把初始密码改掉")
    return officer


def _again(surveyor: Surveyor, wanted: Binding) -> Device | None:
    """The device if it is bound already, and its phone has not heard so; raises Refused for somebody else's key."""
    known = Device.objects.filter(key=wanted.device).first()
    if known is None:
        return None
    if (known.surveyor_id, known.digest, known.state) != (surveyor.pk, _digest(wanted.secret), BOUND):
        raise Refused("这部手机不能这样绑定；请清空后重新绑定")
    return known


def _give_way(surveyor: Surveyor, permit: str, by: Officer) -> Device | None:
    """The phone that was bound, which isn't any more; raises PhoneRefused without a permit."""
    former = surveyor.devices.select_for_update().filter(state=BOUND).first()
    if former is None:
        return None
    if not permit.strip():
        raise PhoneRefused(409, "bound", "您已绑定另一部手机；请向镇（街）经办人员要换机码，填上后再绑定")
    known = surveyor.permits.select_for_update().filter(digest=_permit_digest(permit), used_at=None).first()
    if known is None or known.valid_to < timezone.localdate():
        raise Refused("换机码不对、已用过或已过期；请核对，或要一个新的")
    known.used_at = timezone.now()
    known.save(update_fields=["used_at"])
    _end(former, REPLACED, by, "换机")
    return former


def _end(device: Device, state: str, by: Officer, words: str) -> None:
    device.state, device.ended_at, device.ended_by, device.ended_for = state, timezone.now(), by, words
    device.save(update_fields=["state", "ended_at", "ended_by", "ended_for"])


def known_device(key: UUID, secret: str) -> Device:
    """The device with that secret; raises PhoneRefused (`unknown`) for anybody else."""
    device = _found(key)
    if device is None or not compare_digest(device.digest, _digest(secret)):
        raise PhoneRefused(401, "unknown", "这部手机没有绑定；请重新绑定")
    return device


def state_of(device: Device) -> str:
    """What a device may do now: it ends with its officer's account, and rests with the surveyor's card."""
    officer, surveyor = device.officer, device.surveyor
    if device.state != BOUND:
        return device.state
    if not officer.may("phone.use") or surveyor.officer_id != officer.pk:
        return REVOKED
    return EXPIRED if unfit(surveyor, timezone.localdate()) else BOUND


def standing(key: UUID) -> str:
    """The state of a device, as a locked phone asks for it; one that nobody knows is revoked."""
    device = _found(key)
    return state_of(device) if device else REVOKED


def _found(key: UUID) -> Device | None:
    with working():
        return Device.objects.select_related("officer", "surveyor__contractor").filter(key=key).first()


def require_bound(device: Device) -> Officer:
    """The officer whose phone it is; raises PhoneRefused unless it may have tasks."""
    state = state_of(device)
    if state != BOUND:
        raise PhoneRefused(410, state, SAYS[state])
    return device.officer


def require_not_revoked(device: Device) -> None:
    """Raise PhoneRefused if nothing of a device is taken any more."""
    if state_of(device) == REVOKED:
        raise PhoneRefused(410, REVOKED, SAYS[REVOKED])


def emptied(device: Device) -> None:
    """The phone says that it holds nothing any more."""
    with working():
        Device.objects.filter(pk=device.pk, emptied_at=None).update(emptied_at=timezone.now(), pending=0, drafts=0)
        write_event(by=device.officer, action="phone.emptied", details={"device": device.pk})


def own_devices(*, by: Officer) -> list[Device]:
    """The devices of the officer's area: those that are bound first, the longest silent first."""
    with acting(by.area, by):
        found = Device.objects.select_related("surveyor__contractor", "officer").filter(place__startswith=by.area)
        return list(found.order_by("state", "contact_at", "pk")[:MOST_LISTED])


def seen_device(device_id: int, *, by: Officer) -> Device:
    """One device of the officer's area; raises Refused."""
    with acting(by.area, by):
        return own_device(device_id, by)


def own_device(device_id: int, by: Officer) -> Device:
    """A device of the officer's area; raises Refused."""
    found = Device.objects.select_related("surveyor", "officer").filter(pk=device_id).first()
    if found is None or not covers(by.area, found.place):
        raise Refused("没有这部手机，或不在您的管辖范围内")
    return found


def revoke(*, device_id: int, words: str, by: Officer) -> Device:
    """Stop a phone: at its next contact it empties itself, and nothing that it sends is taken."""
    with deed(by=by, action="phone.revoke", permission="phone.manage") as note:
        note.objects.append(f"device:{device_id}")
        device = own_device(device_id, by)
        require_words(words, "停用的理由")
        device = Device.objects.select_for_update().get(pk=device.pk)
        if device.state == REVOKED:
            raise Refused("这部手机已经停用")
        _end(device, REVOKED, by, words.strip())
        return device


def permit(*, surveyor: Surveyor, by: Officer) -> str:
    """A code by which another phone may take the place of a surveyor's; earlier ones don't hold any more."""
    with deed(by=by, action="phone.permit", permission="phone.manage") as note:
        note.objects.append(f"surveyor:{surveyor.pk}")
        if not covers(by.area, surveyor.place):
            raise Refused("这位调查员不在您的管辖范围内")
        if surveyor.officer_id is None:
            raise Refused("这位调查员还没有账号，不能用手机")
        surveyor.permits.filter(used_at=None).update(used_at=timezone.now())
        code = new_code(PERMIT_LENGTH)
        valid_to = timezone.localdate() + timedelta(days=read_phone().permit_days)
        PhonePermit.objects.create(surveyor=surveyor, digest=_permit_digest(code), valid_to=valid_to, made_by=by)
        return code


def _digest(secret: str) -> str:
    return hashlib.sha256(f"canbao phone {secret}".encode()).hexdigest()


def _permit_digest(written: str) -> str:
    kept = "".join(one for one in written.upper() if one.isalnum())
    return salted_hmac("canbao phone permit", kept, algorithm="sha256").hexdigest()
