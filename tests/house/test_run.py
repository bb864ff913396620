"""One way to start: the build server, just and the README all call `./run`."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
from source_tree import ROOT


def test_ci_runs_what_a_person_runs() -> None:
    lines = [line for line in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines() if "./run" in line]
    assert lines == ["exec ./run test"]


def test_just_calls_run() -> None:
    recipes = (ROOT / "justfile").read_text(encoding="utf-8")
    assert set(re.findall(r"^(\w+):$", recipes, re.MULTILINE)) == {"run", "check", "test", "bench", "book"}
    commands = re.findall(r"^    (.+)$", recipes, re.MULTILINE)
    assert all(command.startswith("./run ") for command in commands)


@pytest.mark.parametrize("script", ["run", ".ci/run"])
def test_scripts_can_be_started(script: str) -> None:
    assert os.access(ROOT / script, os.X_OK)
    assert subprocess.run(["bash", "-n", ROOT / script]).returncode == 0


def test_help_names_every_command() -> None:
    finished = subprocess.run([ROOT / "run", "help"], capture_output=True, text=True)
    assert finished.returncode == 0
    for command in ("demo", "test", "check", "bench", "book", "canbao"):
        assert re.search(rf"^  {command}\b", finished.stderr, re.MULTILINE)


def test_an_unknown_command_fails() -> None:
    assert subprocess.run([ROOT / "run", "sing"], capture_output=True).returncode == 2


def test_without_a_python_it_says_what_to_install(tmp_path: Path) -> None:
    for name in ("dirname", "bash", "env"):
        (tmp_path / name).symlink_to(f"/usr/bin/{name}")
    script = (ROOT / "run").read_text(encoding="utf-8").replace(" /usr/bin/python3;", ";")
    (tmp_path / "run").write_text(script, encoding="utf-8")
    finished = subprocess.run(
        ["/bin/bash", tmp_path / "run", "demo"], env={"PATH": str(tmp_path)}, capture_output=True, text=True
    )
    assert finished.returncode == 2
    assert "apt-get install python3" in finished.stderr


@pytest.mark.parametrize("readme", ["README.md", "README.zh.md"])
def test_the_readme_names_the_two_commands(readme: str) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    assert "./run demo" in text
    assert "./run test" in text
