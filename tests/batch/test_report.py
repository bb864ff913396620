"""The report in a browser without a network: it says what summary.json says, shows nobody, and runs nothing."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from canbao.batch.city import clean_city
from canbao.batch.config import read_config
from canbao.batch.generator import generate_city
from canbao.batch.reading import read_source
from canbao.batch.report import write_report
from canbao.core.numbering.resident import check_character
from canbao.law.reader import read_law

SWITCHES = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
SEVERITIES = {"error": "错误", "warning": "提醒", "note": "提示"}
DISPOSITIONS = {"register": "登记", "survey": "入户调查", "verify": "核实", "out_of_scope": "不在范围"}
ITEMS = {
    "参保状态": "registration_status",
    "就业状态": "employment_status",
    "无单位类型": "no_unit_type",
    "未参保原因": "uninsured_reason",
}
NUMBER, OTHER_NUMBER = (
    f"44060419800101{place}" + check_character(f"44060419800101{place}") for place in ("001", "003")
)
IMAGE, SCRIPT = "<img src=x onerror=alert(1)>", "<script>alert(1)</script>"


@dataclass(frozen=True)
class Cleaned:
    """A city, the folder of its results and what summary.json says."""

    config: Path
    report: Path
    summary: dict[str, Any]


def cleaned(config: Path) -> Cleaned:
    out = config.parent / "OUT"
    clean_city(config, out)
    return Cleaned(config, out / "report.html", json.loads((out / "summary.json").read_text(encoding="utf-8")))


def configured(folder: Path, household: str) -> Path:
    """The city.toml of a city with a household file and insurances that nobody has."""
    (folder / "insurance.csv").write_text("ssn,name,insurance_type,contrib_status\n", encoding="utf-8")
    config = folder / "city.toml"
    config.write_text(
        '[run]\ndivision = "440600"\nas_of = 2017-06-30\nprofile = "guangdong_2017"\n'
        f'[sources]\nhousehold = "{household}"\ninsurance = "insurance.csv"\n',
        encoding="utf-8",
    )
    return config


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Cleaned:
    return cleaned(generate_city(tmp_path_factory.mktemp("city"), persons=3_000).config)


@pytest.fixture(scope="module")
def marked_up(tmp_path_factory: pytest.TempPathFactory) -> Cleaned:
    """Two people whose rows have markup for sex and a number where a day should be, in a file with markup for name."""
    folder = tmp_path_factory.mktemp("marked_up")
    lines = ["ssn,name,sex,birth_date", f"{NUMBER},张三,{SCRIPT},1980-01-01", f"{OTHER_NUMBER},李四,1,{NUMBER}"]
    (folder / f"{IMAGE}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return cleaned(configured(folder, f"{IMAGE}.csv"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=executable, args=list(SWITCHES))
        yield started
        started.close()


@contextmanager
def opened(browser: Browser, report: Path, width: int = 1280) -> Iterator[Page]:
    """The report in a browser without a network; it may ask for nothing else, complain of nothing and run nothing."""
    asked, said = [], []
    page = browser.new_context(viewport={"width": width, "height": 900}, offline=True).new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    page.goto(report.as_uri())
    with page.context:
        yield page
    assert (asked, said) == ([report.as_uri()], [])


@pytest.fixture(scope="module")
def page(browser: Browser, city: Cleaned) -> Iterator[Page]:
    with opened(browser, city.report) as page:
        yield page


def words(found: Locator) -> str:
    """The text of an element with single blanks."""
    return " ".join((found.text_content() or "").split())


def widths(bar: Locator) -> list[float]:
    """The parts of a bar as shares of its whole width, as they are drawn."""
    shares = "bar => [...bar.children].map(part => part.getBoundingClientRect().width / bar.clientWidth)"
    return list(bar.evaluate(shares))


def drawn(bar: Locator, parts: list[int], whole: int) -> None:
    """Assert that a bar shows the parts that are not nothing, give or take the two pixels that each has at least."""
    expected = [part / whole for part in parts if part]
    assert widths(bar) == pytest.approx(expected, abs=2 * (len(expected) + 1) / bar.evaluate("bar => bar.clientWidth"))


@pytest.mark.parametrize("width", [1280, 400])
def test_the_page_fits_the_screen(browser: Browser, city: Cleaned, width: int) -> None:
    with opened(browser, city.report, width) as page:
        page.eval_on_selector_all("details", "all => all.forEach(one => one.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") == width


def test_the_figures_are_those_of_the_summary(page: Page, city: Cleaned) -> None:
    summary = city.summary
    rows_in = sum(source["rows_in"] for source in summary["sources"].values())
    expected = {
        "读入": f"{rows_in:,} 行",
        "归并为": f"{summary['persons']:,} 人",
        "姓名争议": f"{summary['conflicts']:,} 条",
        "号码无法识别": f"{summary['unidentified']:,} 行",
    }
    assert [words(figure) for figure in page.locator(".figures li").all()] == [f"{k}{v}" for k, v in expected.items()]
    assert summary["run"]["division_name"] in page.title()


def test_every_disposition_has_its_persons(page: Page, city: Cleaned) -> None:
    found = city.summary["items"]["disposition"]
    persons = [found.get(code, {}).get("persons", 0) for code in DISPOSITIONS]
    counts = page.locator("#dispositions .entry .number:nth-child(2)").all_text_contents()
    assert counts == [f"{count:,} 人" for count in persons]
    drawn(page.locator("#dispositions .bar"), persons, city.summary["persons"])


def test_every_source_has_its_bar(page: Page, city: Cleaned) -> None:
    entries = page.locator("#sources .entry").all()
    sources = city.summary["sources"].values()
    for entry, source in zip(entries, sources, strict=True):
        used, filtered, not_used = source["rows_used"], source["rows_filtered"], sum(source["rows_not_used"].values())
        assert words(entry.locator("h3")) == source["label"]
        assert words(entry.locator(".number")) == f"{source['rows_in']:,} 行"
        spoken = f"采用 {used:,}，未采用 {not_used:,}，筛除 {filtered:,}"
        assert entry.locator(".bar").get_attribute("aria-label") == f"{source['label']}：{spoken}"
        assert spoken in words(entry)
        assert all(f"{count:,}" in words(entry) for count in source["rows_not_used"].values())
        drawn(entry.locator(".bar"), [used, not_used, filtered], source["rows_in"])


def test_every_file_has_its_rows_and_findings(page: Page, city: Cleaned) -> None:
    found = city.summary["findings_by_file"]
    expected = []
    for file in (file for source in city.summary["sources"].values() for file in source["files"]):
        counts = found.get(file["file"], {})
        said = "、".join(f"{SEVERITIES[severity]} {count:,}" for severity, count in counts.items() if count)
        expected.append(f"{file['file']} {file['rows']:,} 行" + (f"，问题：{said}" if said else ""))
    assert [words(one) for one in page.locator("#sources .rows li").all()] == expected


def test_findings_are_in_order_of_severity_and_number(page: Page, city: Cleaned) -> None:
    order = list(SEVERITIES)
    found = city.summary["findings"]
    rules = sorted(found, key=lambda rule: (order.index(found[rule]["severity"]), -found[rule]["count"]))
    entries = page.locator("#findings .entry").all()
    assert [entry.get_attribute("data-rule") for entry in entries] == rules
    most = max(one["count"] for one in found.values())
    for entry, rule in zip(entries, rules, strict=True):
        assert words(entry.locator(".number")) == f"{found[rule]['count']:,} 条"
        assert found[rule]["label"] in words(entry)
        drawn(entry.locator(".bar"), [found[rule]["count"]], most)


@pytest.mark.parametrize(
    ("rule", "advice"),
    [
        ("number_invalid", "请与本人证件核对"),
        ("required_missing", "请补填"),
        ("name_conflict", "请核准是否同一人"),
        ("employer_not_insuring", "供扩面核查"),
        ("identical_row", None),
    ],
)
def test_a_finding_says_what_to_do(page: Page, rule: str, advice: str | None) -> None:
    said = page.locator(f"#findings [data-rule={rule}] > p").all_text_contents()
    assert said == ([advice] if advice else [])


def test_examples_open_by_keyboard(page: Page, city: Cleaned) -> None:
    (rule, one), *_ = city.summary["findings"].items()
    examples = page.locator(f"#findings [data-rule={rule}] details")
    assert not examples.locator("li").first.is_visible()
    examples.locator("summary").focus()
    page.keyboard.press("Enter")
    assert examples.locator("li").first.is_visible()
    for example, row in zip(one["examples"], examples.locator("li").all(), strict=True):
        assert words(row).startswith(f"{example['source']} 第 {example['row']} 行")
        assert words(row).endswith(example["message"])


def test_every_county_has_its_row(page: Page, city: Cleaned) -> None:
    counties = sorted(city.summary["counties"].items(), key=lambda entry: -entry[1]["persons"])
    rows = page.locator("#counties tbody tr").all()
    for row, (code, county) in zip(rows, counties, strict=True):
        parts = [county["dispositions"].get(one, 0) for one in DISPOSITIONS]
        assert words(row.locator("th")) == f"{county['name']} {code}"
        assert row.locator("td").all_text_contents() == [f"{count:,}" for count in (county["persons"], *parts)]
        drawn(row.locator(".bar"), parts, county["persons"])


def test_every_derived_value_is_counted(page: Page, city: Cleaned) -> None:
    for block in page.locator("#items .grid > div").all():
        values = city.summary["items"][ITEMS[words(block.locator("h3"))]]
        persons = [one["persons"] for one in values.values()]
        counts = [*persons, city.summary["persons"] - sum(persons)]
        assert block.locator(".number:nth-child(2)").all_text_contents() == [f"{count:,}" for count in counts]


def test_every_bar_is_said_in_words(page: Page) -> None:
    said = page.locator(".bar").evaluate_all("bars => bars.map(bar => [bar.role, bar.ariaLabel])")
    assert said
    assert all(role == "img" and re.search(r"：.*\d", label) for role, label in said)


def test_nobody_can_be_recognised(city: Cleaned) -> None:
    html = city.report.read_text(encoding="utf-8")
    for column, values in written(city).items():
        assert len(values) > 100, column
        assert sorted(value for value in values if value in html) == []


def written(city: Cleaned) -> dict[str, set[str]]:
    """Every number, name and telephone that stands in a source or in the truth; names of one character hide nobody."""
    people = pq.read_table(city.config.parent / "truth" / "persons.parquet")
    found = {"ssn": set(people["ssn"].to_pylist()), "name": set(people["name"].to_pylist()), "mobile": set()}
    work = city.config.parent / "work"
    work.mkdir()
    with duckdb.connect() as connection:
        for name, spec in read_config(city.config, read_law()).sources.items():
            source = read_source(connection, name, spec, work, read_law())
            relation = connection.sql(f"SELECT * FROM {source.relation}")
            for column in found.keys() & set(relation.columns):
                found[column] |= {value for (value,) in relation.select(column).fetchall()}
    return {column: {value for value in values if value and len(value) > 1} for column, values in found.items()}


def test_markup_is_text_and_runs_nothing(browser: Browser, marked_up: Cleaned) -> None:
    with opened(browser, marked_up.report) as page:
        assert SCRIPT in words(page.locator("[data-rule=code_unknown] details"))
        assert f"{IMAGE}.csv 2 行" in words(page.locator("#sources"))
        assert page.locator("script, img, [onerror]").count() == 0


def test_a_number_in_the_wrong_column_is_masked(marked_up: Cleaned) -> None:
    html = marked_up.report.read_text(encoding="utf-8")
    assert "date_invalid" in html
    assert NUMBER not in html


def test_rows_that_do_not_add_up_are_said_first(browser: Browser, marked_up: Cleaned, tmp_path: Path) -> None:
    household = {**marked_up.summary["sources"]["household"], "balanced": False}
    write_report({**marked_up.summary, "sources": {"household": household}}, tmp_path / "report.html")
    with opened(browser, tmp_path / "report.html") as page:
        assert "请勿使用" in words(page.locator("header + .alarm"))
        assert words(page.locator("#sources h3")) == "户籍 对不上"


def test_long_names_and_many_files_fit_a_narrow_screen(browser: Browser, city: Cleaned, tmp_path: Path) -> None:
    source = city.summary["sources"]["school"]
    files = [{**source["files"][0], "file": f"{'long_name_' * 30}{place}.csv"} for place in range(40)]
    write_report({**city.summary, "sources": {"school": {**source, "files": files}}}, tmp_path / "report.html")
    with opened(browser, tmp_path / "report.html", 400) as page:
        page.locator("#sources summary", has_text="40 个文件").click()
        assert page.evaluate("document.documentElement.scrollWidth") == 400


def test_a_city_of_nobody_has_a_report(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "household.csv").write_text("ssn,name\n", encoding="utf-8")
    with opened(browser, cleaned(configured(tmp_path, "household.csv")).report) as page:
        labels = page.locator("#dispositions .entry b").all_text_contents()
        assert labels == list(DISPOSITIONS.values())
        assert page.locator("#dispositions .bar i").count() == 0
        assert "来源没有数据" in words(page.locator("#findings"))
        assert "没有人。" in words(page.locator("#counties"))
