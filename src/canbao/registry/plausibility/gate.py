"""Measuring a package and judging it; a package that can't be judged is doubtful, never let through."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Protocol

from django.utils import timezone

from canbao.core.trouble import Trouble
from canbao.registry.actions.admission import Delivery
from canbao.registry.models import Package
from canbao.registry.packages import last_admitted
from canbao.registry.plausibility.found import Found
from canbao.registry.plausibility.judging import Held, judged
from canbao.registry.plausibility.meeting import meet
from canbao.registry.plausibility.shape import Shape
from canbao.registry.plausibility.thresholds import read_thresholds


class Measured(Delivery, Protocol):
    """A delivery that can tell what it looks like as a whole (`batch.delivery.measures`)."""

    def measures(self) -> Any:
        """A dataclass with the fields of `Shape`."""
        ...


def examine(package: Package, delivery: Measured) -> dict[str, Any]:
    """Hold a package that has passed its check against the division's last one and the register, as kept with it.

    Raises what reading the delivery raises; then the check begins anew.
    """
    last, at = last_admitted(package), timezone.now().isoformat()
    before = last.pk if last else None
    try:
        thresholds = read_thresholds()
    except Trouble as trouble:
        return Found(at=at, before=before, trouble=str(trouble)).model_dump(mode="json")
    shape = Shape.model_validate(asdict(delivery.measures()))
    held = Held(
        division=package.division_code,
        shape=shape,
        met=meet(delivery, package.division_code),
        before_people=last.people if last else None,
        before=_shape_of(last),
        twin=_same_numbers(package, shape),
    )
    found = Found(at=at, before=before, measures=judged(held, thresholds), shape=shape.kept())
    return found.model_dump(mode="json")


def _shape_of(last: Package | None) -> Shape | None:
    """What the last package looked like; None if there is none, or it came before there was a gate."""
    kept = last.plausibility.get("shape") if last else None
    return Shape.model_validate(kept) if kept else None


def _same_numbers(package: Package, shape: Shape) -> int | None:
    """The id of another division's package with the very same numbers."""
    others = Package.objects.exclude(division_code=package.division_code).exclude(state__in=["refused", "cancelled"])
    same = others.filter(plausibility__shape__fingerprint=shape.fingerprint)
    return same.order_by("-pk").values_list("pk", flat=True).first()
