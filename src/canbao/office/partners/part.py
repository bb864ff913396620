"""What a request about an agreement shows among the other requests: all that the agreement names."""

from __future__ import annotations

from typing import Any

from canbao.office.partners.showing import agreement_row, kind_label
from canbao.registry.models import Officer, Request
from canbao.registry.own_partners import of_request


def agreement_part(request: Request, by: Officer) -> dict[str, Any]:
    """The agreement that is asked for, or is to end, with its partner."""
    agreement = of_request(request.undoes or request, by=by)
    if agreement is None:
        return {}
    partner = agreement.partner
    shown = {"partner": partner, "kind": kind_label(partner.kind), "may_see_partner": by.may("partner.see")}
    return {**agreement_row(agreement), **shown}
