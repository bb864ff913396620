"""The same cleaning written by hand for Polars: what somebody who knows it well would write for one city.

It handles tidy files only: no findings, conflicts, evidence, officers' decisions or explanations, no foreign numbers,
one profile (guangdong_2017), two forms of dates. So it does less work than Canbao, and `agreement` says how often the
four derived values are the same.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

AS_OF = date(2017, 6, 30)
SLUGS = ("emp_pension", "res_pension", "emp_medical", "res_medical", "unemployment", "work_injury", "maternity")
LISTS = ("labour", "school", "retirement", "military", "court", "exit_entry", "death")
EMPLOYEE = ("emp_pension", "emp_medical", "unemployment", "work_injury", "maternity")


def clean(city: Path, out: Path) -> None:
    """Read the sources of a plain city, write persons.parquet and insurances.parquet."""
    out.mkdir(parents=True, exist_ok=True)
    household = _keyed(city, "household").unique("key", keep="any", maintain_order=False)
    covers = _covers(city).join(household.select("key", pl.col("name").alias("reference")), on="key", how="left")
    covers = covers.filter(pl.col("reference").is_null() | (pl.col("name") == pl.col("reference"))).collect()
    covers.sort("key", "insurance_type").write_parquet(out / "insurances.parquet", compression="zstd")
    people = _people(household, covers.lazy(), {name: _keyed(city, name) for name in LISTS})
    _derived(people).sort("key").collect().write_parquet(out / "persons.parquet", compression="zstd")


def _keyed(city: Path, source: str) -> pl.LazyFrame:
    """A source's rows with valid numbers; `key` is the first 17 digits, and names have no blanks."""
    rows = pl.scan_parquet(city / f"{source}.parquet")
    text = pl.col("ssn").str.strip_chars().str.to_uppercase()
    old = text.str.len_bytes() == 15
    digits = pl.when(old).then(text.str.slice(0, 6) + "19" + text.str.slice(6)).otherwise(text.str.slice(0, 17))
    keyed = rows.with_columns(
        digits.cast(pl.Int64, strict=False).alias("key"), text.str.slice(17, 1).alias("check"), old.alias("old"),
        pl.col("name").str.replace_all(" ", ""),
        digits.str.slice(6, 8).str.to_date("%Y%m%d", strict=False).alias("birth"),
    )  # fmt: skip
    key = pl.col("key")
    powers = pl.sum_horizontal([key // 10**place * 2 ** (place - 1) for place in range(1, 17)])
    right = ((2 * (key - 8 * powers)) % 11).replace_strict(dict(enumerate("10X98765432")), return_dtype=pl.String)
    valid = key.is_between(11 * 10**15, 91 * 10**15) & pl.col("birth").is_between(date(1890, 1, 1), AS_OF)
    return keyed.filter(valid & (pl.col("old") | (right == pl.col("check")))).drop("check", "old", "ssn")


def _covers(city: Path) -> pl.LazyFrame:
    """Insurance rows, once each, with typed days and the usual payer."""
    resident = pl.col("insurance_type").is_in(["res_pension", "res_medical"])
    payer = pl.col("payer_category").fill_null(pl.when(resident).then(pl.lit("R")).otherwise(pl.lit("U")))
    day = pl.col("enrol_date").str.to_date("%Y-%m-%d", strict=False)
    rows = _keyed(city, "insurance").with_columns(payer, day.alias("enrol_date"))
    known = pl.col("insurance_type").is_in(SLUGS) & pl.col("contrib_status").is_in(["1", "2", "3"])
    return rows.filter(known).unique(maintain_order=False)


def _people(household: pl.LazyFrame, covers: pl.LazyFrame, lists: dict[str, pl.LazyFrame]) -> pl.LazyFrame:
    """One row per key: household texts, slots, and what deciding needs."""
    contrib, benefit = pl.col("contrib_status"), pl.col("benefit_status")
    standing = (
        pl.when(contrib == "1").then(0).when(benefit == "1").then(1).when(contrib == "2").then(2)
        .when(benefit == "2").then(3).otherwise(4)
    )  # fmt: skip
    items = ("contrib_status", "benefit_status", "enrol_date", "region_code")
    ordered = covers.with_columns(standing.alias("standing")).sort(
        "standing", "enrol_date", "updated_at", "region_code", descending=[False, True, True, False], nulls_last=True
    )
    slots = ordered.unique(["key", "insurance_type"], keep="first", maintain_order=True)
    filled = slots.group_by("key").agg(
        *(pl.col(item).filter(pl.col("insurance_type") == slug).first().alias(f"{slug}_{item}")
          for slug in SLUGS for item in items),
        pl.col("unit_no", "unit_name", "unit_type").first(),
    )  # fmt: skip
    people = household.join(covers.group_by("key").agg(_qualities()), on="key", how="full", coalesce=True)
    people = people.join(filled, on="key", how="left")
    for name, rows in lists.items():
        listed = rows.filter(_counts(name)).select("key", pl.lit(True).alias(name)).unique("key")
        people = people.join(listed, on="key", how="left")
    return people.with_columns(pl.col(*LISTS).fill_null(False), pl.col("name").is_not_null().alias("household"))


def _counts(name: str) -> pl.Expr:
    if name == "labour":
        return pl.col("employed") == "1"
    if name == "exit_entry":
        return pl.col("purpose").is_in(["study", "settle", "work"])
    return pl.col("full_time") != "0" if name == "school" else pl.lit(True)


def _qualities() -> list[pl.Expr]:
    paying, payer = pl.col("contrib_status") == "1", pl.col("payer_category")
    active = pl.col("contrib_status").is_in(["1", "2"]) | pl.col("benefit_status").is_in(["1", "2"]).fill_null(False)
    personal = pl.col("unit_type").fill_null("") == "99"
    unit = pl.col("insurance_type").is_in(EMPLOYEE) & paying & (payer == "U") & ~personal
    flexible = active & ((payer == "F") | ((payer == "U") & personal))
    student = active & (pl.col("insurance_type") == "res_medical") & (payer == "S")
    pension = pl.col("insurance_type").is_in(["emp_pension", "res_pension"]) & (pl.col("benefit_status") == "1")
    status = pl.col("personal_status")
    wanted = {
        "any_cover": pl.lit(True), "active": active, "unit_cover": unit, "flexible": flexible | (status == "51"),
        "student": student | (status == "31"), "pension": pension | (status == "80"), "soldier": status == "37",
    }  # fmt: skip
    return [expression.fill_null(False).any().alias(name) for name, expression in wanted.items()]


def _derived(people: pl.LazyFrame) -> pl.LazyFrame:
    """The four values in the order of the guidance's sentences."""
    flags = ("any_cover", "active", "unit_cover", "flexible", "student", "pension", "soldier")
    birth = pl.date(pl.col("key") // 10**7 % 10**4, pl.col("key") // 10**5 % 100, pl.col("key") // 10**3 % 100)
    male = pl.col("key") % 2 == 1
    people = people.with_columns(pl.col(flags).fill_null(False), birth.alias("birth_date"), male.alias("male"))
    dead = pl.col("death") | (pl.col("vital_status") == "2").fill_null(False)
    born, old = pl.col("birth_date"), pl.when("male").then(date(1957, 6, 30)).otherwise(date(1962, 6, 30))
    type_ = (
        pl.when(born > date(2011, 8, 31)).then(pl.lit("1")).when(pl.col("school") | pl.col("student")).then(pl.lit("2"))
        .when(born > date(2001, 8, 31)).then(pl.lit("2")).when("flexible").then(pl.lit("4"))
        .when(pl.col("retirement") | pl.col("pension")).then(pl.lit("5")).when(born <= old).then(pl.lit("5"))
        .otherwise(pl.lit("3"))
    )  # fmt: skip
    status = (
        pl.when(pl.col("household") & pl.col("active")).then(pl.lit("1")).when("household").then(pl.lit("2"))
        .when("active").then(pl.lit("3"))
    )  # fmt: skip
    employed = pl.when(pl.col("labour") | pl.col("unit_cover")).then(pl.lit("1")).otherwise(pl.lit("2"))
    people = people.with_columns(employed.alias("employment_status"), status.alias("registration_status"))
    without = (pl.col("employment_status") == "2") & ~dead
    people = people.with_columns(pl.when(without).then(type_).alias("no_unit_type"))
    prison = pl.col("court") | (pl.col("vital_status") == "3").fill_null(False)
    reason = (
        pl.when("any_cover").then(pl.lit("11")).when(pl.col("employment_status") == "1").then(pl.lit("20"))
        .when(pl.col("no_unit_type") == "2").then(pl.lit("21")).when(pl.col("military") | pl.col("soldier"))
        .then(pl.lit("30")).when("exit_entry").then(pl.lit("32")).when(prison).then(pl.lit("33")).otherwise(pl.lit("10"))
    )  # fmt: skip
    uninsured = (pl.col("registration_status") == "2") & ~dead
    return people.with_columns(pl.when(uninsured).then(reason).alias("uninsured_reason"))
