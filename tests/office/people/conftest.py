"""Two cities with people, and the entries that go on the log."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from people_made import FOSHAN, SHENZHEN, Made, cover, incomer, let_in, person_id, villager

from canbao.registry import deeds
from canbao.registry.audit import Entry
from canbao.registry.audit.checkpoints import make_checkpoint_key
from canbao.registry.models import Conflict
from kept_register import made_once


@dataclass
class Cities:
    """Whom the two cities have: `own` of 佛山, `foreign` of 深圳 alone."""

    own: Made
    foreign: Made
    others: list[Made]

    @property
    def own_id(self) -> int:
        return person_id(self.own.ssn)

    @property
    def foreign_id(self) -> int:
        return person_id(self.foreign.ssn)


@pytest.fixture
def cities(register) -> Cities:
    """Five people of 佛山, one of whom is insured in both cities, and two of 深圳."""
    own = villager(1)
    own.covers = [cover("emp_medical", "440604", unit_no="FS001", unit_name="禅城陶瓷厂")]
    own.evidence += [("labour", "employed_at_unit")]
    others = [villager(order, name) for order, name in enumerate(("欧阳明", "李小满", "陈大文", "黄秋生"), start=2)]
    foreign = incomer(11, "令狐冲霄")
    foreign.covers = [cover("emp_pension", "440305")]
    again = Made(own.ssn, own.name, {"admin_division_code": "440305"}, [cover("emp_medical", "440305")])

    def admit() -> None:
        let_in(FOSHAN, [own, *others])
        let_in(SHENZHEN, [foreign, incomer(12, "令狐大山"), again])

    made_once("two cities", admit)
    return Cities(own, foreign, others)


@pytest.fixture
def log(monkeypatch) -> list[Entry]:
    """What deeds write on the log, as they hand it over; the only place that knows how tests see the log."""
    kept: list[Entry] = []
    write = deeds.append
    monkeypatch.setattr(deeds, "append", lambda cursor, entry: (kept.append(entry), write(cursor, entry))[1])
    return kept


@pytest.fixture
def conflict(cities) -> Conflict:
    """深圳 has another name under the number of somebody of 佛山."""
    other = Made(
        cities.others[0].ssn, "上官飞燕", {"admin_division_code": "440305", "mobile": "13566667777"},
        [cover("emp_pension", "440305", unit_name="南山电子厂")],
    )  # fmt: skip
    let_in(SHENZHEN, [cities.foreign, other])
    return Conflict.objects.get()


@pytest.fixture
def state(settings_changed, tmp_path: Path) -> Path:
    """A folder of the program's own with the key that signs checkpoints and evidence."""
    settings_changed(STATE=tmp_path, TSA_CERTIFICATE=tmp_path / "tsa.pem")
    make_checkpoint_key(tmp_path / "audit.key")
    return tmp_path
