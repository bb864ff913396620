"""No byte can change unnoticed, and no end can be missing."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from package_samples import City

from canbao.batch.package import open_package, verify
from canbao.batch.package.manifest import TABLES


def test_every_flipped_byte_is_noticed(city: City, tmp_path: Path) -> None:
    good = city.pack().read_bytes()
    package = tmp_path / "flipped.canbao"
    unseen = [place for place in range(len(good)) if not faults_of(package, flipped(good, place))]
    assert unseen == []


def flipped(good: bytes, place: int) -> bytes:
    return good[:place] + bytes([good[place] ^ (1 << place % 8)]) + good[place + 1 :]


def faults_of(package: Path, content: bytes, identity: Path | None = None) -> list[str]:
    package.write_bytes(content)
    return verify(package, identity=identity)


def test_flipped_bytes_of_a_sealed_package_are_noticed(city: City, tmp_path: Path) -> None:
    good = city.pack_sealed().read_bytes()
    places = [*range(300), *random.Random(1).sample(range(300, len(good)), 200), len(good) - 1]
    unseen = [
        place for place in places if not faults_of(tmp_path / "flipped.canbao", flipped(good, place), city.identity)
    ]
    assert unseen == []


@pytest.mark.parametrize("sealed", [False, True])
def test_a_missing_end_is_noticed(sealed: bool, city: City, tmp_path: Path) -> None:
    good = (city.pack_sealed() if sealed else city.pack()).read_bytes()
    lengths = [*range(0, len(good), 97), len(good) - 1]
    unseen = [length for length in lengths if not faults_of(tmp_path / "short.canbao", good[:length], city.identity)]
    assert unseen == []


def test_anything_after_the_end_of_a_sealed_package_is_noticed(city: City, tmp_path: Path) -> None:
    good = city.pack_sealed().read_bytes()
    for more in (b"\0", good, bytes(70_000)):
        assert faults_of(tmp_path / "long.canbao", good + more, city.identity)


def test_random_damage_is_refused_in_words(city: City, tmp_path: Path) -> None:
    """Bytes cut out, doubled and overwritten anywhere: never another error than a refusal."""
    good, chance = city.pack().read_bytes(), random.Random(2)
    for _ in range(1500):
        start, length, other = (chance.randrange(len(good)) for _ in range(3))
        piece = chance.choice([b"", good[other : other + length % 300], chance.randbytes(length % 40)])
        content = good[:start] + piece + good[start + chance.choice([0, len(piece), length % 500]) :]
        assert content == good or faults_of(tmp_path / "damaged.canbao", content)


def test_an_opened_package_has_the_tables_that_were_listed(city: City, tmp_path: Path) -> None:
    opened = open_package(city.pack(), tmp_path / "in", trust=city.trust)
    assert [member.name for member in opened.manifest.members][: len(TABLES)] == list(TABLES)
