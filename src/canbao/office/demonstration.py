"""A register to try out: made accounts, made cities' keys, and one made city in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path

from cryptography.hazmat.primitives.serialization import load_pem_public_key
from django.conf import settings
from django.core.files import File
from django.utils import timezone

from canbao.batch.package.keys import fingerprint
from canbao.office.demonstration_partner import furnish_partner
from canbao.office.packages import checking, spool
from canbao.office.packages.queueing import asked
from canbao.registry.actions import keys, packages, work
from canbao.registry.models import STREAMING, DivisionKey, Officer, Package
from canbao.survey.actions import surveyors
from canbao.survey.models import Surveyor

Account = tuple[str, str, str, str]


def furnish(accounts: Iterable[Account], password: str, made: Mapping[str, Path], admitted: str, address: str) -> None:
    """Make what is missing: accounts (user name, name, duty, area), keys of divisions, one admitted package.

    Also another system that talks to the office at `address`; its files are beside the state folder.
    """
    if not settings.IS_TRIAL:
        raise RuntimeError("a demonstration is for trials only")
    for account in accounts:
        _account(*account, password)
    for division, package in made.items():
        _trust(division, package)
    if not Package.objects.filter(division_code=admitted).exclude(state=STREAMING).exists():
        _admit(admitted, made[admitted])
    if not Surveyor.objects.exists():
        _register_surveyors()
    province, second = Officer.objects.filter(duty="provincial_officer", area="44").order_by("id")[:2]
    security = _who("security_administrator", "44")
    furnish_partner(settings.STATE.parent / "partner", address, by=province, second=second, security=security)


def _account(username: str, display_name: str, duty: str, area: str, password: str) -> None:
    if not Officer.objects.filter(username=username).exists():
        officer = Officer(
            username=username, display_name=display_name, duty=duty, area=area, staff_number=username,
            must_change_password=False,
        )  # fmt: skip
        officer.set_password(password)
        officer.save()


def _trust(division: str, package: Path) -> None:
    public = package.parent.parent / "city.pub"
    text = public.read_text(encoding="ascii")
    mark = fingerprint(load_pem_public_key(text.encode()))
    if not DivisionKey.objects.filter(fingerprint=mark).exists():
        keys.add_key(division_code=division, fingerprint=mark, public_key=text, by=_who("security_administrator", "44"))


def _admit(division: str, file: Path) -> None:
    """What the office's pages and the queue do, done here at once."""
    city, province = _who("city_data_officer", division[:4]), _who("provincial_officer", "44")
    with file.open("rb") as opened:
        spooled = spool.spool(File(opened, name=file.name))
    package = packages.receive(
        division_code=division, file_name=file.name, size=spooled.size, sha256=spooled.sha256, by=city
    )
    spool.keep(spooled, package.id)
    checking.check(package, asked("check_package", package, city))
    packages.order_admission(package=package, by=province)
    task = asked("admit_package", package, province)
    checking.put_in(package, task)
    work.advance(work=task, done=task.total)


def _register_surveyors() -> None:
    """Two surveyors of the town whose clerk has an account, one of them with an account too."""
    clerk = Officer.objects.filter(duty="town_clerk").first()
    account = Officer.objects.filter(duty="surveyor").first()
    if clerk is None:
        return
    today = timezone.localdate()
    for name, officer in (("调查员甲", account), ("调查员乙", None)):
        person = surveyors.Person(
            name=name, mobile="13800138000", place=clerk.area, unit="祖庙街道办事处", officer=officer,
            valid_from=today, valid_to=today + timedelta(days=240),
        )  # fmt: skip
        surveyors.register(person, by=clerk)


def _who(duty: str, area: str) -> Officer:
    return Officer.objects.filter(duty=duty, area=area).order_by("id")[0]
