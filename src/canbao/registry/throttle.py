"""How often somebody may try to prove who they are: at one account, from one network, and all together.

    guess = begin_guess("password", account="zhang.san")      # raises TooManyGuesses before anything is compared
    ...
    guess.proven()

A guess counts as wrong from its beginning, in a transaction of its own, and is taken back once it was right: a hundred
guesses at the same moment count as a hundred. What is refused is not counted, so that nobody is kept out for longer by
asking again, and nothing is written for it, so that a flood of guesses is no flood of rows.

Each kind of credential has a count of its own: whoever knows a password can't clear the count of guessed digits by it.
A browser in which the account has come in before is counted by itself, so that strangers can't keep an officer out, nor
all officers.

django-axes was here before: it has one limit for all counts and no delay before the lock, counts after the password was
compared, guards the sign-in page alone, and keeps as account names what people typed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Network, ip_address

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from canbao.registry.access import Refused
from canbao.registry.deeds import asked_from
from canbao.registry.models import Guesses

DELAYED_FROM, LOCKED_FROM = 5, 10
"""Failures of one account after which the next try has to wait, and after which it has to wait for LOCKED."""
FIRST_DELAY = 10
"""Seconds after the fifth failure; each further one doubles them."""
LOCKED = timedelta(minutes=30)
"""How long a lock holds; also how long failures are remembered."""
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
IPV6_NETWORK = 64
"""One customer has at least so many bits of addresses to himself; they count as one source."""

COUNT = """
    INSERT INTO registry_guesses AS kept (key, failures, counted_from, blocked_until)
    VALUES (%(key)s, 1, %(now)s, %(never)s)
    ON CONFLICT (key) DO UPDATE SET
        failures = CASE WHEN kept.counted_from <= %(forgotten)s THEN 1 ELSE kept.failures + 1 END,
        counted_from = CASE WHEN %(slides)s OR kept.counted_from <= %(forgotten)s THEN %(now)s
            ELSE kept.counted_from END
    WHERE kept.blocked_until <= %(now)s
    RETURNING failures, counted_from
"""


class TooManyGuesses(Refused):
    """There were too many failures; `seconds` is how long to wait. The same for accounts that nobody has."""

    status = 429

    def __init__(self, seconds: int) -> None:
        super().__init__(f"尝试次数过多，请 {_words(seconds)}后再试")
        self.seconds = seconds


@dataclass(frozen=True)
class Counted:
    """One count that a guess adds to: of an account (which is delayed, then locked) or of many people (a limit)."""

    name: str
    limit: int = 0

    @property
    def key(self) -> str:
        """Under what the count is kept."""
        return salted_hmac("canbao.registry.throttle", self.name, algorithm="sha256").hexdigest()

    def blocked_until(self, failures: int, counted_from: datetime) -> datetime:
        """Until when nobody may try again after so many failures."""
        if self.limit:
            return counted_from + LOCKED if failures >= self.limit else NEVER
        if failures >= LOCKED_FROM:
            return counted_from + LOCKED
        if failures < DELAYED_FROM:
            return NEVER
        return counted_from + timedelta(seconds=FIRST_DELAY * 2 ** (failures - DELAYED_FROM))


@dataclass(frozen=True)
class Guess:
    """A guess that may be made, and is counted as wrong until it was right."""

    counts: tuple[Counted, ...]

    def proven(self) -> None:
        """The guess was right: the account's failures are forgotten, and this one is taken back from the others."""
        with transaction.atomic(durable=True):
            for counted in self.counts:
                _take_back(counted)


def begin_guess(kind: str, *, account: str = "", browser: str = "", of: str = "") -> Guess:
    """Count a guess before it is looked at; raises TooManyGuesses if it may not be made now.

    `kind` is what is guessed: password, token, … `account` is as it was typed, empty where none is named. `browser` is
    the mark of one in which this account has come in before. `of` is whose credentials are guessed if not officers':
    their networks and all of them are counted apart, so that whoever guesses residents' codes keeps no officer out.
    Where from is `deeds.asked_from`.
    """
    now, counts = timezone.now(), tuple(_counts(kind, account, browser, of))
    with transaction.atomic(durable=True):
        for counted in counts:
            _count(counted, now)
    return Guess(counts)


def forget_old_guesses() -> int:
    """Delete counts that count for nothing any more; returns how many."""
    now = timezone.now()
    return Guesses.objects.filter(counted_from__lt=now - LOCKED, blocked_until__lt=now).delete()[0]


def _counts(kind: str, account: str, browser: str, of: str) -> Iterator[Counted]:
    """Always in this order, so that two guesses never wait for each other."""
    if account and browser:
        yield Counted(f"browser {kind} {browser} {account}")
        return
    if account:
        yield Counted(f"account {kind} {account}")
    whose = f"{of} " if of else ""
    yield Counted(f"source {whose}{_source()}", settings.GUESSES_FROM_SOURCE)
    yield Counted(f"all {whose}".strip(), settings.GUESSES_IN_ALL)


def _source() -> str:
    """The network that the request comes from."""
    address = asked_from()
    try:
        parsed = ip_address(address)
    except ValueError:
        return "-"
    if isinstance(parsed, IPv4Address):
        return str(parsed)
    return str(parsed.ipv4_mapped or IPv6Network((int(parsed), IPV6_NETWORK), strict=False))


def _count(counted: Counted, now: datetime) -> None:
    with connection.cursor() as cursor:
        slides, forgotten = not counted.limit, now - LOCKED
        cursor.execute(
            COUNT, {"key": counted.key, "now": now, "never": NEVER, "forgotten": forgotten, "slides": slides}
        )
        found = cursor.fetchone()
    if found is None:
        until = Guesses.objects.values_list("blocked_until", flat=True).get(key=counted.key)
        raise TooManyGuesses(max(1, int((until - now).total_seconds() + 0.5)))
    until = counted.blocked_until(*found)
    if until != NEVER:
        Guesses.objects.filter(key=counted.key).update(blocked_until=until)


def _take_back(counted: Counted) -> None:
    kept = Guesses.objects.select_for_update().filter(key=counted.key)
    if not counted.limit:
        kept.delete()
    for count in kept:
        count.failures = max(0, count.failures - 1)
        count.blocked_until = counted.blocked_until(count.failures, count.counted_from)
        count.save(update_fields=["failures", "blocked_until"])


def _words(seconds: int) -> str:
    return f"{seconds} 秒" if seconds < 60 else f"{-(-seconds // 60)} 分钟"
