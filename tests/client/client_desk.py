"""A register that fails as told, and a partner beside it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fake_register import FakeRegister

from canbao_client import Client


@dataclass
class Desk:
    """The register, its address, the partner's key file, and clients that never really wait."""

    register: FakeRegister
    address: str
    key: Path

    def client(self, attempts: int = 4, timeout: float = 5) -> Client:
        """A client of this register."""
        return Client(self.address, self.key, timeout, attempts=attempts, sleep=lambda _: None)
