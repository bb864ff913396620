"""The model: chances of each level for one person and for two, kept as JSON; and what Splink is told of it."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from canbao.batch.candidates.blocks import KEYS
from canbao.batch.candidates.comparisons import COMPARISONS, UNKNOWN, Level
from canbao.batch.trouble import SourceTrouble

if TYPE_CHECKING:
    from splink import Linker

OURS = Path(__file__).with_name("model.json")
REMEDY = "请用随附的模型，或重新训练"
KEY = "person_id"
FREQUENCIES = ("plain_name", "sound")
"""Columns whose values are weighed by how common they are; their tables are `common_…`."""

Chances = dict[str, dict[str, tuple[float, float]]]
"""Comparison to level to its chance for two records of one person (m) and of two people (u)."""


def read_model(file: Path = OURS) -> Chances:
    """The chances in a file; raises SourceTrouble if it is none of ours or lacks a level."""
    try:
        read = json.loads(file.read_text(encoding="utf-8"))["chances"]
        return {
            name: {level.name: _chance(read[name][level.name]) for level in levels if level.name != UNKNOWN}
            for name, levels in COMPARISONS.items()
        }
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise SourceTrouble(file.name, "不是一人两号比对的模型，或缺少比对级别", REMEDY) from problem


def _chance(pair: list[float]) -> tuple[float, float]:
    of_one, by_chance = pair
    if not (0 < of_one <= 1 and 0 < by_chance <= 1):
        raise ValueError("a chance is above 0 and at most 1")
    return of_one, by_chance


def write_model(file: Path, chances: Chances, told: dict[str, Any]) -> None:
    """Keep chances, with how they were come by in `told`."""
    rounded = {
        name: {level: [float(f"{chance:.6g}") for chance in pair] for level, pair in levels.items()}
        for name, levels in chances.items()
    }
    text = json.dumps({**told, "chances": rounded}, ensure_ascii=False, indent=1)
    file.write_text(text + "\n", encoding="utf-8")


def linker(connection: Any, settings: dict[str, Any]) -> Linker:
    """A Splink linker over the table `asked`, with how common names are in the whole population."""
    from splink import DuckDBAPI, Linker

    api = DuckDBAPI(connection)
    made = Linker(api.register("asked"), settings, log_level=None, validate_settings=False)
    for column in FREQUENCIES:
        made.table_management.register_term_frequency_lookup(api.register(f"common_{column}"), column)
    return made


def settings(
    comparisons: Iterable[str], chances: Chances, one_in_pairs: float, rules: Iterable[str] = KEYS
) -> dict[str, Any]:
    """Splink's settings for some comparisons; levels without chances are left to be learnt."""
    from splink import block_on

    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": KEY,
        "probability_two_random_records_match": one_in_pairs,
        "comparisons": [_comparison(name, chances.get(name, {})) for name in comparisons],
        "blocking_rules_to_generate_predictions": [block_on(rule) for rule in rules],
        "retain_matching_columns": False,
        "em_convergence": 1e-6,
        "max_iterations": 100,
    }


def _comparison(name: str, chances: dict[str, tuple[float, float]]) -> dict[str, Any]:
    levels = [_level(level, chances.get(level.name)) for level in COMPARISONS[name]]
    return {"output_column_name": name, "comparison_levels": levels}


def _level(level: Level, chance: tuple[float, float] | None) -> dict[str, Any]:
    told: dict[str, Any] = {"sql_condition": level.when, "label_for_charts": level.name}
    if level.name == UNKNOWN:
        return told | {"is_null_level": True}
    of_one, by_chance = chance or (level.of_one, level.by_chance)
    if of_one is not None:
        told |= {"m_probability": of_one, "fix_m_probability": chance is not None or level.of_one is not None}
    if by_chance is not None:
        told |= {"u_probability": by_chance, "fix_u_probability": True}
    if level.frequency:
        told |= {"tf_adjustment_column": level.frequency, "disable_tf_exact_match_detection": True}
    return told


@contextmanager
def quietly() -> Iterator[None]:
    """Keeps Splink's remarks, which may quote the data, out of every log, and shows the engine's own error."""
    from splink.internals.exceptions import SplinkException

    logger = logging.getLogger("splink")
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    except SplinkException as problem:
        raise problem.__cause__ or problem from None
    finally:
        logger.setLevel(before)
