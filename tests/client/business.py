"""A business system with a SQLite database, and the page of configuration by which it is read."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from client_desk import Desk

from canbao_client.configuration import Configuration, read_configuration

PAGE = """
server: {address}
key: partner.pem
outbox: outbox.db
interval: 0.05
database: sqlite:///{folder}/business.db
rows:
  - name: 养老
    source: insurance
    query: |
      SELECT number, ssn, name, status, changed, gone FROM cover
      WHERE changed >= :watermark ORDER BY changed  -- it's ':watermark'
    watermark: {{column: CHANGED, format: "%Y-%m-%d %H:%M:%S", overlap: {overlap}, begin: "2026-01-01"}}
    keys: [number]
    at: {{column: changed, format: "%Y-%m-%d %H:%M:%S"}}
    ends: {{column: gone, codes: 注销}}
    columns:
      ssn: SSN
      name: name
      insurance_type: {{value: emp_pension}}
      contrib_status: {{column: status, codes: 缴费状态}}
    codes:
      缴费状态: {{"01": 1, "02": 2, "": 3}}
      注销: {{Y: 1, "*": 0}}
"""
TABLE = "CREATE TABLE cover (number INTEGER PRIMARY KEY, ssn, name, status, changed TEXT, gone)"


class Business:
    """The database of covers; `changed` is a second of one hour."""

    def __init__(self, folder: Path) -> None:
        self.data = sqlite3.connect(folder / "business.db", isolation_level=None, timeout=30)
        self.data.execute("PRAGMA journal_mode = WAL")
        self.data.execute("PRAGMA synchronous = OFF")
        self.data.execute(TABLE)

    def put(self, number: int, second: int, status: str = "01", gone: str = "N") -> None:
        """Write a cover as of a second."""
        row = (number, f"44060119900101{number:04}", "某某", status, at(second), gone)
        self.data.execute("REPLACE INTO cover VALUES (?, ?, ?, ?, ?, ?)", row)


def at(second: int) -> str:
    """A moment as the business system writes it."""
    return f"2026-11-30 08:{second // 60:02}:{second % 60:02}"


def configured(desk: Desk, folder: Path, overlap: int = 0, page: str = PAGE) -> Configuration:
    """The configuration, read from its page."""
    file = folder / "page.yaml"
    file.write_text(page.format(address=desk.address, folder=folder, overlap=overlap), encoding="utf-8")
    return read_configuration(file)
