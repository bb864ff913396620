"""Training the model without labels: chances for strangers from a random sample, for one person by EM."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from canbao.batch.candidates import model
from canbao.batch.candidates.blocks import find_blocks
from canbao.batch.candidates.comparisons import COMPARISONS, UNKNOWN, trained
from canbao.batch.candidates.people import check_people, load_people
from canbao.batch.candidates.proposing import count_names
from canbao.batch.candidates.settings import OURS, read_settings
from canbao.batch.dialects.duckdb import DuckDB, room
from canbao.batch.steps.step import table
from canbao.law.reader import read_law

SESSIONS = {
    "name_birth": ("number", "sex", "mobile", "home", "unit"),
    "name_mobile": ("birth",),
    "birth_mobile": ("name",),
}
"""Each block key with the comparisons that are learnt among its pairs: those that the key does not settle."""

SEED = 2017
LEAST, LEAST_OF_ONE = 1e-7, 1e-3
"""A level that was never seen is not impossible; least of all in two records of one person: clerks err anywhere."""


def train(
    people: Path,
    out: Path,
    *,
    memory: str | None = None,
    threads: int | None = None,
    settings: Path = OURS,
    sample_pairs: float = 2e7,
) -> model.Chances:
    """Learn the chances from a table of registered people (as `propose` takes it) and write them to `out`.

    Nobody has to say which pairs are right. Splink draws `sample_pairs` random pairs for what two people have in common
    by chance, and estimates by EM among the pairs of each block of SESSIONS what two records of one person have in
    common. Raises SourceTrouble for a table that can't be read or has nobody in it.
    """
    chosen = read_settings(settings)
    check_people(people)
    with tempfile.TemporaryDirectory(prefix="work-", dir=out.parent) as work:
        engine = DuckDB(Path(work), read_law(), memory, threads)
        try:
            with room("训练"), model.quietly():
                count = load_people(engine, people, chosen.shared_by_at_most)
                chances = _by_chance(engine, count, sample_pairs)
                find_blocks(engine, chosen.largest_block)
                count_names(engine)
                for rule, learnt in SESSIONS.items():
                    _learn(engine, rule, learnt, chances)
        finally:
            engine.close()
    model.write_model(out, chances, {"people": count, "sample_pairs": sample_pairs, "seed": SEED})
    return chances


def _by_chance(engine: DuckDB, people: int, sample_pairs: float) -> model.Chances:
    """The chances with those of strangers from a sample; those of one person are first guesses."""
    engine.run(table("asked", "SELECT * FROM items ORDER BY person_id"))
    count_names(engine)
    linker = model.linker(engine.connection, model.settings(COMPARISONS, {}, 1 / people, rules=()))
    linker.training.estimate_u_using_random_sampling(max_pairs=sample_pairs, seed=SEED, min_count_per_level=None)
    return _read(linker)


def _learn(engine: DuckDB, rule: str, learnt: tuple[str, ...], chances: model.Chances) -> None:
    """Put the chances of one person that EM finds for some comparisons into `chances`."""
    from splink import block_on

    fixed = {name: chances[name] for name in COMPARISONS if not trained(name)}
    told = model.settings((*learnt, *fixed), fixed, 0.5, rules=(rule,))
    for comparison in told["comparisons"]:
        _with_chance(comparison, chances[comparison["output_column_name"]])
    linker = model.linker(engine.connection, told)
    linker.training.estimate_parameters_using_expectation_maximisation(
        block_on(rule), estimate_without_term_frequencies=True
    )
    found = _read(linker)
    for name in learnt:
        chances[name] = {
            level: (max(found[name][level][0], LEAST_OF_ONE), chance[1]) for level, chance in chances[name].items()
        }


def _with_chance(comparison: dict[str, Any], chances: dict[str, tuple[float, float]]) -> None:
    """Fix the chances of strangers in Splink's settings of a comparison."""
    for level in comparison["comparison_levels"]:
        if level["label_for_charts"] != UNKNOWN:
            level |= {"u_probability": chances[level["label_for_charts"]][1], "fix_u_probability": True}


def _read(linker: Any) -> model.Chances:
    """The chances that a linker has come to."""
    told = linker.misc.save_model_to_json()
    return {
        comparison["output_column_name"]: {
            level["label_for_charts"]: (_number(level.get("m_probability")), _number(level.get("u_probability")))
            for level in comparison["comparison_levels"]
            if not level.get("is_null_level")
        }
        for comparison in told["comparisons"]
    }


def _number(chance: Any) -> float:
    return min(max(chance, LEAST), 1.0) if isinstance(chance, float | int) else LEAST
