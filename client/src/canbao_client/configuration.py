"""The page of configuration as a whole: server, key, outbox, database, and what is told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from canbao_client.client import Client
from canbao_client.databases import Database
from canbao_client.line import Sleep
from canbao_client.outbox import Outbox
from canbao_client.page import Page, read_page
from canbao_client.translation import Translation, read_translation
from canbao_client.watermarks import Watermark, read_watermark

STRICTLY_LATER = re.compile(r">\s*:watermark\b")


@dataclass(frozen=True)
class Query:
    """What is read from the database again and again, and how its rows are told."""

    translation: Translation
    statement: str
    watermark: Watermark

    @property
    def name(self) -> str:
        """The name under which the outbox knows how far it was read."""
        return self.translation.name


@dataclass(frozen=True)
class Configuration:
    """Everything that `canbao-client` is told about an office's system; `interval` in seconds."""

    page: Page
    folder: Path
    interval: float
    translations: Sequence[Translation]
    queries: Sequence[Query]

    def client(self, sleep: Sleep) -> Client:
        """The client for the server."""
        return Client(
            self.page.text("server"), self.path("key"), self.page.number("timeout", 30), self._verify(), sleep=sleep
        )

    def outbox(self) -> Outbox:
        """The outbox; it is made where there is none."""
        return Outbox(self.outbox_file, self.page.number("keep_days", 30))

    @property
    def outbox_file(self) -> Path:
        """Where the outbox is."""
        return self.path("outbox")

    def database(self) -> Database:
        """The business database."""
        return Database(self.page.text("database"))

    def path(self, name: str) -> Path:
        """A path of the page, taken from the page's folder if it does not begin at the root."""
        return self.folder / self.page.text(name)

    def _verify(self) -> bool | str:
        return str(self.path("certificates")) if "certificates" in self.page else True


def read_configuration(file: Path) -> Configuration:
    """The configuration in a file; raises ConfigurationTrouble with file, line, key and remedy."""
    page = read_page(file).only(
        "server", "key", "partner", "certificates", "timeout", "outbox", "keep_days", "interval", "database", "rows",
        "back_fill",
    )  # fmt: skip
    for needed in ("server", "key", "outbox"):
        page.text(needed)
    parts = list(page.tables("rows")) if "rows" in page else []
    translations = [read_translation(part, "query", "watermark") for part in parts]
    _require_different(translations)
    queries = [_query(one) for one in translations if "query" in one.page]
    return Configuration(page, file.absolute().parent, page.number("interval", 60), translations, queries)


def _query(translation: Translation) -> Query:
    page = translation.page
    statement = page.text("query")
    if ":watermark" not in statement:
        raise page.trouble("查询里没有 :watermark", "请写条件，如 WHERE updated_at >= :watermark", "query")
    if STRICTLY_LATER.search(statement):
        remedy = "请写 >= :watermark；读过的行不会重复，只写 > 会漏掉同一时刻的行"
        raise page.trouble("查询的条件是 > :watermark", remedy, "query")
    return Query(translation, statement, read_watermark(page.table("watermark")))


def _require_different(translations: Sequence[Translation]) -> None:
    names = [one.name for one in translations]
    for one in translations:
        if names.count(one.name) > 1:
            raise one.page.trouble(f"有两项都叫 {one.name}", "请给每一项写不同的 name")
