"""The count of guesses: before they are looked at, by account, network and all together, and forgotten in time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import count

import pytest
from django.db import connection, transaction

from canbao.registry import throttle
from canbao.registry.deeds import origin
from canbao.registry.models import Guesses
from canbao.registry.throttle import TooManyGuesses, begin_guess, forget_old_guesses


@pytest.fixture(autouse=True)
def at_one_machine(register):
    """Guesses come from somewhere."""
    before = origin.set("10.1.2.3 0123456789abcdef")
    yield
    origin.reset(before)


def made(kind: str = "password", *, tries: int = 100, **more: str) -> int:
    """How many of so many wrong guesses may be made."""
    done = 0
    for _ in range(tries):
        with suppress(TooManyGuesses):
            begin_guess(kind, **more)
            done += 1
    return done


def failures() -> list[int]:
    return sorted(Guesses.objects.values_list("failures", flat=True))


def test_an_account_gets_five_at_once_and_ten_in_all(clock):
    assert made(account="zhang") == 5
    for wait in (10, 20, 40, 80, 160):
        clock.later(seconds=wait - 1)
        assert made(account="zhang") == 0
        clock.later(seconds=1)
        assert made(account="zhang") == 1
    clock.later(minutes=29, seconds=59)
    assert made(account="zhang") == 0
    clock.later(seconds=1)
    assert made(account="zhang") == 5


def test_what_was_right_is_taken_back(clock):
    for _ in range(4):
        begin_guess("password", account="zhang")
    begin_guess("password", account="zhang").proven()
    assert failures() == [4, 4]
    assert made(account="zhang") == 5


def test_the_last_guess_before_a_lock_may_be_right(clock, settings_changed):
    settings_changed(GUESSES_FROM_SOURCE=1)
    begin_guess("password", account="zhang").proven()
    begin_guess("password", account="li").proven()


def test_a_right_password_does_not_clear_guessed_digits(clock):
    assert made("token", account="zhang") == 5
    begin_guess("password", account="zhang").proven()
    assert made("token", account="zhang") == 0


def test_a_network_has_a_limit_over_all_accounts_and_kinds(clock, settings_changed):
    settings_changed(GUESSES_FROM_SOURCE=7)
    names = count()
    assert sum(made("password", tries=1, account=f"a{next(names)}") for _ in range(5)) == 5
    assert made("oidc") == 2
    origin.set("10.1.2.4 -")
    assert made("token", tries=3, account="b") == 3
    clock.later(minutes=30)
    origin.set("10.1.2.3 -")
    assert made("oidc") == 7


def test_all_networks_together_have_a_limit(clock, settings_changed):
    settings_changed(GUESSES_IN_ALL=6)
    done = 0
    for number in range(20):
        origin.set(f"10.9.9.{number} -")
        done += made(tries=1, account=f"a{number}")
    assert done == 6


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:10.0.0.1", "10.0.0.1", True),
        ("10.0.0.1", "10.0.0.2", False),
        ("::1", "0.0.0.1", False),
        ("", "no address", True),
    ],
)
def test_what_counts_as_one_network(clock, settings_changed, one, other, is_same):
    settings_changed(GUESSES_FROM_SOURCE=1)
    origin.set(f"{one} -")
    begin_guess("oidc")
    origin.set(f"{other} -")
    assert made("oidc", tries=1) == (0 if is_same else 1)


def test_what_is_refused_counts_for_nothing_and_writes_nothing(clock):
    made(account="zhang", tries=5)
    before = list(Guesses.objects.order_by("key").values())
    assert made(account="zhang") == 0
    assert list(Guesses.objects.order_by("key").values()) == before


def test_guesses_at_the_same_moment_are_all_counted(clock, settings_changed):
    settings_changed(GUESSES_IN_ALL=40)

    def guess(number: int) -> int:
        try:
            origin.set(f"10.0.{number}.1 -")
            return made(tries=1, account="zhang") + made(tries=1, account=f"other{number}")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(guess, range(60))) == 40
    assert max(failures()) == 40


def test_what_was_typed_is_not_kept(clock):
    begin_guess("password", account="44060419800101001X")
    assert not Guesses.objects.filter(key__contains="4406").exists()
    assert all(len(key) == 64 for key in Guesses.objects.values_list("key", flat=True))


def test_a_guess_is_counted_even_if_the_work_around_it_fails(clock):
    with pytest.raises(RuntimeError), transaction.atomic():
        begin_guess("password", account="zhang")


def test_old_counts_are_cleared_away(clock):
    made(account="zhang")
    assert forget_old_guesses() == 0
    clock.later(minutes=31)
    assert forget_old_guesses() == 3 and not Guesses.objects.exists()


def test_the_delays_of_the_guide(clock):
    waits = [throttle.Counted("x").blocked_until(failed, clock.now()) - clock.now() for failed in range(5, 11)]
    assert [int(wait.total_seconds()) for wait in waits] == [10, 20, 40, 80, 160, 1800]
