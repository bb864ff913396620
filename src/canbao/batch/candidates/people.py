"""The table of registered people, looked at before anything is compared, and the items that are compared."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from canbao.batch.candidates.names import plain, sound
from canbao.batch.candidates.numbers import numbers
from canbao.batch.candidates.settings import SharedByAtMost
from canbao.batch.dialects.duckdb import DuckDB
from canbao.batch.steps import expressions
from canbao.batch.steps.step import Step, table
from canbao.batch.trouble import SourceTrouble, refusing

NEEDED = ("person_id", "ssn", "name", "sex", "birth_date")
OTHERS = ("mobile", "residence_address", "hukou_address", "hukou_village_code", "unit_no", "unit_name")
REMEDY = "请重新导出登记人员表（Parquet）"

COMPARED = ("number", "name", "sex", "birth_date", "mobile", "residence", "hukou", "village", "unit")
"""The items of a digest: a decision holds until one of them changes."""

LITTLE = r"[\s,，.。;；:：\-－—_#()（）]"
"""Characters of an address that differ from office to office."""

_READ = """
    SELECT person_id, ssn, nullif({name}, '') AS name, nullif({sex}, '') AS sex, {birth_date} AS birth_date,
        nullif(regexp_extract(regexp_replace(mobile, '[^0-9]', '', 'g'), '^(?:86)?(1[0-9]{{10}})$', 1), '') AS mobile,
        {residence} AS residence, {hukou} AS hukou, nullif(hukou_village_code, '') AS village,
        coalesce(nullif(unit_no, ''), nullif(unit_name, '')) AS unit
    FROM ({raw}) AS raw
"""
_ITEMS = """
    SELECT read.person_id, numbers.* EXCLUDE (person_id), read.name, forms.plain_name, forms.sound, forms.latin, sex,
        birth_date, strftime(birth_date, '%Y%m%d') AS born, {mobile}, {residence}, {hukou}, village, {unit},
        {digest} AS digest
    FROM people_read AS read JOIN numbers USING (person_id) LEFT JOIN name_forms AS forms ON forms.name = read.name
"""


def check_people(file: Path) -> None:
    """Refuse a file that is no Parquet table of people; raises SourceTrouble naming what is wrong and what to do."""
    schema = _schema(file, REMEDY)
    missing = [name for name in NEEDED if name not in schema.names]
    if missing:
        raise SourceTrouble(file.name, f"缺少 {'、'.join(missing)} 列", REMEDY)
    if not pa.types.is_integer(schema.field("person_id").type):
        raise SourceTrouble(file.name, "person_id 不是整数", REMEDY)


def check_columns(file: Path, columns: tuple[str, ...], remedy: str) -> None:
    """Refuse a Parquet file without all of the columns."""
    missing = [name for name in columns if name not in _schema(file, remedy).names]
    if missing:
        raise SourceTrouble(file.name, f"缺少 {'、'.join(missing)} 列", remedy)


def _schema(file: Path, remedy: str) -> pa.Schema:
    try:
        with refusing(file.name, "读不出来", "请核对文件和权限"):
            return pq.read_schema(file)
    except pa.ArrowException as problem:
        raise SourceTrouble(file.name, "不是完好的 Parquet 文件", remedy) from problem


def load_people(engine: DuckDB, file: Path, shared: SharedByAtMost) -> int:
    """Make the table `items`, one row for each person; returns how many there are.

    Raises SourceTrouble for a table without people and for a person_id that is missing or comes twice.
    """
    _lend(engine)
    try:
        engine.run(table("people_read", _read(engine, file)))
    except (duckdb.ConversionException, duckdb.InvalidInputException, duckdb.SerializationException) as problem:
        raise SourceTrouble(file.name, "内容损坏，读不到底", REMEDY) from problem
    ((people, keys),) = engine.rows("SELECT count(*), count(DISTINCT person_id) FROM people_read")
    if not people:
        raise SourceTrouble(file.name, "表里没有人", REMEDY)
    if people != keys:
        raise SourceTrouble(file.name, f"{people - keys} 行的 person_id 空缺或重复", REMEDY)
    engine.run(table("numbers", numbers("people_read")))
    engine.run(table("name_forms", NAME_FORMS))
    for item, most in _limits(shared).items():
        many = f"SELECT {item} FROM people_read WHERE {item} IS NOT NULL GROUP BY ALL HAVING count(*) > {most}"
        engine.run(table(f"many_{item}", many))
    engine.run(table("items", _items(_limits(shared))))
    for done in ("people_read", "numbers", "name_forms"):
        engine.run(Step(done, f"DROP TABLE {done}"))
    return int(people)


def _limits(shared: SharedByAtMost) -> dict[str, int]:
    """How many people may have the same of an item for it to say anything."""
    return {"mobile": shared.mobile, "residence": shared.residence, "hukou": shared.residence, "unit": shared.unit}


NAME_FORMS = """
    SELECT name, canbao_plain(name) AS plain_name, canbao_sound(name) AS sound,
        NOT regexp_matches(name, '[\\x{3400}-\\x{10FFFF}]') AS latin
    FROM (SELECT DISTINCT name FROM people_read WHERE name IS NOT NULL)
"""


def _read(engine: DuckDB, file: Path) -> str:
    names = set(pq.read_schema(file).names)
    columns = [f"CAST({name} AS VARCHAR) AS {name}" for name in NEEDED if name != "person_id"]
    columns += [f"{f'CAST({name} AS VARCHAR)' if name in names else 'NULL::VARCHAR'} AS {name}" for name in OTHERS]
    raw = f"SELECT CAST(person_id AS BIGINT) AS person_id, {', '.join(columns)} FROM {engine.file(file)}"
    return _READ.format(
        name=expressions.name("name"),
        sex="CASE WHEN sex IN ('1', '2') THEN sex END",
        birth_date=expressions.day("birth_date"),
        residence=_address("residence_address"),
        hukou=_address("hukou_address"),
        raw=raw,
    )


def _address(column: str) -> str:
    """An address without blanks and signs; NULL for one that is too short to be a home."""
    bare = f"regexp_replace({expressions.text(column)}, '{LITTLE}', '', 'g')"
    return f"CASE WHEN length({bare}) >= 6 THEN {bare} END"


def _items(limits: dict[str, int]) -> str:
    joined = ", ".join(f"coalesce(CAST({_source(item)} AS VARCHAR), '')" for item in COMPARED)
    telling = {
        item: f"CASE WHEN read.{item} NOT IN (SELECT {item} FROM many_{item}) THEN read.{item} END AS {item}"
        for item in limits
    }
    return _ITEMS.format(digest=f"left(sha256(concat_ws(chr(31), {joined})), 32)", **telling)


def _source(item: str) -> str:
    return f"numbers.{item}" if item == "number" else f"read.{item}"


def _lend(engine: DuckDB) -> None:
    for name, function in (("canbao_plain", plain), ("canbao_sound", sound)):
        engine.connection.create_function(  # type: ignore[call-overload]
            name, _over(function), ["VARCHAR"], "VARCHAR", type="arrow"
        )


def _over(function: Callable[[str], str]) -> Callable[[pa.Array], pa.Array]:
    return lambda texts: pa.array([function(text) for text in texts.to_pylist()], pa.string())
