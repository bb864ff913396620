"""Which packages concern an officer."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from canbao.registry.models import STREAMING, Officer, Package


def own_packages(officer: Officer) -> QuerySet[Package]:
    """The packages of the officer's city, or all for the province; partners' streams came in by no upload."""
    return Package.objects.filter(division_code__startswith=officer.area[:4]).exclude(state=STREAMING)


def find(officer: Officer, package_id: int) -> Package:
    """One of them; raises Http404."""
    package = own_packages(officer).select_related("received_by").filter(pk=package_id).first()
    if package is None:
        raise Http404
    return package


def is_moving(package: Package) -> bool:
    """Whether work with the package waits or is going on."""
    return package.works.filter(state__in=["waiting", "running"]).exists()
