"""What a surveyor does in the tests, and what of it the server has."""

from __future__ import annotations

from contract_server import RefusedAs
from phone_browser import Phone

SUBMIT = """(id) => work.submit(
  id, { survey_outcome: "1", residence_address: `示范路${id}号`, remark: "备注".repeat(id) }, {}, 60, false)"""
VISIT = """(id) => work.visit(id, { way: "1", outcome: "2", note: "没有人开门" })"""
SYNC = "sync.sync(hurried)"
FAULT = "thrown(sync.sync(hurried))"
SAVE = "async (pin) => Array.from(new Uint8Array(await (await backup.save(pin)).arrayBuffer()))"
RESTORE = "([file, pin]) => backup.restore(new Blob([new Uint8Array(file)]), pin)"
RESTORE_FAULT = "([file, pin]) => thrown(backup.restore(new Blob([new Uint8Array(file)]), pin))"
TEXTS = "async () => (await work.pending()).map((one) => [one.id, one.sha256])"


def done_at(phone: Phone, *numbers: int) -> set[tuple[str, str]]:
    """A visit and a form at each of the tasks; ids and digests of the actions."""
    for number in numbers:
        phone.do(VISIT, number)
        phone.do(SUBMIT, number)
    return {(key, digest) for key, digest in phone.do(TEXTS)}


def arrived(phone: Phone, kinds: tuple[str, ...] = ("visit", "submit")) -> set[tuple[str, str]]:
    """Ids and digests of what the server has."""
    return {name for name, one in phone.server.kept.items() if one.action["kind"] in kinds}


def refuse_if(holds: bool, status: int, why: str) -> None:
    """Refuse what is asked, for the server's `refuse`."""
    if holds:
        raise RefusedAs(status, why)
