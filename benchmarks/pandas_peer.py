"""The same cleaning as an ordinary pandas user writes it: readable, vectorised where pandas makes it easy.

It does what `polars_peer` does, no more: tidy files of one city, one profile, no findings or explanations.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.polars_peer import EMPLOYEE, LISTS, SLUGS

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ITEMS = ["contrib_status", "benefit_status", "enrol_date", "region_code"]


def clean(city: Path, out: Path) -> None:
    """Read the sources of a plain city, write persons.parquet and insurances.parquet."""
    out.mkdir(parents=True, exist_ok=True)
    household = _keyed(city, "household").drop_duplicates("ssn").set_index("ssn")
    covers = _covers(city)
    reference = covers["ssn"].map(household["name"])
    covers = covers[reference.isna() | (reference == covers["name"])]
    covers.sort_values(["ssn", "insurance_type"]).to_parquet(out / "insurances.parquet", compression="zstd")
    people = household.join(_qualities(covers), how="outer").join(_slots(covers))
    for name in LISTS:
        people[name] = people.index.isin(_listed(city, name))
    _derive(people).sort_index().reset_index().to_parquet(out / "persons.parquet", compression="zstd")


def _number(written: object) -> str | None:
    """An 18-digit number with the right check character, or None."""
    text = str(written or "").strip().upper()
    if len(text) == 15 and text.isdigit():
        text = text[:6] + "19" + text[6:]
        return text + "10X98765432"[sum(int(one) * weight for one, weight in zip(text, WEIGHTS, strict=True)) % 11]
    if len(text) != 18 or not text[:17].isdigit():
        return None
    check = "10X98765432"[sum(int(one) * weight for one, weight in zip(text[:17], WEIGHTS, strict=True)) % 11]
    return text if check == text[17] else None


def _keyed(city: Path, source: str) -> pd.DataFrame:
    rows = pd.read_parquet(city / f"{source}.parquet")
    rows["ssn"] = rows["ssn"].map(_number)
    rows = rows[rows["ssn"].notna()].copy()
    rows["name"] = rows["name"].str.replace(" ", "")
    rows["birth"] = pd.to_datetime(rows["ssn"].str[6:14], format="%Y%m%d", errors="coerce")
    return rows[rows["birth"].between("1890-01-01", "2017-06-30")]


def _covers(city: Path) -> pd.DataFrame:
    rows = _keyed(city, "insurance").drop_duplicates()
    rows = rows[rows["insurance_type"].isin(SLUGS) & rows["contrib_status"].isin(["1", "2", "3"])].copy()
    usual = np.where(rows["insurance_type"].isin(["res_pension", "res_medical"]), "R", "U")
    rows["payer_category"] = rows["payer_category"].fillna(pd.Series(usual, rows.index))
    rows["enrol_date"] = pd.to_datetime(rows["enrol_date"], format="%Y-%m-%d", errors="coerce")
    return rows


def _listed(city: Path, name: str) -> pd.Series:
    rows = _keyed(city, name)
    if name == "labour":
        rows = rows[rows["employed"] == "1"]
    elif name == "exit_entry":
        rows = rows[rows["purpose"].isin(["study", "settle", "work"])]
    elif name == "school":
        rows = rows[rows["full_time"] != "0"]
    return rows["ssn"]


def _qualities(covers: pd.DataFrame) -> pd.DataFrame:
    paying, payer, status = covers["contrib_status"] == "1", covers["payer_category"], covers["personal_status"]
    active = covers["contrib_status"].isin(["1", "2"]) | covers["benefit_status"].isin(["1", "2"])
    personal, type_ = covers["unit_type"] == "99", covers["insurance_type"]
    wanted = pd.DataFrame({
        "ssn": covers["ssn"], "any_cover": True, "active": active,
        "unit_cover": type_.isin(EMPLOYEE) & paying & (payer == "U") & ~personal,
        "flexible": (active & ((payer == "F") | ((payer == "U") & personal))) | (status == "51"),
        "student": (active & (type_ == "res_medical") & (payer == "S")) | (status == "31"),
        "pension": (type_.isin(["emp_pension", "res_pension"]) & (covers["benefit_status"] == "1")) | (status == "80"),
        "soldier": status == "37",
    })  # fmt: skip
    return wanted.groupby("ssn").any()


def _slots(covers: pd.DataFrame) -> pd.DataFrame:
    contrib, benefit = covers["contrib_status"], covers["benefit_status"]
    covers = covers.assign(
        standing=np.select([contrib == "1", benefit == "1", contrib == "2", benefit == "2"], [0, 1, 2, 3], 4)
    )
    order = ["standing", "enrol_date", "updated_at", "region_code"]
    first = covers.sort_values(order, ascending=[True, False, False, True]).drop_duplicates(["ssn", "insurance_type"])
    wide = first.pivot(index="ssn", columns="insurance_type", values=ITEMS)
    wide.columns = [f"{slug}_{item}" for item, slug in wide.columns]
    return wide.join(first.drop_duplicates("ssn").set_index("ssn")[["unit_no", "unit_name", "unit_type"]])


def _derive(people: pd.DataFrame) -> pd.DataFrame:
    """The four values in the order of the guidance's sentences."""
    people["household"] = people["name"].notna()
    for name in ("any_cover", "active", "unit_cover", "flexible", "student", "pension", "soldier"):
        people[name] = people[name].fillna(False).astype(bool)
    born = pd.to_datetime(people.index.str[6:14], format="%Y%m%d").to_series(index=people.index)
    male = people.index.str[16].astype(int) % 2 == 1
    old = born <= pd.to_datetime(np.where(male, "1957-06-30", "1962-06-30"))
    dead = people["death"] | (people["vital_status"] == "2")
    people["employment_status"] = np.where(people["labour"] | people["unit_cover"], "1", "2")
    people["registration_status"] = np.select(
        [people["household"] & people["active"], people["household"], people["active"]], ["1", "2", "3"], ""
    )
    conditions = [
        born > pd.Timestamp(date(2011, 8, 31)), people["school"] | people["student"],
        born > pd.Timestamp(date(2001, 8, 31)), people["flexible"], people["retirement"] | people["pension"], old,
    ]  # fmt: skip
    type_ = np.select(conditions, ["1", "2", "2", "4", "5", "5"], "3")
    people["no_unit_type"] = np.where((people["employment_status"] == "2") & ~dead, type_, None)
    reasons = [
        people["any_cover"], people["employment_status"] == "1", people["no_unit_type"] == "2",
        people["military"] | people["soldier"], people["exit_entry"], people["court"] | (people["vital_status"] == "3"),
    ]  # fmt: skip
    reason = np.select(reasons, ["11", "20", "21", "30", "32", "33"], "10")
    people["uninsured_reason"] = np.where((people["registration_status"] == "2") & ~dead, reason, None)
    return people
