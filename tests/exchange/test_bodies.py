"""Bodies: not longer than they may be, unpacked with care, and read only if they can be."""

from __future__ import annotations

import gzip
import json
from io import BytesIO

import pytest
from log_reading import lines

from canbao.law.exchange import read_exchange
from signed_requests import send, signed_headers

pytestmark = pytest.mark.usefixtures("routes")
MOST = read_exchange().batch_bytes
ROWS = "/api/v1/tried/rows"


class Endless:
    """What a client sends that would go on for ever; tells how much of it was read."""

    def __init__(self) -> None:
        self.read_bytes = 0

    def read(self, size: int = 65_536) -> bytes:
        self.read_bytes += size
        return b" " * size

    readline = read

    def __len__(self) -> int:
        return 100 << 20


def announced(system, headers: dict[str, str]):
    endless = Endless()
    more = {"wsgi.input": endless, "CONTENT_LENGTH": str(100 << 20)}
    return send(system.web, "POST", ROWS, b"", headers, **more), endless


def test_a_hundred_megabytes_are_refused_and_not_read(system):
    answer, endless = announced(system, signed_headers("POST", ROWS, system.secret, system.key_id, b"x"))
    assert (answer.status_code, answer.json()["why"], endless.read_bytes) == (413, "too_large", 0)


def test_of_strangers_nothing_is_read(system):
    answer, endless = announced(system, {})
    assert (answer.status_code, answer.json()["why"], endless.read_bytes) == (401, "unsigned", 0)


def test_a_push_may_be_as_long_as_law_says(system):
    padded = json.dumps({"rows": [{}]}).encode()
    assert system.post("tried/rows", padded.ljust(MOST)).json() == {"kept": 1}
    assert system.post("tried/rows", padded.ljust(MOST + 1)).status_code == 413


def test_other_requests_are_short(system):
    assert system.post("tried/look", b'{"person": 7}'.ljust((1 << 20) + 1)).status_code == 413


def test_gzip_is_unpacked_and_its_digest_is_of_what_was_sent(system):
    packed = gzip.compress(json.dumps({"rows": [{}, {}]}).encode())
    assert system.post("tried/rows", packed, headers={"Content-Encoding": "gzip"}).json() == {"kept": 2}


def test_a_bomb_is_not_unpacked(system):
    bomb = gzip.compress(b" " * (256 << 20))
    assert len(bomb) < MOST
    answer = system.post("tried/rows", bomb, headers={"Content-Encoding": "gzip"})
    assert (answer.status_code, answer.json()["why"]) == (413, "too_large")


CUT, LONGER = gzip.compress(b"{}" * 99, mtime=0)[:-9], gzip.compress(b"{}", mtime=0) + b"x"


@pytest.mark.parametrize("content", [b"no gzip", CUT, LONGER, b""], ids=["none", "cut", "longer", "empty"])
def test_what_is_no_whole_gzip_is_refused(system, content):
    answer = system.post("tried/rows", content, headers={"Content-Encoding": "gzip"})
    assert (answer.status_code, answer.json()["why"]) == (400, "wrong")


def test_no_other_compression_is_taken(system):
    assert system.post("tried/rows", b"{}", headers={"Content-Encoding": "br"}).status_code == 400


@pytest.mark.parametrize(
    "content",
    [
        b"", b"rows", b"[]", b'{"rows": 1}', b'{"rows": [{"a": NaN}]}', b'{"rows": [{"a": "\\u0000"}]}',
        b'{"rows": [{"a": "\\ud800"}]}', b"\xff\xfe", b"[" * 100_000, b'{"rows": [{"a": ' + b"9" * 5000 + b"}]}",
    ],
)  # fmt: skip
def test_what_is_no_json_or_not_what_is_asked_for_is_refused_and_written_down(system, content):
    answer = system.post("tried/rows", content)
    assert (answer.status_code, answer.json()["why"]) == (400, "wrong")
    (line,) = lines()
    assert (line["action"], line["decision"]) == ("exchange.turned_away", "refused")


def test_rare_characters_may_be_written_as_pairs(system):
    assert system.post("tried/rows", b'{"rows": [{"name": "\\ud842\\udfb7"}]}').json() == {"kept": 1}


def test_a_body_that_breaks_off_is_refused(system):
    body = b'{"rows": [{}]}'
    headers = signed_headers("POST", ROWS, system.secret, system.key_id, body)
    cut = {"wsgi.input": BytesIO(body[:5]), "CONTENT_LENGTH": str(len(body))}
    answer = send(system.web, "POST", ROWS, b"", headers, **cut)
    assert (answer.status_code, answer.json()["why"]) == (400, "wrong")


def test_an_altered_body_is_refused(system):
    headers = signed_headers("POST", ROWS, system.secret, system.key_id, b'{"rows": [{}]}')
    answer = send(system.web, "POST", ROWS, b'{"rows": []}', headers)
    assert (answer.status_code, answer.json()["why"]) == (401, "signature")
    assert send(system.web, "POST", ROWS, b'{"rows": [{}]}', headers).json() == {"kept": 1}, "the nonce is not used up"
