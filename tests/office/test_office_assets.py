"""What the browser is given: our own files only, as their makers published them."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from office_browsers import Browser

import canbao.office

OFFICE = Path(canbao.office.__file__).parent
VENDOR = OFFICE / "static" / "office" / "vendor"
VERSIONS = json.loads((VENDOR / "versions.json").read_text(encoding="utf-8"))
TEMPLATES = sorted((OFFICE / "templates").rglob("*.html"))
LOADS = re.compile(
    r"""(?:src|href|action|hx-\w+)\s*=\s*["']?(?:https?:)?//|url\(\s*["']?(?:https?:)?//|@import""", re.I
)


def test_each_vendored_file_is_what_versions_json_says():
    written = {name: hash_ for package in VERSIONS for name, hash_ in package["files"].items()}
    files = {str(file.relative_to(VENDOR)): file for file in VENDOR.rglob("*") if file.is_file()}
    del files["versions.json"]
    assert {name: hashlib.sha256(file.read_bytes()).hexdigest() for name, file in files.items()} == written


def test_each_vendored_package_has_its_version_and_licence():
    for package in VERSIONS:
        assert re.fullmatch(r"\d+\.\d+\.\d+", package["version"]), package["name"]
        assert any(name.endswith("/LICENSE") for name in package["files"]), package["name"]
    assert {package["name"]: package["version"][0] for package in VERSIONS}["htmx.org"] == "2"


def test_the_style_sheet_reads_in_the_browsers_that_offices_have():
    """Chromium 86 and later: no colours that such a browser does not know."""
    css = (VENDOR / "tabler" / "tabler.min.css").read_text(encoding="utf-8")
    assert "oklch(" not in css and "color-mix(" not in css


@pytest.mark.parametrize(
    "file", [*TEMPLATES, *OFFICE.glob("static/office/*.*"), *VENDOR.rglob("*.css")], ids=lambda file: file.name
)
def test_nothing_is_loaded_from_elsewhere(file):
    assert LOADS.findall(file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.name)
def test_no_template_has_what_the_policy_forbids(file):
    text = file.read_text(encoding="utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|hx-on|javascript:", text)


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.name)
def test_pictures_and_files_named_in_templates_are_there(file):
    text = file.read_text(encoding="utf-8")
    sprite = (VENDOR / "icons" / "icons.svg").read_text(encoding="utf-8")
    assert all(finders.find(name) for name in re.findall(r'{% static "([^"]+)" %}', text))
    assert [name for name in re.findall(r'{% icon "([^"]+)"', text) if f'id="{name}"' not in sprite] == []


def test_pages_say_what_the_browser_may_load_and_keep(opened):
    browser = opened("auditor")
    for answer in (browser.get("/"), browser.get("/nowhere/"), Browser().get("/sign-in/"), browser.get("/officers/")):
        policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
        assert policy["default-src"] == "'self'" and policy["frame-ancestors"] == "'none'"
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_assets_are_served_and_may_be_kept(register):
    answer = Browser().get("/static/office/office.css")
    assert answer.status_code == 200 and "no-store" not in answer.headers.get("Cache-Control", "")
