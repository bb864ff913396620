"""What the documents say agrees with the law, with each other and with the tree."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from source_tree import ROOT

from canbao.law.reader import read_law

DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")), ROOT / "client" / "README.md"]
CONTRACTS = [ROOT / "docs" / "contract.md", ROOT / "docs" / "contract.zh.md"]
READINGS = ROOT / "docs" / "decisions" / "0004-readings.md"
SURVEY = ROOT / "docs" / "decisions" / "0020-survey-answers.md"
DISPOSITION = ROOT / "docs" / "decisions" / "0005-disposition.md"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: str(file.relative_to(ROOT)))
def test_links_inside_the_repository_lead_somewhere(document: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text(encoding="utf-8"))
    assert [target for target in targets if not (document.parent / target).exists()] == []


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda file: file.name)
def test_the_contract_names_each_source_with_its_columns(contract: Path) -> None:
    written = source_columns(contract)
    assert set(written) == set(read_law().sources)
    for name, source in read_law().sources.items():
        columns = {column.name: column.needed for column in source.columns}
        assert written[name] == columns, name


def source_columns(contract: Path) -> dict[str, dict[str, bool]]:
    """The contract's table of sources: name to columns, each with whether it is bold, that is needed."""
    rows = re.findall(
        r"^\| `([a-z_]+)` \| [^|`]+ \| (\*\*ssn.*) \|$", contract.read_text(encoding="utf-8"), re.MULTILINE
    )
    return {
        name: {
            word: part.strip().startswith("**")
            for part in re.split("[,、]", cell)
            for word in re.findall(r"\b[a-z_]+\b", part)
        }
        for name, cell in rows
    }


def test_both_contracts_name_every_result() -> None:
    tables = ("persons", "insurances", "evidence", "findings", "conflicts", "survey")
    results = [*(f"`{name}.parquet`" for name in tables), "`summary.json`", "`report.html`"]
    for contract in CONTRACTS:
        text = contract.read_text(encoding="utf-8")
        assert [name for name in results if name not in text] == []


def test_each_reading_has_its_line() -> None:
    numbers = re.findall(r"^\| C(\d+) \|", READINGS.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(map(int, numbers)) == list(range(1, 33))


def test_citations_of_our_decisions_lead_somewhere() -> None:
    law = read_law()
    cited = [*law.qualities.values(), *law.tables.values(), *law.checks.values(), *law.fields.values()]
    readings = READINGS.read_text(encoding="utf-8")
    for entry in (*cited, *law.requirements, *law.duplicate_cover, *law.profiles.values()):
        if entry.source == "decision-readings":
            assert all(f"| {number} |" in readings for number in re.findall(r"C\d+", entry.clause)), entry.clause
        if entry.source == "decision-survey":
            assert f"| {entry.clause} |" in SURVEY.read_text(encoding="utf-8"), entry.clause
        if entry.source == "decision-disposition":
            assert entry.clause in DISPOSITION.read_text(encoding="utf-8"), entry.clause
