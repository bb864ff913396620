"""What the phone loads: our own files only, as their makers published them, small, and read by browsers of 2020."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest
from engine_site import MOBILE

from canbao.core.export import exported_for_phone
from canbao.law.reader import read_law

VENDOR = MOBILE / "vendor"
FILES = sorted(file for file in MOBILE.rglob("*") if file.is_file())
SCRIPTS = [file for file in FILES if file.suffix == ".js"]
STYLES = [file for file in FILES if file.suffix == ".css"]
TEXTS = [file for file in FILES if file.suffix in (".js", ".css", ".html", ".svg", ".json", ".webmanifest")]
MOST_BYTES = 300_000
MOST_LAW_BYTES = 60_000

IMPORTED = re.compile(r"""\b(?:import|export)\b[^"'`;()]*?\bfrom\s*["']([^"']+)|\bimport\s*\(?\s*["'`]([^"'`]+)""")
ELSEWHERE = re.compile(r"""(?<![:\w])//[a-z0-9-]+\.[a-z]{2,}|\b(?:https?|wss?)://(?!www\.w3\.org/)[\w$]""", re.I)
"""An address of another machine; names of XML namespaces are none."""
COMMENT = re.compile(r"(?m)^[ \t]*(?://.*$|/\*[\s\S]*?\*/)")
"""A comment that begins a line; `image/*` in a text is none."""

NEWER_SCRIPT = {
    "logical assignment (85)": r"\?\?=|\|\|=|&&=",
    "at (92)": r"\.at\(",
    "replaceAll (85)": r"\.replaceAll\(",
    "structuredClone (98)": r"\bstructuredClone\b",
    "top-level await (89)": r"(?m)^(?:(?:export )?(?:const|let|var) [^=\n]+= |export default |for )?await\b",
    "private methods (84)": r"(?m)^\s*(?:(?:static|async|get|set)\s+)*\*?#\w+\s*\(|#\w+ in \b",
    "static blocks (94)": r"\bstatic\s*\{",
    "hasOwn (93)": r"\bObject\.hasOwn\b",
    "groupBy (117)": r"\b(?:Object|Map)\.groupBy\b",
    "copying array methods (97 and 110)": r"\.(?:findLast|findLastIndex|toSorted|toReversed|toSpliced)\(",
    "set methods (122)": r"\.(?:union|intersection|difference|isSubsetOf|isSupersetOf|isDisjointFrom)\(",
    "Promise.any, withResolvers (85 and 119)": r"\bPromise\.(?:any|withResolvers|try)\b|\bAggregateError\b",
    "weak references (84)": r"\bWeakRef\b|\bFinalizationRegistry\b",
    "randomUUID (92)": r"\brandomUUID\b",
    "AbortSignal's makers (103)": r"\bAbortSignal\.(?:timeout|any|abort)\b",
    "Response.json (105)": r"\bResponse\.json\(",
    "replaceChildren (86)": r"\.replaceChildren\(",
    "Array.fromAsync (121)": r"\bArray\.fromAsync\b",
    "Segmenter (87)": r"\bIntl\.(?:Segmenter|supportedValuesOf)\b",
    "import of JSON, import maps (89 and later)": r"""\b(?:assert|with)\s*\{\s*type\s*:|["']importmap["']""",
    "modules in workers (80 and 91)": r"""type\s*:\s*["']module["']""",
    "regular expressions of later years (90 and 112)": r"""\bRegExp\([^)\n]*, *["'`]\w*[dv]\w*["'`]\)""",
    "files (86)": r"\b(?:showOpenFile|showSaveFile)Picker\b|\bgetDirectory\(",
    "raw streams, canParse (103 and 120)": r"\bdeflate-raw\b|\bURL\.canParse\b",
}
FLEXIBLE, GAP = r"[;\s{]display\s*:\s*(?:inline-)?flex\b", r"[;\s{](?:row-|column-)?gap\s*:"
NEWER_STYLE = {
    "selectors (88 and 105)": r":(?:is|where|has)\(",
    "focus-visible (86)": r":focus-visible",
    "inset, aspect-ratio (87 and 88)": r"(?m)(?:^|[{;\s])(?:inset|aspect-ratio|inset-(?:block|inline))\s*:",
    "units (108)": r"\d[dsl]v[hw]\b",
    "colours (101 and later)": r"\b(?:oklch|oklab|lab|lch|color-mix|light-dark)\(",
    "layers, containers (99 and 105)": r"@(?:layer|container|scope|property)\b",
    "gap between flexible boxes (84)": rf"\{{[^{{}}]*(?:{FLEXIBLE}[^{{}}]*{GAP}|{GAP}[^{{}}]*{FLEXIBLE})",
    "nesting (112)": r"\{[^{}@]*&[\s.:\[>]",
}


def shown(file: Path) -> str:
    """The file's name below the app."""
    return str(file.relative_to(MOBILE))


def newer(text: str, kinds: dict[str, str]) -> list[str]:
    """What a browser of 2020 would not read, with its place."""
    code = COMMENT.sub("", text)
    return [f"{kind}: {match[0].strip()}" for kind, written in kinds.items() for match in re.finditer(written, code)]


def test_each_vendored_file_is_what_versions_json_says():
    versions = json.loads((VENDOR / "versions.json").read_text(encoding="utf-8"))
    written = {name: digest for package in versions for name, digest in package["files"].items()}
    files = {str(file.relative_to(VENDOR)): file for file in VENDOR.rglob("*") if file.is_file()}
    del files["versions.json"]
    assert {name: hashlib.sha256(file.read_bytes()).hexdigest() for name, file in files.items()} == written
    for package in versions:
        assert re.fullmatch(r"\d+\.\d+\.\d+", package["version"]), package["name"]
        assert any(name.endswith("/LICENSE") for name in package["files"]), package["name"]


@pytest.mark.parametrize("file", SCRIPTS, ids=shown)
def test_modules_import_files_that_are_there_by_relative_paths(file):
    """There is no build and no import map: a bare name would load nothing, a wrong one stop the app."""
    imported = [one or other for one, other in IMPORTED.findall(file.read_text(encoding="utf-8"))]
    assert [one for one in imported if not one.startswith(("./", "../")) or not (file.parent / one).is_file()] == []


@pytest.mark.parametrize("file", TEXTS, ids=shown)
def test_nothing_is_loaded_from_elsewhere(file):
    assert [match[0] for match in ELSEWHERE.finditer(file.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("file", SCRIPTS, ids=shown)
def test_modules_are_read_by_chromium_80(file):
    assert newer(file.read_text(encoding="utf-8"), NEWER_SCRIPT) == []


@pytest.mark.parametrize("file", STYLES, ids=shown)
def test_styles_are_read_by_chromium_80(file):
    assert newer(file.read_text(encoding="utf-8"), NEWER_STYLE) == []


@pytest.mark.parametrize(
    "text",
    [
        "a ??= b", "a ||= b", "list.at(-1)", "t.replaceAll('a', 'b')", "structuredClone(x)", "const a = await b();",
        "await b();", "for await (const a of b) {}", "class A {\n  #open() {}\n}", "class A { static { x(); } }",
        "Object.hasOwn(a, b)", "Object.groupBy(a, b)", "a.findLast(b)", "a.toSorted()", "Promise.any([])",
        "new WeakRef(a)", "crypto.randomUUID()", "AbortSignal.timeout(5)", "node.replaceChildren()",
        'import a from "./a.json" with { type: "json" };', 'register("worker.js", { type: "module" })',
        'new RegExp(a, "v")', "#a in b",
    ],
)  # fmt: skip
def test_what_is_newer_in_a_module_is_seen(text):
    assert newer(text, NEWER_SCRIPT)


@pytest.mark.parametrize(
    "text",
    [
        "a ?? b", "a?.b", "a || b", "async function a() {\n  await b();\n}", "class A { #a = 1; static b = 2; }",
        "/** randomUUID is too new */",
        "{ at: 1 }", "one.at > 2", "/\\p{Cc}/gu", 'new RegExp(a, "gu")', "export const a = () => b;",
    ],
)  # fmt: skip
def test_what_chromium_80_reads_is_let_pass(text):
    assert newer(text, NEWER_SCRIPT) == []


@pytest.mark.parametrize(
    "text",
    [
        "a:is(b) {}", "a:focus-visible {}", "a { inset: 0 }", "a { height: 100dvh }", "a { color: oklch(1 0 0) }",
        "@layer a {}", "a { display: flex; gap: 4px }", "a { gap: 4px; display: flex }", "a { &:hover {} }",
    ],
)  # fmt: skip
def test_what_is_newer_in_a_style_is_seen(text):
    assert newer(text, NEWER_STYLE)


@pytest.mark.parametrize(
    "text", ["a { display: grid; gap: 4px }", "a { display: flex }\nb { display: grid; gap: 1px }"]
)
def test_styles_that_chromium_80_reads_are_let_pass(text):
    assert newer(text, NEWER_STYLE) == []


@pytest.mark.parametrize(
    "text", ["fetch('https://a.cn/b')", '<script src="//a.cn/b">', "url(//a.cn/b.png)", "`wss://${a}`"]
)
def test_an_address_elsewhere_is_seen(text):
    assert ELSEWHERE.search(text)


def test_the_first_load_is_small():
    sizes = {shown(file): len(gzip.compress(file.read_bytes(), mtime=0)) for file in FILES}
    assert sum(sizes.values()) < MOST_BYTES, sizes


@pytest.mark.parametrize("profile", read_law().profiles)
def test_the_law_that_a_phone_loads_is_small_and_whole(profile):
    law = exported_for_phone(read_law(), profile)
    written = json.dumps(law, ensure_ascii=False, separators=(",", ":")).encode()
    assert len(gzip.compress(written, mtime=0)) < MOST_LAW_BYTES and "cases" not in law
    assert law["profile"] == profile and all(profile in table["orders"] for table in law["tables"].values())
    assert law["moves"]["states"]["in_field"] == "调查中" and "4" in law["survey"]["failed_outcomes"]
    assert {one["id"] for one in law["survey"]["returns"]} >= {"unsigned", "other"} and law["guide"]
