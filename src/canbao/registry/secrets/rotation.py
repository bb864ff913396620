"""Changing the data key while the office works: a new version, all secrets sealed anew, then the old one destroyed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import Q

from canbao.core.trouble import Trouble
from canbao.registry.access import working
from canbao.registry.audit import Entry, append
from canbao.registry.models.proving import place_of
from canbao.registry.secrets.envelope import LOCK, opened, seal
from canbao.registry.secrets.keys import SecretLost, destroy_key, make_key, newest, versions

PIECE = 10
"""Rows in one transaction: whoever signs in meanwhile waits for some milliseconds at most, and papers are large."""


class KeyInUse(Trouble):
    """A data key that may not be destroyed."""


@dataclass(frozen=True)
class Rotation:
    """The new version, how many secrets were sealed anew, and the places of those that could not be opened."""

    version: int
    resealed: int
    lost: tuple[str, ...]


def sealed_columns() -> list[tuple[type[models.Model], str]]:
    """Every column with secrets in it, of the register and of what is built on it: its name begins with `sealed`."""
    columns = ((model, column) for model in apps.get_models() for column in model._meta.concrete_fields)
    return [(model, column.name) for model, column in columns if column.name.startswith("sealed")]


def rotate() -> Rotation:
    """Make a new version and seal every secret with it; broken off, it is simply run again."""
    version = newest(settings.DATA_KEYS) + 1
    make_key(settings.DATA_KEYS, version)
    with transaction.atomic():
        _wait_for_sealers()
    resealed, lost = 0, list[str]()
    for model, column in sealed_columns():
        resealed += _reseal_all(model, column, version, lost)
    _write("data_key.rotate", version=version, resealed=resealed, lost=len(lost))
    return Rotation(version, resealed, tuple(lost))


def secrets_by_version() -> dict[int, int]:
    """How many secrets each version has sealed; versions of the folder that seal none are there with 0."""
    found = Counter(dict.fromkeys(versions(settings.DATA_KEYS), 0))
    with working(), connection.cursor() as cursor:
        for model, column in sealed_columns():
            table = model._meta.db_table
            cursor.execute(
                f"SELECT split_part({column}, ':', 1)::integer, count(*) FROM {table} WHERE {column} <> '' GROUP BY 1"
            )
            found.update(dict(cursor.fetchall()))
    return dict(sorted(found.items()))


def destroy(version: int) -> None:
    """Destroy an old version; raises KeyInUse if it is the newest, seals anything still, or isn't there."""
    with transaction.atomic():
        _wait_for_sealers()
        counts = secrets_by_version()
        if version not in versions(settings.DATA_KEYS):
            raise KeyInUse(str(settings.DATA_KEYS), f"没有第 {version} 版", "现有的版本见 canbao data-key list")
        if version == newest(settings.DATA_KEYS):
            raise KeyInUse(f"第 {version} 版", "是正在用的一版", "请先换一把：canbao data-key rotate")
        if counts[version]:
            raise KeyInUse(f"第 {version} 版", f"还有 {counts[version]} 条用它加密", "请先运行 canbao data-key rotate")
        _write("data_key.destroy", version=version)
        destroy_key(settings.DATA_KEYS, version)


def _reseal_all(model: type[models.Model], column: str, version: int, lost: list[str]) -> int:
    after, resealed = 0, 0
    while True:
        with working():
            found = (
                model.objects.select_for_update()
                .filter(pk__gt=after)
                .exclude(Q(**{column: ""}) | Q(**{f"{column}__startswith": f"{version}:"}))
            )
            piece = list(found.order_by("pk")[:PIECE])
            resealed += sum(_reseal(kept, column, lost) for kept in piece)
        if not piece:
            return resealed
        after = piece[-1].pk


def _reseal(kept: models.Model, column: str, lost: list[str]) -> bool:
    place = place_of(kept, column)
    try:
        secret = opened(getattr(kept, column), place)
    except SecretLost:
        lost.append(place)
        return False
    setattr(kept, column, seal(secret, place))
    kept.save(update_fields=[column])
    return True


def _wait_for_sealers() -> None:
    """Whoever seals from now on, until the transaction ends, waits, and then sees the keys as we leave them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _write(action: str, **details: int) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        append(cursor, Entry(action=action, person_name="命令行", details=details))
