"""Proofs for counters: a PDF in place of a paper certificate, of a person whom the counter has looked up."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router

from canbao.api.partners.counter import ByOfficer, Person, require_purpose, told_to
from canbao.api.partners.guard import Signed
from canbao.api.partners.problems import problems
from canbao.api.partners.serving import serving
from canbao.law.duties import read_duties
from canbao.law.wording import default_wording
from canbao.paper.documents.printing import preview
from canbao.paper.documents.proof import Proof, ProofCover
from canbao.registry.proofs.issuing import Issued, issue
from canbao.registry.proofs.published import in_words

router = Router(auth=Signed(), tags=["counter"])
PDF = "application/pdf"
DESCRIBED = {
    "responses": {200: {"description": "PDF", "content": {PDF: {"schema": {"type": "string", "format": "binary"}}}}}
}


@router.post("/persons/{person}/proof", response=problems(404), summary="出具参保证明", openapi_extra=DESCRIBED)
def proof(request: HttpRequest, person: Person, said: ByOfficer) -> HttpResponse:
    """A proof as PDF; it is issued only if it could be printed."""
    require_purpose(said.purpose)
    with serving(request, "proof", purpose=said.purpose) as served:
        issued = issue(served.agreement, person, purpose=said.purpose, told_to=told_to(said), note=served.note)
        pdf = preview("proof", default_wording("proof"), printed(issued, said.purpose), settings.PRINT_FONTS)
    name = f'attachment; filename="proof-{issued.said.number}.pdf"'
    return HttpResponse(pdf, content_type=PDF, headers={"Content-Disposition": name, "Cache-Control": "no-store"})


def printed(issued: Issued, purpose: str) -> Proof:
    """A proof as paper has it."""
    at, until = timezone.localtime(issued.said.issued_at), timezone.localtime(issued.said.expires_at)
    return Proof(
        number=issued.said.number, name=issued.name, masked_number=issued.number,
        covers=tuple(ProofCover(*in_words(one), one.is_elsewhere) for one in issued.covers),
        partner=issued.partner, told_to=issued.told_to, purpose=read_duties().purposes[purpose].label,
        issued_at=f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}", issued_on=at.date(), valid_to=until.date(),
        site=issued.address.removesuffix("#"), address=issued.address, figures=issued.figures,
    )  # fmt: skip
