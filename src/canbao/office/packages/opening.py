"""A package in the hands of one worker: held against others, opened with the keys of its division, tidied away."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings
from django.db import connection

from canbao.batch.delivery import Delivery, open_delivery
from canbao.batch.package import PackageRefused
from canbao.batch.trouble import SourceTrouble
from canbao.office.packages import spool
from canbao.registry.actions.keys import trusted_keys
from canbao.registry.models import Package


class InOtherHands(SourceTrouble):
    """Another worker has the package, or the database has not yet noticed that it is dead."""


@contextmanager
def alone(package: Package) -> Iterator[None]:
    """Hold the package, as it is now, for this session of the database; raises InOtherHands if a worker has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('package'), %s)", [package.id])
        if not cursor.fetchone()[0]:
            raise InOtherHands(f"数据包 {package.id}", "另一个进程正在处理", "请等它结束")
        try:
            package.refresh_from_db()
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('package'), %s)", [package.id])


@contextmanager
def opened(package: Package) -> Iterator[Delivery]:
    """The package, opened with the keys of its division; what it was opened into is removed again."""
    identity = os.environ.get("CANBAO_PACKAGE_IDENTITY")
    with _trust(package) as trust:
        try:
            yield open_delivery(
                spool.path(package.id),
                spool.opened(package.id),
                trust=trust,
                identity=Path(identity) if identity else None,
            )
        finally:
            spool.clear(package.id)


@contextmanager
def _trust(package: Package) -> Iterator[Path]:
    keys = trusted_keys(package.division_code)
    if not keys:
        raise PackageRefused(
            spool.path(package.id), [f"省里还没有登记 {package.division_code} 的签名公钥；请先报送公钥"]
        )
    with NamedTemporaryFile("w", dir=settings.SPOOL, suffix=".pub") as file:
        file.write("".join(keys))
        file.flush()
        yield Path(file.name)
