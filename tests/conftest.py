"""A register on a private server: one server a session, one database a worker, emptied before each test."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "canbao.settings")
os.environ.setdefault("CANBAO_SECRET_KEY", "made for tests, and long enough for that")
os.environ["CANBAO_TRIAL"] = "1"
os.environ["CANBAO_HOSTS"] = "testserver,127.0.0.1,localhost"
os.environ["CANBAO_DATABASE_URL"] = "postgresql:///none-before-the-fixture-names-one"
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta

import django
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.test import override_settings
from django.utils import timezone
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from canbao.registry.secrets.keys import make_first_key
from canbao.registry.server import PrivateServer
from emptying import empty_register
from server_folders import running_server

django.setup()
settings.PASSWORD_HASHERS = ["cheap_hasher.CheapHasher"]
# How long an example takes depends on what else the machine does. A test that names other health checks names this too.
hypothesis_settings.register_profile("canbao", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("canbao")


@pytest.fixture(scope="session")
def register_database() -> Iterator[PrivateServer]:
    """The private server with a migrated database, and Django pointed at it."""
    with running_server() as server:
        _point_django_at(server)
        settings.DATA_KEYS = server.folder / "data-keys"
        make_first_key(settings.DATA_KEYS)
        call_command("migrate", database="owner", verbosity=0)
        yield server
        for connection in connections.all():
            connection.close()


@pytest.fixture
def register(register_database: PrivateServer) -> PrivateServer:
    """An empty register."""
    empty_register()
    return register_database


def _point_django_at(server: PrivateServer) -> None:
    from canbao.registry.connecting import django_database

    environment = {
        "CANBAO_DATABASE_URL": server.url("canbao_app"),
        "CANBAO_OWNER_DATABASE_URL": server.url("canbao_owner"),
    }
    for alias, role in (("default", "app"), ("owner", "owner")):
        entry = django_database(role, environment, server.folder)
        settings.DATABASES[alias].update(entry)
        connections[alias].settings_dict.update(entry)


class Clock:
    """The throttle's clock: it goes on as soon as a test says so, and not before."""

    def __init__(self) -> None:
        self.at = timezone.now()

    def now(self) -> datetime:
        return self.at

    def later(self, **by: float) -> None:
        self.at += timedelta(**by)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Time as the throttle of guesses sees it: `clock.later(minutes=30)`."""
    from canbao.registry import throttle

    kept = Clock()
    monkeypatch.setattr(throttle, "timezone", kept)
    return kept


@pytest.fixture
def settings_changed() -> Iterator[Callable[..., None]]:
    """Change Django's settings for one test."""
    changes = ExitStack()
    with changes:
        yield lambda **changed: changes.enter_context(override_settings(**changed))


@pytest.fixture
def people(register: PrivateServer) -> None:
    """Twelve people of three villages who are in no insurance and have to be surveyed."""
    from survey_desk import city

    city()
