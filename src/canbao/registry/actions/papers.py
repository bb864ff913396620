"""Papers that go with a request: scans and photos, looked at before they are kept, sealed while they are."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from canbao.registry.access import Refused, require
from canbao.registry.deeds import deed, refuse_identity_numbers
from canbao.registry.models import Officer, Paper, Request
from canbao.registry.models.proving import create_sealed, place_of
from canbao.registry.quotas import count_as_seen
from canbao.registry.requests import own_requests
from canbao.registry.secrets.envelope import opened

LARGEST = 5 << 20
MOST = 10
BEGINNINGS = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
"""What may be kept, by its first bytes; what a file calls itself is nobody's business."""


@dataclass(frozen=True)
class File:
    """A file as somebody handed it in; `label` says what it is."""

    label: str
    content: bytes


def media_type(content: bytes) -> str | None:
    """What a file is, by its first bytes; None for what is not kept."""
    return next((kind for begins, kind in BEGINNINGS.items() if content.startswith(begins)), None)


def attach(file: File, *, request: Request, by: Officer) -> Paper:
    """Keep a paper of a request; raises Refused for what is no PDF, JPEG or PNG, too large, or one too many."""
    kind = media_type(file.content)
    if kind is None:
        raise Refused("材料只收 PDF、JPEG 或 PNG；请换一种格式")
    if len(file.content) > LARGEST:
        raise Refused(f"一份材料最大 {LARGEST >> 20} MB；请压缩或分开上传")
    if request.papers.count() >= MOST:
        raise Refused(f"一份申请最多 {MOST} 份材料")
    refuse_identity_numbers(file.label, "材料名称")
    return create_sealed(
        Paper, "sealed", file.content, request=request, label=file.label.strip()[:100] or "材料", added_by=by,
        media_type=kind, size=len(file.content), sha256=hashlib.sha256(file.content).hexdigest(),
    )  # fmt: skip


def take(*, paper_id: int, request_id: int, by: Officer) -> tuple[Paper, bytes] | None:
    """A paper to look at, or None if there is none of that request in one's area; raises SecretLost.

    Papers show people, so who sees no records sees none of them; whom they are about counts as seen.
    """
    with deed(by=by, action="paper.see", permission="person.see") as note:
        require(by, "request.see")
        papers = Paper.objects.filter(request_id=request_id, request__in=own_requests(by))
        paper = papers.filter(pk=paper_id).select_related("request").first()
        note.objects.append(f"request:{request_id}")
        if paper is None:
            note.details.update(found=0)
            return None
        if paper.request.person_id:
            count_as_seen([paper.request.person_id], by, note)
        return paper, opened(paper.sealed, place_of(paper, "sealed"))
