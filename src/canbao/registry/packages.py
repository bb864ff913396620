"""Packages as those who decide about them need them: which was admitted last, and what one has brought."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, Max, Q, Sum

from canbao.registry.models import Package


@dataclass(frozen=True)
class Brought:
    """What a package did to the register so far, in numbers of people.

    `stated` are its statements that were new or other than before, `dropped` those of whom the division says nothing
    any more, `registered` the records that it began, `changed` those that it changed.
    """

    stated: int
    dropped: int
    registered: int
    changed: int


def last_admitted(package: Package) -> Package | None:
    """The package that the division's statements rest on: of all the others in the register the one admitted last."""
    whole = Q(ranges__is_withdrawal=False)
    admitted = Package.objects.filter(division_code=package.division_code, state="admitted").exclude(pk=package.pk)
    by_admission = admitted.annotate(came=Max("ranges__pk", filter=whole))
    return by_admission.order_by(F("came").desc(nulls_last=True), "-pk").first()


def brought(package: Package) -> Brought:
    """What the package's admission did."""
    return Brought(**_summed(package, is_withdrawal=False))


def taken_back(package: Package) -> Brought:
    """What the package's withdrawal did: `stated` are statements that came back, `dropped` those that went."""
    return Brought(**_summed(package, is_withdrawal=True))


def _summed(package: Package, *, is_withdrawal: bool) -> dict[str, int]:
    columns = {"stated": "changed_facts", "dropped": "gone", "registered": "registered", "changed": "changed"}
    summed = package.ranges.filter(is_withdrawal=is_withdrawal).aggregate(
        **{name: Sum(column) for name, column in columns.items()}
    )
    return {name: total or 0 for name, total in summed.items()}
