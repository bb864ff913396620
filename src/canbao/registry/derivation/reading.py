"""By what people are judged: the law, its reading for PostgreSQL, and the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from canbao.core.conditions import Columns, read_condition, to_sql
from canbao.law.models import Condition
from canbao.law.reader import Law

DIALECT = "postgres"


@dataclass(frozen=True)
class Judging:
    """By which law, reading and day people are judged; `bits` are those of the qualities."""

    law: Law
    profile: str
    as_of: date
    bits: dict[str, int]

    @property
    def columns(self) -> Columns:
        """Columns for the SQL reading of conditions."""
        return Columns(self.as_of, self.bits)

    def condition(self, written: Condition) -> str:
        """A condition of the law, for PostgreSQL."""
        return to_sql(read_condition(written), self.columns).sql(DIALECT)
