"""Conditions: one closed list of kinds, read in Python, SQL and JSON, and said in Chinese."""

from canbao.core.conditions.chinese import say
from canbao.core.conditions.json import to_json
from canbao.core.conditions.kinds import Condition, ConditionError, read_condition
from canbao.core.conditions.python import Record, holds
from canbao.core.conditions.sql import Columns, to_sql

__all__ = ["Columns", "Condition", "ConditionError", "Record", "holds", "read_condition", "say", "to_json", "to_sql"]
