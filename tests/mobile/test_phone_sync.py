"""The phone's talk with a server that keeps the contract: what goes up, comes down, goes, and what it is told."""

from __future__ import annotations

import pytest
from contract_server import Cut
from phone_browser import Phone, browsers, chromium, phone
from phone_deeds import FAULT, SUBMIT, SYNC, TEXTS, VISIT, arrived, done_at, refuse_if

__all__ = ["browsers", "chromium", "phone"]
TALK = """async () => {
  const { contacting } = await import("/mobile/contacting.js");
  const { state } = await import("/mobile/state.js");
  const told = [];
  const app = { draw() {}, meet() {}, reload() {}, say: (text) => told.push(text) };
  await Object.assign(app, contacting(app)).syncNow(true);
  return [...told, state.standing];
}"""
"""What the pages say when somebody presses the button of the line."""
A_YEAR = 365 * 24 * 3600 * 1000


def test_everything_goes_up_once_and_comes_down_as_the_server_has_it(phone: Phone) -> None:
    made = done_at(phone, *range(1, 13))
    phone.do("work.addPicture(1, 'signature', new Blob(['x'.repeat(3000)]))")
    assert phone.do("work.progress()") == {
        "today": 12, "visits": 12, "done": 12, "left": 0, "waiting": 25, "disputes": 0,
    }  # fmt: skip
    told = phone.do(SYNC)
    assert told == {"sent": 24, "received": 12, "gone": 0, "disputes": 0, "state": "bound", "news": []}
    assert arrived(phone) == made
    assert len(phone.server.arrivals) == 24
    assert [len(one) for one in phone.server.pictures.values()] == [3000]
    assert phone.do("work.progress()")["waiting"] == 0
    assert phone.do("store.count('answer')") == 0
    assert {(one["state"], one["failed"], one["entries"]) for one in phone.do("work.tasks()")} == {("submitted", 1, 1)}
    again = phone.do(SYNC)
    assert (again["sent"], again["received"]) == (0, 0)


def test_the_law_comes_before_the_tasks_that_it_is_read_with(phone: Phone) -> None:
    done_at(phone, 1)
    phone.do("store.setPlain('law', null)")
    phone.do("work.addPicture(1, 'signature', new Blob(['x'.repeat(3000)]))")
    steps = phone.do("""async () => {
      const steps = [];
      await sync.sync({ ...hurried, onProgress: ({ step }) => steps.push(step) });
      return steps;
    }""")
    assert list(dict.fromkeys(steps)) == ["contact", "pictures", "parcels", "law", "tasks"]


def test_numbers_are_those_of_the_stream(phone: Phone) -> None:
    done_at(phone, 1, 2)
    phone.do(SYNC)
    done_at(phone, 3)
    phone.do(SYNC)
    assert sorted(one.action["seq"] for one in phone.server.kept.values()) == [1, 2, 3, 4, 5, 6]
    assert phone.server.contacts[-1]["made"] == 6


def test_a_task_that_was_handed_in_goes_with_its_person(phone: Phone) -> None:
    phone.server.is_done_at_once = True
    done_at(phone, 1)
    told = phone.do(SYNC)
    assert (told["gone"], told["news"]) == (1, [{"task": 1, "why": "done", "says": "已收回"}])
    assert phone.do("async () => [await store.get('task', 1), await work.draft(1), await store.count('answer')]") == [
        None,
        None,
        0,
    ]
    assert len(phone.do("work.tasks()")) == 11


def test_drafts_go_up_when_they_have_changed(phone: Phone) -> None:
    draft = "(text) => work.saveDraft(1, { remark: text }, {})"
    phone.do(draft, "一")
    phone.do(draft, "二")
    phone.do(SYNC)
    phone.do(SYNC)
    assert [(one.action["seq"], one.action["body"]["revision"]) for one in phone.server.kept.values()] == [(0, 2)]
    phone.do(draft, "三")
    phone.do(SYNC)
    assert phone.server.drafts[1]["answers"] == {"remark": "三"}
    phone.do(SUBMIT, 1)
    phone.do(draft, "太晚")
    phone.do(SYNC)
    assert phone.server.drafts[1]["revision"] == 3
    assert phone.do("work.draft(1)") is None


def test_a_draft_comes_down_to_a_new_phone(phone: Phone) -> None:
    phone.server.drafts[4] = {"answers": {"remark": "旧手机写的"}, "reasons": {}, "based_on": 0, "revision": 7}
    phone.server.tasks[4]["version"] += 1
    phone.do("work.saveDraft(5, { remark: '本机' }, {})")
    phone.server.drafts[5] = {"answers": {"remark": "别处"}, "reasons": {}, "based_on": 0, "revision": 9}
    phone.do(SYNC)
    assert phone.do("work.draft(4)")["answers"] == {"remark": "旧手机写的"}
    assert len(phone.server.kept) == 1
    phone.do("work.saveDraft(4, { remark: '接着写' }, {})")
    assert phone.do("work.draft(4)")["revision"] == 8


def test_a_task_taken_back_sends_what_was_done_first(phone: Phone) -> None:
    server = phone.server
    made = done_at(phone, 1)
    phone.do("work.saveDraft(2, { remark: '没写完' }, {})")
    server.tasks[1]["why"] = server.tasks[2]["why"] = "taken_back"
    told = phone.do(SYNC)
    assert (told["sent"], told["disputes"], told["gone"]) == (2, 2, 2)
    assert arrived(phone) == made
    assert [one["task"] for one in phone.do("work.disputes()")] == [1, 1]
    assert phone.do("async () => [await work.task(1), await work.task(2), await work.draft(2)]") == [None, None, None]


def test_a_task_with_something_unsent_stays_until_it_has_gone_up(phone: Phone) -> None:
    server = phone.server
    done_at(phone, 1)
    server.tasks[1]["why"] = "taken_back"
    server.refuse = lambda method, path: refuse_if(path.startswith("parcels"), 403, "refused")
    assert phone.do(FAULT)["name"] == "Refused"
    assert len(phone.do("work.pending()")) == 2
    phone.do("database.transact('readwrite', (shelf) => { shelf('sealed').delete(['parcel', 1]); })")
    phone.do(
        "async () => downloads.takeTasks({ line: new line.Line(await store.get('identity', 1)), tell() {}, news: [] })"
    )
    assert phone.do("work.task(1)")["gone"] == {"why": "taken_back", "says": "已收回"}
    server.refuse = lambda *_: None
    phone.do(SYNC)
    assert phone.do("work.task(1)") is None
    assert len(server.kept) == 2


def test_what_is_kept_is_told_when_it_is_carried_out(phone: Phone) -> None:
    server = phone.server
    server.is_carried_out_late = True
    done_at(phone, 1, 2)
    server.tasks[2]["entries"] = 4
    assert phone.do(SYNC)["disputes"] == 0
    assert {one["state"] for one in phone.do("store.all('answer')")} == {"kept"}
    assert phone.do("work.task(1)")["state"] == "handed_in"
    assert phone.do("work.draft(1)") is not None
    server.carry_out()
    told = phone.do(SYNC)
    assert (told["sent"], told["disputes"]) == (0, 1)
    assert phone.do("work.draft(1)") is None
    assert [(one["task"], one["says"]) for one in phone.do("work.disputes()")] == [(2, "这份表刚有别人提交过")]
    dispute = next(one for one in server.kept.values() if one.state == "dispute")
    dispute.state = "set_aside"
    phone.do(SYNC)
    assert phone.do("work.task(2)")["state"] == "in_field"
    assert phone.do("work.draft(2)")["answers"]["residence_address"] == "示范路2号"
    phone.do("async () => work.acknowledge((await work.disputes())[0].id)")
    assert phone.do("work.disputes()") == []


def test_a_task_that_came_down_before_its_receipt_is_not_counted_twice(phone: Phone) -> None:
    server = phone.server
    server.is_carried_out_late = True
    phone.do(VISIT, 1)
    server.refuse = lambda method, path: server.carry_out() if path == "tasks" else None
    phone.do(SYNC)
    phone.do(SYNC)
    assert phone.do("work.task(1)")["failed"] == 1
    assert len(phone.do("work.task(1)")["visits"]) == 1


def test_a_revoked_phone_is_empty_at_the_next_contact(phone: Phone) -> None:
    done_at(phone, 1)
    phone.server.state = "revoked"
    assert phone.do(SYNC)["state"] == "revoked"
    assert phone.do("store.condition()") == "fresh"
    assert phone.server.emptied == 1
    assert phone.server.kept == {}


def test_a_revoked_phone_is_empty_before_any_pin(phone: Phone) -> None:
    phone.do("store.lock()")
    assert phone.do("sync.standing()")["state"] == "bound"
    phone.server.state = "revoked"
    assert phone.do("sync.standing()")["state"] == "revoked"
    assert phone.do("store.condition()") == "fresh"
    assert phone.do("store.wasEvicted()") is False


@pytest.mark.parametrize("state", ["replaced", "expired"])
def test_a_phone_that_was_replaced_sends_what_is_left_and_is_empty_then(phone: Phone, state: str) -> None:
    made = done_at(phone, 1)
    phone.do("work.saveDraft(2, { remark: '没写完' }, {})")
    phone.do("work.addPicture(1, 'signature', new Blob(['x'.repeat(900)]))")
    phone.server.state = state
    phone.server.cuts = [Cut("response", 9, "parcels"), Cut("request", 9, "parcels")]
    assert phone.do(SYNC)["state"] == state
    assert arrived(phone) == made
    assert (2 in phone.server.drafts, len(phone.server.pictures), phone.server.emptied) == (True, 1, 1)
    assert phone.do("store.condition()") == "fresh"


def test_a_phone_that_was_replaced_and_can_send_nothing_keeps_it(phone: Phone) -> None:
    done_at(phone, 1)
    phone.server.state = "replaced"
    phone.server.refuse = lambda method, path: refuse_if(path.startswith("parcels"), 503, "busy")
    fault = phone.do("thrown(sync.sync({ patience: 50, firstPause: 1 }))")
    assert (fault["name"], fault["why"]) == ("Refused", "busy")
    assert len(phone.do("work.pending()")) == 2


@pytest.mark.parametrize("state", ["replaced", "expired"])
def test_a_phone_that_was_stopped_says_so_and_not_that_all_is_done(phone: Phone, state: str) -> None:
    done_at(phone, 1)
    phone.server.state = state
    phone.server.refuse = lambda method, path: refuse_if(path.startswith("parcels"), 400, "wrong")
    assert phone.do(TALK) == ["没有全部送出：送出 0 项，收到 0 户", f"（{state}）"]
    assert len(phone.do("work.pending()")) == 2
    phone.server.state = "bound"
    phone.server.refuse = lambda *_: None
    assert phone.do(TALK) == ["同步完成：送出 2 项，收到 1 户", ""]


def test_a_busy_server_is_asked_again(phone: Phone) -> None:
    made = done_at(phone, 1)
    left = [2]

    def busy(method: str, path: str) -> None:
        left[0] -= 1
        refuse_if(left[0] >= 0, 503, "busy")

    phone.server.refuse = busy
    phone.do("sync.sync({ patience: 20000, firstPause: 1 })")
    assert arrived(phone) == made


def test_an_app_that_is_too_old_says_so_and_keeps_everything(phone: Phone) -> None:
    made = done_at(phone, 1)
    phone.server.oldest_app = 2
    fault = phone.do(FAULT)
    assert (fault["name"], fault["why"]) == ("Refused", "old")
    assert {tuple(one) for one in phone.do(TEXTS)} == made


def test_without_network_it_says_so_at_once(phone: Phone) -> None:
    made = done_at(phone, 1)
    phone.context.set_offline(True)
    assert phone.do("thrown(sync.sync())")["name"] == "Offline"
    assert phone.do("thrown(sync.standing())")["name"] == "Offline"
    assert {tuple(one) for one in phone.do(TEXTS)} == made
    assert len(phone.do("work.tasks()")) == 12
    phone.context.set_offline(False)
    phone.do(SYNC)
    assert arrived(phone) == made


def test_an_operators_page_is_no_answer(phone: Phone) -> None:
    made = done_at(phone, 1)
    answer = phone.server.answer
    phone.server.answer = lambda *_: (200, b"<html>please pay</html>")  # type: ignore[method-assign]
    assert phone.do("thrown(sync.sync({ patience: 50, firstPause: 1 }))")["name"] == "Offline"
    phone.server.answer = answer  # type: ignore[method-assign]
    phone.do(SYNC)
    assert arrived(phone) == made


@pytest.mark.parametrize("skew", [A_YEAR, -A_YEAR, 3600_000])
def test_a_wrong_clock_is_put_right(phone: Phone, skew: int) -> None:
    phone.server.skew = skew
    phone.do(SYNC)
    assert abs(phone.do("async () => (await work.now()) - Date.now()") - skew) < 1000
    assert abs(phone.server.contacts[-1]["now"] + skew - phone.server.now()) < 5000
    phone.do(SUBMIT, 1)
    action = phone.do("async () => JSON.parse((await work.pending())[0].text)")
    assert abs(action["at"] - phone.do("Date.now()")) < 5000
    assert action["body"]["answers"]["surveyed_on"] == phone.do("work.today()")
    assert phone.do("work.daysAlone()")["days"] == 0


def test_the_line_and_the_phone_can_be_told_of(phone: Phone) -> None:
    found = phone.do("sync.lineTest()")
    assert all(found[name] > 0 for name in ("down", "up"))
    phone.do("thrown(sync.bind({ account: 'liang', password: 'wrong' }))")
    phone.do("sync.sendDiagnosis()")
