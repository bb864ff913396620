"""A small law, files made on the spot, and private database servers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from reading_desk import Desk

from canbao.law.models import Column, FieldSpec, InForce, Profile, Source
from canbao.law.reader import Law
from database_servers import mysql, postgresql  # noqa: F401


def _source(name: str, label: str, *columns: Column) -> Source:
    ssn = Column(name="ssn", needed=True, label="社会保障号码", synonyms=("身份证号",))
    person = Column(name="name", needed=True, label="姓名")
    return Source(name=name, label=label, columns=(ssn, person, *columns), source="test", clause="1")


@pytest.fixture(scope="session")
def law() -> Law:
    """A law with two sources, one profile and one field."""
    ssn = FieldSpec(
        name="ssn", label="社会保障号码", group="identity", type="C..18", element_codes=("AAC002",),
        privacy="sensitive", source="test", clause="1",
    )  # fmt: skip
    sources = [
        _source("household", "户籍", Column(name="hukou_address", label="住址")),
        _source("school", "学籍", Column(name="full_time", label="全日制")),
    ]
    profile = Profile(
        id="guangdong_2017", label="原文次序", reading="", in_force=InForce.model_validate({"from": "2017-05-09"}),
        source="test", clause="1",
    )  # fmt: skip
    return Law(
        instruments={}, fields={"ssn": ssn}, codes={}, sources={one.name: one for one in sources}, register_sources={},
        qualities={}, tables={}, requirements=(), checks={}, duplicate_cover=(), profiles={profile.id: profile},
        cases=(), unencoded=(),
    )  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path, law: Law) -> Iterator[Desk]:
    with duckdb.connect() as connection:
        yield Desk(tmp_path, law, connection)
