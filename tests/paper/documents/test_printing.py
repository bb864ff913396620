"""Thousands at once: chunks in children, one file by one rename; stopped, killed and started again it is the same."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import sample_papers as samples
from read_back import codes_of, pages_of

from canbao.law.wording import WordingError, default_wording
from canbao.paper.documents import printing
from canbao.paper.documents.printing import Printed, PrintError, Stopped, print_documents

FORMS = [replace(samples.registration_form(), number=f"T-{at}", task=f"CB1:T-{at}") for at in range(5)]
WORDING = default_wording("registration_form")


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "LEAVES_OF_A_CHUNK", 2)


def print_forms(folder: Path, announce=lambda done: True, records=FORMS) -> tuple[Printed, bytes]:
    out = folder / "forms.pdf"
    result = print_documents("registration_form", WORDING, records, out, folder / "work", announce)
    return result, out.read_bytes()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Printed, bytes]:
    """The forms printed without a break."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(printing, "LEAVES_OF_A_CHUNK", 2)
        return print_forms(tmp_path_factory.mktemp("whole"))


def test_every_record_in_its_order_with_its_code(whole: tuple[Printed, bytes]) -> None:
    result, pdf = whole
    assert result == Printed(5, hashlib.sha256(pdf).hexdigest(), ())
    assert [f"T-{at}" in text for at, text in enumerate(pages_of(pdf))] == [True] * 5
    assert codes_of(pdf, 0) == ["CB1:T-0"] and codes_of(pdf, 4) == ["CB1:T-4"]


def test_done_is_announced_chunk_by_chunk(tmp_path: Path) -> None:
    told: list[int] = []
    print_forms(tmp_path, lambda done: told.append(done) or True)
    assert told == [2, 4, 5]


def test_the_same_input_gives_the_same_bytes(tmp_path: Path, whole: tuple[Printed, bytes]) -> None:
    assert print_forms(tmp_path) == whole


def test_a_file_and_its_chunks_are_for_this_user_only_and_chunks_go(tmp_path: Path) -> None:
    modes = []
    print_forms(
        tmp_path, lambda done: modes.extend(f.stat().st_mode & 0o077 for f in (tmp_path / "work").rglob("*")) or True
    )
    assert set(modes) == {0}
    assert (tmp_path / "forms.pdf").stat().st_mode & 0o777 == 0o600
    assert list((tmp_path / "work").iterdir()) == []


def test_who_stops_it_gets_no_file_and_loses_no_chunk(tmp_path: Path) -> None:
    with pytest.raises(Stopped):
        print_forms(tmp_path, lambda done: done < 4)
    kept = {file.name: file.stat().st_mtime_ns for file in (tmp_path / "work").glob("*.pdf")}
    assert len(kept) >= 2 and not (tmp_path / "forms.pdf").exists()
    again: dict[str, int] = {}
    seen = lambda done: again.update({f.name: f.stat().st_mtime_ns for f in (tmp_path / "work").glob("*.pdf")}) or True  # noqa: E731
    print_forms(tmp_path, seen)
    assert kept.items() <= again.items()


KILLED = """
import os, sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from test_printing import FORMS, WORDING, printing
printing.LEAVES_OF_A_CHUNK = 2
def announce(done):
    print(done, flush=True)
    sys.stdin.readline()
    return True
folder = Path({folder!r})
printing.print_documents("registration_form", WORDING, FORMS, folder / "forms.pdf", folder / "work", announce)
"""


def test_killed_in_the_middle_it_goes_on_and_gives_the_same_bytes(tmp_path: Path, whole: tuple[Printed, bytes]) -> None:
    folder = tmp_path / "killed"
    folder.mkdir()
    text = KILLED.format(tests=str(Path(__file__).parent), folder=str(folder))
    child = subprocess.Popen([sys.executable, "-c", text], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert child.stdout and child.stdin
    assert child.stdout.readline() == b"2\n"
    os.kill(child.pid, signal.SIGKILL)
    assert child.wait() == -signal.SIGKILL
    (finished, *_) = kept = sorted((folder / "work").glob("*.pdf"), key=lambda file: file.stat().st_mtime_ns)
    moment = finished.stat().st_mtime_ns
    assert kept and not (folder / "forms.pdf").exists()
    moments = set()
    resumed = print_forms(folder, lambda done: moments.update({finished.stat().st_mtime_ns}) or True)
    assert moments == {moment}
    assert resumed == whole


def test_other_words_or_another_answer_are_not_taken_from_old_chunks(tmp_path: Path) -> None:
    with pytest.raises(Stopped):
        print_forms(tmp_path, lambda done: False)
    changed = [replace(FORMS[0], number="T-CHANGED"), *FORMS[1:]]
    _, pdf = print_forms(tmp_path, records=changed)
    assert "T-CHANGED" in pages_of(pdf)[0]


def test_a_half_written_chunk_is_no_chunk(tmp_path: Path) -> None:
    with pytest.raises(Stopped):
        print_forms(tmp_path, lambda done: False)
    for file in (tmp_path / "work").glob("*.pdf"):
        file.rename(file.with_suffix(".pdf.1.half"))
    assert print_forms(tmp_path)[0].pages == 5


def test_a_sheet_longer_than_a_chunk_counts_when_it_is_whole(tmp_path: Path) -> None:
    told: list[int] = []
    sheets = [samples.summary_sheet(35), samples.summary_sheet(5)]
    wording = default_wording("summary_sheet")
    out, work = tmp_path / "sheets.pdf", tmp_path / "work"
    result = print_documents("summary_sheet", wording, sheets, out, work, lambda done: told.append(done) or True)
    assert result.pages == 5 and told == [0, 1, 2]


def test_characters_that_no_font_has_are_told_with_their_record(tmp_path: Path) -> None:
    named = samples.Section("一", (samples.Question("姓名", samples.Answer("王𪨊\U00032000\U00032000")),))
    records = [FORMS[0], replace(FORMS[1], sections=(named,))]
    result, pdf = print_forms(tmp_path, records=records)
    assert result.missing_glyphs == ((1, "𪨊"), (1, "\U00032000"))
    assert "王〓〓〓" in pages_of(pdf)[1]


def test_wrong_words_are_refused_before_anything_is_done(tmp_path: Path) -> None:
    wrong = WORDING | {"title": "{{表}}"}
    with pytest.raises(WordingError, match="花括号"):
        print_documents("registration_form", wrong, FORMS, tmp_path / "x.pdf", tmp_path / "work", lambda done: True)


def test_words_that_no_font_has_are_refused(tmp_path: Path) -> None:
    with pytest.raises(WordingError, match="《全民参保登记表》的“标题”里的“𪨊”没有字体"):
        print_documents("registration_form", WORDING | {"title": "表𪨊"}, FORMS, tmp_path / "x.pdf", tmp_path, bool)


def test_nothing_to_print_and_a_record_of_another_kind_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PrintError, match="没有要打印的记录"):
        print_forms(tmp_path, records=[])
    with pytest.raises(PrintError, match="第 2 条记录不是《全民参保登记表》的内容"):
        print_forms(tmp_path, records=[FORMS[0], samples.card()])


def test_a_text_without_end_is_refused_before_it_takes_all_memory(tmp_path: Path) -> None:
    with pytest.raises(PrintError, match="第 2 条记录：有一段文字有 20,001 个字"):
        print_forms(tmp_path, records=[FORMS[0], replace(FORMS[1], village="村" * 20_001)])


def test_a_child_is_told_no_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANBAO_DATABASE_URL", "postgresql://secret")
    started = []
    popen = subprocess.Popen
    monkeypatch.setattr(
        subprocess, "Popen", lambda *words, **more: started.append(more["env"]) or popen(*words, **more)
    )
    print_forms(tmp_path)
    assert started and all(not name.startswith("CANBAO") for environment in started for name in environment)


def test_a_child_that_fails_is_told_and_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing.Chunk, "job", lambda self, **more: b"{}")
    with pytest.raises(PrintError, match="第 1 至 2 条记录排版失败"):
        print_forms(tmp_path)
    assert not (tmp_path / "forms.pdf").exists()
