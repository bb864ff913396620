"""The phone's store in Chromium: sealed, emptied after too many PINs, kept through a kill, and never half-written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from phone_browser import PIN, KeptPhone, Phone, browsers, chromium, phone, phone_on_disk, twelve
from playwright.sync_api import CDPSession, Playwright

__all__ = ["browsers", "chromium", "phone"]

DUMP = """async () => {
  const open = indexedDB.open("canbao");
  await new Promise((resolve) => (open.onsuccess = resolve));
  const found = [];
  const text = (one) => {
    if (one instanceof ArrayBuffer) return new TextDecoder("latin1").decode(one);
    if (ArrayBuffer.isView(one)) return text(one.buffer);
    if (one instanceof CryptoKey) return `key ${one.extractable}`;
    if (typeof one !== "object" || !one) return String(one);
    return Object.entries(one).map(([name, value]) => `${name}=${text(value)}`).join();
  };
  for (const name of open.result.objectStoreNames) {
    const shelf = open.result.transaction(name).objectStore(name);
    const values = shelf.getAll(), keys = shelf.getAllKeys();
    await new Promise((resolve) => (keys.onsuccess = resolve));
    found.push([name, keys.result, values.result.map(text)]);
  }
  open.result.close();
  return found;
}"""
SUBMIT = """(id) => work.submit(
  id, { survey_outcome: "1", residence_address: "示范路特别门牌七七", mobile: "19900000001" }, {}, 60, false)"""
VISIT = "{ way: '1', outcome: '2', next_on: null, note: '保密备注', latitude: 23.1, longitude: 113.2 }"
UNSEALED = """async (script) => {
  const real = crypto.subtle.decrypt;
  let times = 0;
  crypto.subtle.decrypt = (...said) => { times += 1; return real.apply(crypto.subtle, said); };
  await eval(script);
  crypto.subtle.decrypt = real;
  return times;
}"""
"""How many records were unsealed for it."""
PEOPLE = ["欧阳试", "4401041990", "示范路", "1990000", "特别门牌", "梁测试", "保密备注"]


@pytest.fixture
def kept_phone(browsers: Playwright, tmp_path: Path) -> Iterator[KeptPhone]:
    """One that can be killed and opened again."""
    with phone_on_disk(browsers, twelve(), tmp_path / "profile") as found:
        yield found


def written(phone: Phone) -> None:
    """A form handed in, a draft, a visit and a picture."""
    phone.do(SUBMIT, 1)
    phone.do("work.saveDraft(2, { remark: '保密备注' }, {})")
    phone.do(f"work.visit(3, {VISIT})")
    phone.do("work.addPicture(1, 'signature', new Blob(['保密备注的照片']))")


@pytest.mark.parametrize("pin", ["111111", "123456", "654321", "890123", "12345", "12a456", ""])
def test_pins_that_anybody_would_try_are_refused(phone: Phone, pin: str) -> None:
    fault = phone.do("(pin) => thrown(store.changePin('194073', pin))", pin)
    assert fault["name"] == "WeakPin"
    assert phone.do("store.pinFault('194073', 6)") == ""


def test_too_many_wrong_pins_empty_the_phone(phone: Phone) -> None:
    written(phone)
    phone.do("caches.open('other')")
    phone.do("caches.open('canbao-app-1')")
    phone.do("store.lock()")
    assert phone.do("store.condition()") == "locked"
    lefts = [phone.do("thrown(store.unlock('000000'))")["left"] for _ in range(4)]
    assert lefts == [4, 3, 2, 1]
    assert phone.do("thrown(store.unlock('000000'))")["name"] == "Emptied"
    assert phone.do("store.condition()") == "fresh"
    assert phone.do("store.wasEvicted()") is False
    assert phone.do("caches.keys()") == ["canbao-app-1"]
    assert [(name, keys) for name, keys, _ in phone.do(DUMP)] == [("keys", []), ("plain", []), ("sealed", [])]
    assert phone.do("localStorage.length") == 0


def test_a_right_pin_forgives_the_wrong_ones(phone: Phone) -> None:
    phone.do("store.lock()")
    for _ in range(3):
        for _ in range(4):
            phone.do("thrown(store.unlock('000000'))")
        phone.unlock()
    assert phone.do("store.condition()") == "open"


def test_a_guess_counts_though_the_browser_is_killed_before_it_is_judged(kept_phone: KeptPhone) -> None:
    phone = kept_phone
    for _ in range(5):
        phone.do("store.lock()")
        phone.do("""new Promise(async (resolve) => {
          crypto.subtle.deriveBits = () => { resolve(); return new Promise(() => {}); };
          store.unlock('000000');
        })""")
        phone.kill()
        phone.reopen()
    assert phone.do("(pin) => thrown(store.unlock(pin))", PIN)["name"] == "Emptied"
    assert phone.do("store.condition()") == "fresh"


def test_a_locked_phone_knows_nothing(phone: Phone) -> None:
    written(phone)
    phone.do("store.lock()")
    for asked in (
        "store.get('task', 1)",
        "store.all('task')",
        "work.tasks()",
        "store.write([['task', 9, {}]])",
        SUBMIT + "(1)",
    ):
        assert (
            phone.do(f"thrown(Promise.resolve().then(() => {asked.replace(SUBMIT, f'({SUBMIT})')}))")["name"]
            == "Locked"
        )
    assert phone.do("store.count('action')") == 2
    assert phone.do("store.unsent()") == 3
    phone.unlock()
    assert phone.do("work.progress()")["waiting"] == 3
    assert len(phone.do("work.tasks()")) == 12


def test_another_pin_opens_what_the_old_one_sealed(phone: Phone) -> None:
    assert phone.do("thrown(store.changePin('000000', '580213'))")["name"] == "WrongPin"
    phone.do("(pin) => store.changePin(pin, '580213')", PIN)
    phone.do("store.lock()")
    assert phone.do("(pin) => thrown(store.unlock(pin))", PIN)["name"] == "WrongPin"
    phone.do("store.unlock('580213')")
    assert phone.do("work.task(1)")["person"]["name"] == "欧阳试0001"


def test_nothing_of_a_person_lies_in_the_clear(kept_phone: KeptPhone) -> None:
    phone = kept_phone
    written(phone)
    shelves = phone.do(DUMP)
    keys = {tuple(key) for name, keys, _ in shelves if name == "sealed" for key in keys}
    assert {kind for kind, _ in keys} == {"identity", "task", "draft", "action", "picture"}
    text = str(shelves).encode()
    assert "key false" in str(shelves)
    phone.do("sync.sync(hurried)")
    phone.context.close()
    files = phone.files()
    assert any("IndexedDB" in name for name in files)
    for word in PEOPLE:
        for spelt in (word.encode(), word.encode("utf-16-le"), word.encode("gbk")):
            assert spelt not in text
            assert [name for name, content in files.items() if spelt in content] == []
    assert not any(word in said for word in PEOPLE for said in phone.server.said)


def test_records_that_are_swapped_or_changed_are_not_read(phone: Phone) -> None:
    phone.do("""() => database.transact("readwrite", async (shelf) => {
      const one = await database.asked(shelf("sealed").get(["task", 1]));
      shelf("sealed").put({ ...one, id: 2 });
      const three = await database.asked(shelf("sealed").get(["task", 3]));
      new Uint8Array(three.sealed)[20] ^= 1;
      shelf("sealed").put(three);
    })""")
    phone.do("store.lock()")
    phone.unlock()
    for number in (2, 3):
        fault = phone.do("(id) => thrown(store.get('task', id))", number)
        assert (fault["name"], fault["kind"], fault["id"]) == ("Damaged", "task", number)
    assert [one["id"] for one in phone.do("work.tasks()")] == [1, *range(4, 13)]
    phone.do("sync.sync(hurried)")
    assert [one["id"] for one in phone.do("work.tasks()")] == [*range(1, 13)]


def test_one_record_is_read_by_itself_and_a_damaged_one_is_none(phone: Phone) -> None:
    for number in (1, 2):
        phone.do("(id) => work.saveDraft(id, { remark: '一' }, {})", number)
    phone.do("store.lock()")
    phone.unlock()
    assert phone.do(UNSEALED, "work.draft(2)") == 1
    phone.do("""() => database.transact("readwrite", async (shelf) => {
      const one = await database.asked(shelf("sealed").get(["draft", 1]));
      shelf("sealed").put({ ...one, id: 2 });
    })""")
    assert phone.do("async () => [await store.sound('draft', 2), await store.sound('draft', 3)]") == [None, None]
    assert phone.do("store.plain('faults')")[0]["code"] == "store.damaged"


def test_what_was_answered_outlives_a_kill(kept_phone: KeptPhone) -> None:
    for script in (f"({SUBMIT})(1)", "work.saveDraft(2, { remark: '写到一半' }, {})"):
        kept_phone.do(script)
        kept_phone.kill()
        kept_phone.reopen()
        kept_phone.unlock()
    assert [(one["task"], one["seq"]) for one in kept_phone.do("work.pending()")] == [(1, 1)]
    assert kept_phone.do("work.task(1)")["state"] == "handed_in"
    assert kept_phone.do("work.draft(2)")["answers"] == {"remark": "写到一半"}


def test_two_tabs_number_without_gap_or_double(phone: Phone) -> None:
    other = phone.tab()
    other.evaluate("(pin) => store.unlock(pin)", PIN)
    visit = "work.visit(1 + at % 10, { way: '1', outcome: '2', note: '' })"
    for page in (phone.page, other):
        page.evaluate(f"() => {{ window.running = Promise.all([...Array(20).keys()].map((at) => {visit})); }}")
    for page in (phone.page, other):
        page.evaluate("() => running")
    assert sorted(one["seq"] for one in phone.do("work.pending()")) == list(range(1, 41))
    assert phone.do("work.progress()")["visits"] == other.evaluate("work.progress()")["visits"] == 40
    assert [one["failed"] for one in other.evaluate("work.tasks()")] == [4] * 10 + [0] * 2


def test_two_tabs_hand_a_form_in_once(phone: Phone) -> None:
    other = phone.tab()
    other.evaluate("(pin) => store.unlock(pin)", PIN)
    for page in (phone.page, other):
        page.evaluate(f"() => {{ window.running = thrown(({SUBMIT})(1)); }}")
    faults = [page.evaluate("async () => ((await running) || { name: '' }).name") for page in (phone.page, other)]
    assert sorted(faults) == ["", "Refused"]
    assert len(phone.do("work.pending()")) == 1


def test_a_tab_that_sleeps_forgets_when_another_empties(phone: Phone) -> None:
    other = phone.tab()
    other.evaluate("(pin) => store.unlock(pin)", PIN)
    phone.do("store.empty()")
    assert other.evaluate("thrown(store.all('task'))")["name"] == "Locked"
    assert other.evaluate("store.condition()") == "fresh"


def filled(phone: Phone) -> CDPSession:
    """The phone without room: Chromium asks again how much there is once nobody has the database open for a while."""
    session = phone.context.new_cdp_session(phone.context.pages[0])
    session.send("Storage.overrideQuotaForOrigin", {"origin": phone.site, "quotaSize": 1})
    phone.page.goto("about:blank")
    phone.page.wait_for_timeout(5000)
    phone.begin(phone.page)
    return session


def test_a_full_phone_says_so_and_keeps_nothing_by_half(kept_phone: KeptPhone) -> None:
    phone = kept_phone
    written(phone)
    before = phone.do("async () => [await work.pending(), await store.plain('stream'), await work.tasks()]")
    session = filled(phone)
    assert phone.do("thrown(store.unlock('000000'))")["left"] == 4
    assert phone.do("thrown(store.unlock('000000'))")["left"] == 3
    phone.unlock()
    assert phone.do(f"thrown(({SUBMIT})(4))")["name"] == "Full"
    assert phone.do("thrown(work.addPicture(4, 'signature', new Blob(['x'.repeat(90000)])))")["name"] == "Full"
    assert phone.do("async () => [await work.pending(), await store.plain('stream'), await work.tasks()]") == before
    session.send("Storage.overrideQuotaForOrigin", {"origin": phone.site})


def test_a_full_phone_sends_what_it_has(kept_phone: KeptPhone) -> None:
    phone = kept_phone
    written(phone)
    filled(phone)
    phone.unlock()
    assert phone.do("thrown(sync.sync(hurried))")["name"] == "Full"
    assert (phone.do("store.count('action')"), phone.do("store.count('picture')")) == (0, 0)
    assert sorted(one.action["kind"] for one in phone.server.kept.values()) == ["draft", "submit", "visit"]
    assert len(phone.server.arrivals) == 3


def test_an_evicted_phone_knows_that_something_was_here(phone: Phone) -> None:
    assert phone.do("store.wasEvicted()") is False
    session = phone.context.new_cdp_session(phone.page)
    session.send("Storage.clearDataForOrigin", {"origin": phone.site, "storageTypes": "indexeddb,cache_storage"})
    assert phone.do("store.condition()") == "fresh"
    assert phone.do("store.wasEvicted()") is True
    assert phone.do("localStorage.getItem('canbao-bound')") == "6b1f3a52-8f5e-4c39-9c3e-2f7a1d4c5b60"
    phone.bind()
    assert phone.do("store.wasEvicted()") is False
    assert phone.do("store.plain('persisted')") in (True, False)


def test_doors_are_in_the_order_in_which_one_walks(phone: Phone) -> None:
    lanes = ["示范路2号", "示范路三巷1号", "示范路10号", "示范路十二巷1号", "示范路一百零三号"]
    doors = ["新村1栋２座", "新村1栋10座", *lanes]
    script = """(doors) => streets.inWalkingOrder(doors.map((door, at) => ({
      id: at, place: "4401", person: { residence_address: door } }))).map((one) => one.person.residence_address)"""
    assert phone.do(script, [*reversed(doors)]) == doors


def test_a_form_is_judged_by_what_the_phone_knows(phone: Phone) -> None:
    empty = "work.judge(1, { survey_outcome: '5', surveyed_on: '2019-01-01' })"
    assert sorted(one["rule"] for one in phone.do(empty)["found"]) == ["SF04", "SF06"]
    visit = "work.visit(1, { way: '1', outcome: '2', note: '' })"
    phone.do(visit)
    phone.do(visit)
    assert [one["rule"] for one in phone.do(empty)["found"]] == ["SF06"]
    fault = phone.do("thrown(work.submit(1, { survey_outcome: '1' }, {}, 1, false))")
    assert (fault["name"], [one["question"] for one in fault["found"]]) == ("Unfinished", ["residence_address"])
    for number in (2, 3, 4):
        phone.do(SUBMIT, number)
    fault = phone.do(f"thrown(({SUBMIT})(1))")
    assert [one["rule"] for one in fault["found"]] == ["SF11"]


@pytest.mark.parametrize(
    ("attempt", "says"),
    [
        ("{ way: '', outcome: '2' }", "调查方式"),
        ("{ way: '1', outcome: '1' }", "走访未果请选结果"),
        ("{ way: '1', outcome: '2', next_on: '2020-01-01' }", "预约日期"),
        ("{ way: '1', outcome: '2', note: '身份证440104199001010014' }", "身份号码"),
    ],
)
def test_a_visit_that_the_server_would_refuse_is_not_taken(phone: Phone, attempt: str, says: str) -> None:
    fault = phone.do(f"thrown(work.visit(1, {attempt}))")
    assert (fault["name"], says in fault["says"]) == ("Refused", True)
