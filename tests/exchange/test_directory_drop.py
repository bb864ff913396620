"""Files that a partner drops in the folder are taken when they are whole, once, and moved with a word on them."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from canbao.law.exchange import read_exchange
from canbao.registry.actions import drop_folder, drops
from canbao.registry.actions.drop_folder import take_folder
from canbao.registry.models import Partner
from canbao.registry.server import PrivateServer
from canbao.registry.streams.keeping import standing
from cleaning_desk import number
from dropping_desk import dropped, signature_of, signed
from partner_desk import agreed, partner, with_key
from push_desk import ONE, TWO, cover, household, row
from register_desk import asked
from setting_desk import put_in


@pytest.fixture
def foshan(register: PrivateServer, monkeypatch: pytest.MonkeyPatch) -> Partner:
    """A partner that may push."""
    monkeypatch.setattr(drop_folder, "_later", {})
    put_in("440600", household=household((ONE, "张三")))
    made = partner()
    agreed(made)
    return made


def covers(many: int, first: int = 1) -> list[dict[str, Any]]:
    """Rows numbered from the first on."""
    people = [number(one) for one in range(201, 201 + many)]
    return [{**row(cover(ssn, "某人")), "id": f"f{seq}", "seq": seq} for seq, ssn in enumerate(people, first)]


def lying(folder: Path) -> list[str]:
    """What lies in a folder."""
    return sorted(one.name for one in folder.iterdir() if one.is_file()) if folder.exists() else []


def test_a_whole_file_is_taken_and_moved(foshan: Partner, tmp_path: Path) -> None:
    secret, key = with_key(foshan)
    rows = [*covers(3), {**row(cover(TWO, "李四", contrib_status="x")), "id": "f4", "seq": 4}]
    dropped(tmp_path, foshan.code, rows, secret, key.key_id)
    assert take_folder(tmp_path) == 1
    name = "foshan-insurance-1-4.ndjson.gz"
    assert lying(tmp_path) == [] and lying(tmp_path / "done") == [name, f"{name}.sig", f"{name}.txt"]
    words = (tmp_path / "done" / f"{name}.txt").read_text(encoding="utf-8")
    assert "收下 3 行" in words and "没有采用 1 行" in words and "seq 4：contrib_status" in words
    assert standing(foshan).acknowledged == 4


def test_what_is_not_whole_yet_waits(foshan: Partner, tmp_path: Path) -> None:
    secret, key = with_key(foshan)
    name, content, signature = signed(foshan.code, covers(1), secret, key.key_id)
    (tmp_path / f"{name}.sig").write_bytes(signature)
    assert take_folder(tmp_path) == 0
    (tmp_path / f"{name}.sig").unlink()
    (tmp_path / name).write_bytes(content)
    assert take_folder(tmp_path) == 0 and lying(tmp_path) == [name]
    (tmp_path / f"{name}.sig").write_bytes(signature)
    assert take_folder(tmp_path) == 1


@pytest.mark.parametrize("wrong", ["content", "key", "name", "agreement", "numbers"])
def test_what_may_not_be_taken_is_moved_aside_with_the_reason(foshan: Partner, tmp_path: Path, wrong: str) -> None:
    secret, key = with_key(foshan)
    other = partner("foshan-other")
    code, rows = (other.code if wrong == "name" else foshan.code), covers(2)
    file = dropped(tmp_path, code, rows, secret, key.key_id)
    if wrong == "content":
        file.write_bytes(signed(code, covers(1), secret, key.key_id)[1])
    if wrong == "numbers":
        rows[0]["seq"] = 9
        _resign(file, rows, secret, key.key_id)
    if wrong == "key":
        type(key).objects.update(withdrawn_at="2026-01-01T00:00:00Z")
    if wrong == "agreement":
        foshan.agreements.update(services=["feed"])
    assert take_folder(tmp_path) == 1
    words = (tmp_path / "refused" / f"{file.name}.txt").read_text(encoding="utf-8")
    says = {"content": "签名后变过", "key": "没有登记", "name": "代号不是", "agreement": "共享协议", "numbers": "之间"}
    assert says[wrong] in words and asked("SELECT * FROM inbox") == []


def _resign(file: Path, rows: list[dict[str, Any]], secret: Any, keyid: str) -> None:
    """Write other rows under a file's name, rightly signed."""
    content = gzip.compress("".join(json.dumps(one) + "\n" for one in rows).encode(), mtime=0)
    file.write_bytes(content)
    file.with_name(f"{file.name}.sig").write_bytes(signature_of(file.name, content, secret, keyid))


def test_killed_in_the_middle_no_row_is_taken_twice(
    foshan: Partner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret, key = with_key(foshan)
    file = dropped(tmp_path, foshan.code, covers(5), secret, key.key_id)
    small = read_exchange().model_copy(update={"batch_rows": 2})
    monkeypatch.setattr(drops, "read_exchange", lambda: small)
    real, calls = drops.keep, []

    def dying(*given: Any) -> Any:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(*given)

    monkeypatch.setattr(drops, "keep", dying)
    with pytest.raises(KeyboardInterrupt):
        take_folder(tmp_path)
    assert len(asked("SELECT * FROM inbox")) == 2
    assert take_folder(tmp_path) == 1
    assert len(asked("SELECT * FROM inbox")) == 5
    assert "收下 3 行，以前收过 2 行" in (tmp_path / "done" / f"{file.name}.txt").read_text(encoding="utf-8")


def test_a_signature_torn_from_its_file_follows_it(foshan: Partner, tmp_path: Path) -> None:
    secret, key = with_key(foshan)
    file = dropped(tmp_path, foshan.code, covers(1), secret, key.key_id)
    (tmp_path / "done").mkdir()
    file.rename(tmp_path / "done" / file.name)
    assert take_folder(tmp_path) == 0
    assert lying(tmp_path) == [] and f"{file.name}.sig" in lying(tmp_path / "done")


def test_beyond_a_limit_the_file_stays_for_later(foshan: Partner, tmp_path: Path) -> None:
    secret, key = with_key(foshan)
    foshan.agreements.update(rows_a_day=1)
    file = dropped(tmp_path, foshan.code, covers(2), secret, key.key_id)
    assert take_folder(tmp_path) == 0 and file.exists()
    foshan.agreements.update(rows_a_day=100)
    assert take_folder(tmp_path) == 0, "it is not tried again before the time that the refusal named"
    drop_folder._later.clear()
    assert take_folder(tmp_path) == 1


def test_a_name_that_is_none_is_moved_aside(foshan: Partner, tmp_path: Path) -> None:
    for name in ("x.txt", "x.txt.sig"):
        (tmp_path / name).write_text("x")
    assert take_folder(tmp_path) == 1 and "文件名不对" in (tmp_path / "refused" / "x.txt.txt").read_text("utf-8")
