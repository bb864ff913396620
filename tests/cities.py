"""Made cities, cleaned and packed, as packages for the register's tests."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.serialization import load_pem_public_key

from canbao.batch.city import clean_city
from canbao.batch.generator import generate_city
from canbao.batch.package import make_signing_key, pack
from canbao.batch.package.keys import fingerprint


@dataclass(frozen=True)
class PackedCity:
    """A city's OUT/, its package and the public key with which it is signed."""

    division: str
    out: Path
    package: Path
    public_key: Path

    @property
    def fingerprint(self) -> str:
        """The key's fingerprint."""
        return fingerprint(load_pem_public_key(self.public_key.read_bytes()))


def made_city(folder: Path, persons: int = 300, seed: int = 7, division: str = "440600") -> PackedCity:
    """A dirty city from the generator."""
    generate_city(folder / "city", persons=persons, seed=seed, division=division)
    return packed(folder, division)


def written_city(folder: Path, division: str, **sources: str) -> PackedCity:
    """A city from CSV text by source name."""
    city = folder / "city"
    city.mkdir(parents=True)
    listed = "".join(f'{name} = "{name}.csv"\n' for name in sources)
    (city / "city.toml").write_text(
        f'[run]\ndivision = "{division}"\nas_of = 2017-06-30\nprofile = "guangdong_2017"\n[sources]\n{listed}',
        encoding="utf-8",
    )
    for name, text in sources.items():
        (city / f"{name}.csv").write_text(text, encoding="utf-8")
    return packed(folder, division)


def packed(folder: Path, division: str) -> PackedCity:
    """Clean the city in a folder and pack it."""
    clean_city(folder / "city" / "city.toml", folder / "OUT")
    key = folder / "city.key"
    public = make_signing_key(key)
    return PackedCity(division, folder / "OUT", pack(folder / "OUT", key), public)
