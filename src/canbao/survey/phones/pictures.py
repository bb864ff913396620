"""Pictures from phones: a signature on the glass, a signed page, a household book; each sealed once it is there."""

from __future__ import annotations

from canbao.law.phone import read_phone
from canbao.registry.access import Refused, working
from canbao.registry.actions.papers import media_type
from canbao.registry.deeds import deed
from canbao.registry.lookup import LARGEST_ID
from canbao.registry.models import Officer
from canbao.registry.models.proving import place_of
from canbao.registry.secrets.envelope import opened, seal
from canbao.survey.models import Device, Picture, Task
from canbao.survey.phones.devices import PhoneRefused
from canbao.survey.phones.pieces import grown, is_meant
from canbao.survey.quotas import count_tasks
from canbao.survey.tasks import own_tasks

MOST = 12
"""Pictures of a task."""
KINDS = {"signature": "手写签名", "signature_page": "签名页照片", "household_book": "户口簿照片"}


def piece(device: Device, sha256: str, at: int, length: int, content: bytes, *, task: int, kind: str) -> int:
    """Add some bytes of a picture of a task that is, or was, the surveyor's; returns how many are there.

    Raises PhoneRefused: `offset`, with how much is there, for bytes that don't go on from it; `too_large`, `wrong`.
    """
    if kind not in KINDS or not 0 < length <= read_phone().picture_bytes:
        raise PhoneRefused(413, "too_large", "照片太大或种类不对，没有收下；请重新拍照")
    with working():
        picture = _begun(device, sha256, length, task, kind)
        if picture.sealed:
            return picture.length
        picture.content = grown(picture.content, content, at=at, length=length, announced=picture.length)
        is_good = len(picture.content) < length or _sealed(picture)
        picture.save() if is_good else picture.delete()
    if not is_good:
        raise PhoneRefused(400, "wrong", "照片在路上损坏，或不是 JPEG；请重新送出或重新拍照")
    return length if picture.sealed else len(picture.content)


def _begun(device: Device, sha256: str, length: int, task: int, kind: str) -> Picture:
    known = Picture.objects.select_for_update().filter(device=device, sha256=sha256).first()
    if known is not None:
        return known
    own = Task.objects.filter(pk=task, moves__surveyor=device.surveyor_id).first()
    if own is None:
        raise PhoneRefused(403, "refused", "没有这个任务，或不是您的；照片没有收下")
    if Picture.objects.filter(task_id=task).count() >= MOST:
        raise PhoneRefused(403, "refused", f"这个任务已有 {MOST} 张照片，不能再收")
    begun, _ = Picture.objects.get_or_create(
        device=device, sha256=sha256,
        defaults={
            "task_id": own.pk, "person_id": own.person_id, "place": device.place, "kind": kind, "length": length,
        },
    )  # fmt: skip
    return begun


def _sealed(picture: Picture) -> bool:
    """Seal a picture that is all there; False if it is another one than was announced."""
    content = bytes(picture.content)
    if not is_meant(content, picture.sha256) or media_type(content) != "image/jpeg":
        return False
    picture.sealed, picture.content = seal(content, place_of(picture, "sealed")), b""
    return True


def pictures_of(task_id: int) -> list[Picture]:
    """The pictures of a task that are all there, within the caller's transaction."""
    return list(Picture.objects.filter(task_id=task_id).exclude(sealed="").defer("sealed").order_by("pk"))


def picture(picture_id: int, *, by: Officer) -> bytes:
    """A picture (JPEG) of a task that the officer may see; counted as the task is. Raises Refused."""
    with deed(by=by, action="picture.see", permission="task.see", purpose="survey", needs_purpose=True) as note:
        found = Picture.objects.filter(pk=min(picture_id, LARGEST_ID)).exclude(sealed="").first()
        task = own_tasks(by).filter(pk=found.task_id).first() if found else None
        if found is None or task is None:
            raise Refused("没有这张照片，或不在您的管辖范围内")
        note.objects.append(f"picture:{found.pk}")
        count_tasks([(task.pk, task.person_id)], by, note)
        return opened(found.sealed, place_of(found, "sealed"))


def have(device: Device, sha256: str) -> int:
    """How many bytes of a picture are there."""
    with working():
        known = Picture.objects.filter(device=device, sha256=sha256).first()
    return 0 if known is None else known.length if known.sealed else len(known.content)
