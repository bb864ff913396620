"""Officers for tests: one of each duty, where it is held."""

from __future__ import annotations

from functools import cache

from django.contrib.auth.hashers import make_password

from canbao.registry.models import DivisionKey, Officer
from cities import PackedCity

PASSWORD = "made for tests only 2017"


@cache
def _hashed() -> str:
    """Hashed once: that takes half a second, as it should."""
    return make_password(PASSWORD)


def officer(duty: str, area: str, name: str = "") -> Officer:
    """An officer who may start at once."""
    username = name or f"{duty}-{area}"
    made = Officer(
        username=username, display_name=name or duty, duty=duty, area=area, staff_number=username,
        must_change_password=False, password=_hashed(),
    )  # fmt: skip
    made.save()
    return made


@cache
def _hashed() -> str:
    """PASSWORD as it is kept, made once: it takes longer than most tests."""
    return make_password(PASSWORD)


def trust(city: PackedCity) -> DivisionKey:
    """Have the province know a city's key."""
    security = Officer.objects.filter(duty="security_administrator").first() or officer("security_administrator", "44")
    return DivisionKey.objects.create(
        division_code=city.division,
        fingerprint=city.fingerprint,
        public_key=city.public_key.read_text(),
        added_by=security,
    )
