"""What Splink compares and in which levels, the best first; each level's chances are data (`model.json`)."""

from __future__ import annotations

from dataclasses import dataclass

from canbao.batch.candidates import conditions as when


@dataclass(frozen=True)
class Level:
    """A level of a comparison: when it holds, and the column by whose frequency it is weighed, if any.

    `by_chance` is how often it holds for two people where a sample is too small to tell; `of_one` the same for two
    records of one person where EM is not to decide.
    """

    name: str
    when: str
    frequency: str | None = None
    by_chance: float | None = None
    of_one: float | None = None


Levels = tuple[Level, ...]

ELSE = "ELSE"
UNKNOWN = "unknown"
"""Levels that say nothing, one way or the other."""

COMPARISONS: dict[str, Levels] = {
    "name": (
        Level(UNKNOWN, f"name_l IS NULL OR name_r IS NULL OR {when.OTHER_SCRIPT}"),
        Level("same", when.NAME_SAME, frequency="plain_name"),
        Level("sound", when.SOUND_SAME, frequency="sound"),
        Level("near", when.NAME_NEAR),
        Level("other", ELSE),
    ),
    "birth": (
        Level(UNKNOWN, "born_l IS NULL OR born_r IS NULL"),
        Level("same", when.BIRTH_SAME),
        Level("century", when.BIRTH_CENTURY),
        Level("near", when.BIRTH_NEAR),
        Level("other", ELSE),
    ),
    "number": (
        Level(UNKNOWN, f"kind_l IS NULL OR kind_r IS NULL OR {when.TEMPORARY}"),
        Level("same", when.DIGITS_SAME, by_chance=1e-7),
        Level("place_and_sequence", when.PLACE_AND_SEQUENCE),
        Level("succession", when.SUCCESSION, by_chance=1e-6),
        Level("document", when.SAME_DOCUMENT, by_chance=1e-7, of_one=0.005),
        Level("slip", when.ONE_SLIP, by_chance=3e-3),
        Level("region", when.SAME_REGION),
        Level("other", ELSE),
    ),
    "sex": (
        Level(UNKNOWN, "sex_l IS NULL OR sex_r IS NULL"),
        Level("same", "sex_l = sex_r"),
        Level("other", ELSE),
    ),
    "mobile": (
        Level(UNKNOWN, f"mobile_l IS NULL OR mobile_r IS NULL OR ({when.MOBILE_SAME} AND NOT {when.NAMES_AGREE})"),
        Level("same", when.MOBILE_SAME, by_chance=2e-6),
        Level("near", when.MOBILE_NEAR, by_chance=1e-5, of_one=0.01),
        Level("other", ELSE),
    ),
    "home": (
        Level(UNKNOWN, f"{when.NO_HOME} OR (({when.HOME_SAME}) AND NOT {when.NAMES_AGREE})"),
        Level("residence", f"{when.RESIDENCE_SAME} OR {when.CROSSED}", by_chance=5e-6),
        Level("hukou", when.HUKOU_SAME, by_chance=5e-6),
        Level("village", when.VILLAGE_SAME),
        Level("other", ELSE),
    ),
    "unit": (
        Level(UNKNOWN, f"unit_l IS NULL OR unit_r IS NULL OR NOT {when.NAMES_AGREE}"),
        Level("same", when.UNIT_SAME, by_chance=1e-4),
        Level("other", ELSE, by_chance=0.9999),
    ),
    "persons": (
        Level("two", when.TWO_PERSONS, by_chance=0.9, of_one=9e-7),
        Level("perhaps_one", ELSE, by_chance=0.1, of_one=0.1),
    ),
}
"""Phone, home and unit count only where the names agree: else it is a family. `persons` is the rule that two valid
resident numbers with different names are two people, whatever they share (20 bits against it); it is not trained."""

ITEMS = (
    "number", "kind", "digits", "document", "region", "number_day", "sequence", "verified", "name", "plain_name",
    "sound", "latin", "sex", "birth_date", "born", "mobile", "residence", "hukou", "village", "unit", "digest",
)  # fmt: skip
"""The columns of `items` beside the key."""


def trained(comparison: str) -> bool:
    """Whether the comparison has chances that are learnt."""
    return any(level.of_one is None for level in COMPARISONS[comparison] if level.name != UNKNOWN)
