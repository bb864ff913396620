"""Signing in and out: an officer has one session at a time, and the log has its beginning and its end."""

from __future__ import annotations

from django.contrib.auth import authenticate
from django.db import connection, transaction

from canbao.registry.access import Refused
from canbao.registry.audit import Entry, append
from canbao.registry.deeds import origin, write_event
from canbao.registry.models import Officer
from canbao.registry.throttle import begin_guess


class Unproven(Refused):
    """Account and password don't belong together; an account that nobody has or that is closed is told the same."""


def recognise(*, account: str, password: str, browser: str = "") -> Officer:
    """The officer whose account and password these are.

    `browser` is the mark of one in which the account has come in before, or empty. Raises Unproven, in about the same
    time whether there is such an account or not, and TooManyGuesses.
    """
    guess = begin_guess("password", account=account, browser=browser)
    officer = authenticate(None, username=account, password=password)
    if officer is None:
        note_failure(account=account, action="session.begin", why="password")
        raise Unproven("账号或密码不对")
    guess.proven()
    return officer


def begin_session(*, officer: Officer, session_key: str, way: str) -> None:
    """The session is from now on the officer's only one; `way` says how it came about: password, oidc, …"""
    with transaction.atomic():
        officer.session_key = session_key
        officer.save(update_fields=["session_key"])
        write_event(by=officer, action="session.begin", details={"way": way})


def end_session(*, officer: Officer, why: str, is_current: bool = True) -> None:
    """A session of the officer is over; one that is not the current one leaves the current one alone."""
    with transaction.atomic():
        if is_current:
            officer.session_key = ""
            officer.save(update_fields=["session_key"])
        write_event(by=officer, action="session.end", details={"why": why})


def note_failure(*, account: str, action: str, why: str) -> None:
    """Somebody failed to prove who they are.

    An account that nobody has is not written down: people type passwords and identity numbers into that field.
    """
    known = Officer.objects.filter(username=account).first()
    entry = Entry(
        officer_id=known.id if known else None,
        account=account if known else "",
        person_name=known.display_name if known else "",
        duty=known.duty if known else "",
        area=known.area if known else "",
        origin=origin.get(),
        action=action,
        decision="refused",
        details={"why": why, "is_account": known is not None},
    )
    with transaction.atomic(), connection.cursor() as cursor:
        append(cursor, entry)
