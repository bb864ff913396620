"""A village's papers: sorted by the town, counted twice, kept by the county, found again, and destroyed in time."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connections
from django.utils import timezone

from archive_desk import (
    VILLAGE,
    accepted,
    approved,
    as_it_is,
    closed,
    fates,
    handed_in,
    handed_over,
    second_county_officer,
    sorted_volume,
    states,
    surveyed,
    where,
)  # fmt: skip
from canbao.core.dates import anniversary
from canbao.core.progress import IllegalMove
from canbao.registry.access import Refused, acting
from canbao.survey import archiving as archive
from canbao.survey.actions import archive_room, archiving, campaigns, reviews
from canbao.survey.models import TaskMove, Volume
from canbao.survey.summary_order import along_the_doors, summary_order
from register_desk import asked
from survey_desk import OTHER_TOWN, VILLAGES, city_officer, clerk, county_officer, running, seen, split, tasks


def test_forms_lie_in_the_order_of_the_doors(people):
    campaign, found = surveyed("2222")
    volume = handed_over(campaign, forms=4)
    officer = clerk()
    with acting(officer.area, officer):
        order = summary_order(campaign, VILLAGE)
    assert volume.order == order and sorted(order) == sorted(task.pk for task in found)
    doors = {one["id"]: one["hukou_address"] for one in asked("SELECT id, hukou_address FROM person")}
    assert [doors[seen_task.person_id] for seen_task in map(seen, found_by_key(found, order))] == [
        "某路0号", "某路3号", "某路6号", "某路9号",
    ]  # fmt: skip


def found_by_key(found, order):
    by_key = {task.pk: task for task in found}
    return [by_key[key] for key in order]


def test_door_2_comes_before_door_10_however_the_figures_are_written():
    doors = ["某路10号", "某路２号", "某路2号之1", "某街3号", ""]
    assert sorted(doors, key=along_the_doors) == ["", "某街3号", "某路２号", "某路2号之1", "某路10号"]


def test_every_form_has_to_be_there_or_explained_before_it_is_handed_over(people):
    campaign, found = surveyed("2223")
    volume = archiving.open_volume(campaign_id=campaign.pk, place=VILLAGE, by=clerk())
    archiving.put_in_box(volume_id=volume.pk, box="1", by=clerk())
    archiving.mark(volume_id=volume.pk, marks={found[0].pk: "there"}, by=clerk())
    with pytest.raises(Refused, match=f"还有 2 份登记表没有着落（任务 {found[1].pk}、{found[2].pk}）"):
        archiving.hand_over(volume_id=volume.pk, sheets=1, forms=1, by=clerk())
    archiving.mark(volume_id=volume.pk, marks={found[1].pk: "there", found[2].pk: "lost"}, by=clerk())
    with pytest.raises(Refused, match="您清点的登记表是 3 份，目录里标为在卷的是 2 份"):
        archiving.hand_over(volume_id=volume.pk, sheets=1, forms=3, by=clerk())
    with pytest.raises(Refused, match="汇总表"):
        archiving.hand_over(volume_id=volume.pk, sheets=0, forms=2, by=clerk())
    archiving.hand_over(volume_id=volume.pk, sheets=1, forms=2, by=clerk())
    assert [fates(volume)[task.pk] for task in found] == ["there", "there", "absent", "mobile"]
    assert "登记表 2 份，缺 1 份，不用纸表 1 个，共 4 个任务" in volume.moves.last().note


def test_a_volume_without_a_box_is_not_handed_over(people):
    campaign, _ = surveyed()
    volume = archiving.open_volume(campaign_id=campaign.pk, place=VILLAGE, by=clerk())
    archiving.mark_all(volume_id=volume.pk, by=clerk())
    with pytest.raises(Refused, match="盒号"):
        archiving.hand_over(volume_id=volume.pk, sheets=1, forms=3, by=clerk())


def test_a_village_with_open_tasks_is_handed_over_only_after_the_campaign_was_closed_over_them(people):
    campaign = running()
    split(campaign)
    one, *_ = tasks(campaign, place=VILLAGE)
    approved(handed_in(one))
    volume = sorted_volume(campaign)
    with pytest.raises(Refused, match="还有 3 个任务没有办完"):
        archiving.hand_over(volume_id=volume.pk, sheets=1, forms=1, by=clerk())
    closed(campaign)
    archiving.hand_over(volume_id=volume.pk, sheets=1, forms=1, by=clerk())
    assert sorted(fates(volume).values()) == ["there", "undone", "undone", "undone"]


def test_what_has_no_paper_is_neither_there_nor_absent(people):
    campaign, found = surveyed("23--")
    volume = archiving.open_volume(campaign_id=campaign.pk, place=VILLAGE, by=clerk())
    for task, said, words in (
        (found[1], "there", "没有纸表"), (found[1], "lost", "不需要纸表"), (found[2], "there", "没有纸表"),
        (found[0], "stolen", "从列出的原因里选"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=words):
            archiving.mark(volume_id=volume.pk, marks={task.pk: said}, by=clerk())
    foreign = tasks(campaign, place=VILLAGES[1])[0]
    with pytest.raises(Refused, match="不属于这一卷"):
        archiving.mark(volume_id=volume.pk, marks={foreign.pk: "there"}, by=clerk())


def test_accepting_with_the_same_counts_archives_the_village_in_one_step(people):
    campaign, found = surveyed("2223")
    volume = handed_over(campaign, forms=2, marks={found[0].pk: "there", found[1].pk: "there", found[2].pk: "lost"})
    for sheets, forms in ((1, 2), (2, 3)):
        with pytest.raises(Refused, match="不一致"):
            archive_room.accept(volume_id=volume.pk, sheets=sheets, forms=forms, shelf="1", by=county_officer())
    assert states(found) == ["loaded"] * 4 and as_it_is(volume).state == "handed_over"
    archive_room.accept(volume_id=volume.pk, sheets=2, forms=2, shelf="1 架", by=county_officer())
    assert states(found) == ["archived"] * 4
    volume = as_it_is(volume)
    assert (volume.state, volume.shelf) == ("accepted", "1 架")
    assert volume.destroy_on == anniversary(timezone.localdate(), 10)


def test_a_refused_volume_is_sorted_again(people):
    campaign, found = surveyed("2223")
    volume = handed_over(campaign)
    with pytest.raises(Refused, match="镇街不能再改"):
        archiving.mark(volume_id=volume.pk, marks={found[0].pk: "lost"}, by=clerk())
    with pytest.raises(Refused, match="退回的原因"):
        archive_room.refuse(volume_id=volume.pk, words=" ", by=county_officer())
    archive_room.refuse(volume_id=volume.pk, words="汇总表没有排在前面", by=county_officer())
    archiving.mark(volume_id=volume.pk, marks={found[0].pk: "lost"}, by=clerk())
    archiving.hand_over(volume_id=volume.pk, sheets=2, forms=2, by=clerk())
    assert [move.move for move in volume.moves.order_by("pk")] == ["open", "hand_over", "refuse", "hand_over"]


def test_whoever_handed_over_does_not_accept_through_another_account(people):
    campaign, _ = surveyed()
    volume = handed_over(campaign)
    twin = county_officer()
    twin.staff_number = clerk().staff_number
    twin.save()
    with pytest.raises(Refused, match="您自己移交的"):
        archive_room.accept(volume_id=volume.pk, sheets=2, forms=3, shelf="1", by=twin)


def test_two_officers_at_once_make_one_effect(people):
    campaign, found = surveyed()
    volume, barrier, outcomes = handed_over(campaign), Barrier(2), []
    one, other = county_officer(), second_county_officer()

    def decide(verb, **said):
        barrier.wait()
        try:
            verb(volume_id=volume.pk, **said)
            outcomes.append("done")
        except IllegalMove:
            outcomes.append("too late")
        finally:
            connections.close_all()

    accepting = {"sheets": 2, "forms": 3, "shelf": "1", "by": one}
    refusing = {"words": "盒子是空的", "by": other}
    threads = [Thread(target=decide, args=(archive_room.accept,), kwargs=accepting),
               Thread(target=decide, args=(archive_room.refuse,), kwargs=refusing)]  # fmt: skip
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "too late"]
    after = as_it_is(volume).state
    assert states(found) == (["archived"] * 4 if after == "accepted" else ["loaded"] * 4)
    assert volume.moves.filter(move__in=("accept", "refuse")).count() == 1


def test_two_who_open_the_same_village_open_one_volume(people):
    campaign, _ = surveyed()
    archiving.open_volume(campaign_id=campaign.pk, place=VILLAGE, by=clerk())
    with pytest.raises(Refused, match="已经开始整理"):
        archiving.open_volume(campaign_id=campaign.pk, place=VILLAGE, by=clerk())
    assert Volume.objects.count() == 1


def test_nobody_sorts_or_keeps_what_is_none_of_theirs(people):
    campaign, _ = surveyed()
    with pytest.raises(Refused, match="没有这个社区"):
        archiving.open_volume(campaign_id=campaign.pk, place=VILLAGE, by=clerk(OTHER_TOWN))
    volume = handed_over(campaign)
    with pytest.raises(Refused, match="不在您的管辖范围"):
        archiving.mark_all(volume_id=volume.pk, by=clerk(OTHER_TOWN))
    with pytest.raises(Refused, match="不能接收"):
        archive_room.accept(volume_id=volume.pk, sheets=2, forms=3, shelf="1", by=clerk())
    assert archive.opened(volume.pk, by=clerk(OTHER_TOWN)) is None
    assert archive.find(by=clerk(OTHER_TOWN), box="石湾") == []


def test_a_form_sent_back_after_archiving_is_taken_out_and_its_new_one_is_taken_in(people):
    campaign, found = surveyed("2223")
    volume, task = accepted(campaign), seen(found[0])
    assert where(task) == "二号库 1 架，第 石湾-01 盒，" + where(task).split("，")[2] + "，卷内第 1 份"
    with pytest.raises(Refused, match="重新打开"):
        reviews.reopen(task_id=task.pk, version=task.version, words="本人说没有人来过", by=city_officer())
    campaigns.go_on(campaign=campaign, to="reopen", by=city_officer())
    reviews.reopen(task_id=task.pk, version=task.version, words="本人说没有人来过", by=city_officer())
    assert fates(volume)[task.pk] == "taken_out" and "已抽出" in where(task)
    approved(handed_in(seen(task)))
    campaigns.close(campaign=campaign, by=city_officer(), waiver="其余的并入明年")
    assert fates(volume)[task.pk] == "late" and "还没有补收" in where(task)
    with pytest.raises(Refused, match="1 份已入库的表没有归档"):
        campaigns.archive(campaign=campaign, by=city_officer())
    with pytest.raises(Refused, match="只能补收"):
        archive_room.supplement(volume_id=volume.pk, marks={found[1].pk: "there"}, by=county_officer())
    archive_room.supplement(volume_id=volume.pk, marks={task.pk: "there"}, by=county_officer())
    assert fates(volume)[task.pk] == "there" and as_it_is(volume).order[-1] == task.pk
    assert seen(task).state == "archived" and where(task).endswith("卷内第 3 份")
    campaigns.archive(campaign=campaign, by=city_officer())


def test_an_absent_form_that_is_found_is_taken_in(people):
    campaign, found = surveyed("2223")
    marks = {found[0].pk: "lost", found[1].pk: "there", found[2].pk: "there"}
    volume = accepted(campaign, forms=2, marks=marks)
    assert where(found[0]).startswith("纸表缺：遗失")
    with pytest.raises(Refused, match="没有要补收的"):
        archive_room.supplement(volume_id=volume.pk, marks={found[0].pk: "lost"}, by=county_officer())
    archive_room.supplement(volume_id=volume.pk, marks={found[0].pk: "there"}, by=county_officer())
    assert set(fates(volume).values()) == {"there", "mobile"}
    assert TaskMove.objects.using("owner").filter(task=found[0], move="file").count() == 1


def test_forms_are_found_by_box_shelf_village_and_task(people):
    campaign, found = surveyed("2223")
    volume, officer = accepted(campaign), county_officer()
    for asked_for in (
        {"box": "石湾"}, {"shelf": "二号库"}, {"place": VILLAGE}, {"task": found[0].pk}, {"task": found[3].pk},
        {"box": "石湾-01", "task": found[1].pk},
    ):  # fmt: skip
        assert archive.find(by=officer, **asked_for) == [volume], asked_for
    foreign = tasks(campaign, place=VILLAGES[2])[0]
    for asked_for in ({"box": "2"}, {"task": 10**18}, {"place": "没有这个村"}, {"task": foreign.pk}, {}):
        assert archive.find(by=officer, **asked_for) == [], asked_for
    assert where(found[3]) == "没有纸表，随所在社区（村）归档" and where(foreign) == ""


def test_a_volume_moves_to_another_shelf_and_says_from_where(people):
    campaign, _ = surveyed()
    volume = accepted(campaign)
    archive_room.shelve(volume_id=volume.pk, box="7", shelf="三号库 2 架", by=county_officer())
    assert volume.moves.last().note == "二号库 1 架 第 石湾-01 盒 → 三号库 2 架 第 7 盒"
    with pytest.raises(Refused, match="身份号码"):
        archive_room.shelve(volume_id=volume.pk, box="440604198001010017", shelf="1", by=county_officer())


def test_nothing_is_destroyed_before_its_time_or_by_who_accepted_it(people):
    campaign, found = surveyed()
    volume, other = accepted(campaign), second_county_officer()
    words = "按保管期限表，碎纸，监销人两名"
    with pytest.raises(Refused, match="期满以后"):
        archive_room.destroy(volume_id=volume.pk, words=words, by=other)
    Volume.objects.filter(pk=volume.pk).update(destroy_on=timezone.localdate())
    with pytest.raises(Refused, match="期满以后"):
        archive_room.destroy(volume_id=volume.pk, words=words, by=other)
    assert archive.due(by=other) == []
    Volume.objects.filter(pk=volume.pk).update(destroy_on=timezone.localdate() - timedelta(days=1))
    assert archive.due(by=other) == [volume]
    with pytest.raises(Refused, match="您自己接收的"):
        archive_room.destroy(volume_id=volume.pk, words=words, by=county_officer())
    with pytest.raises(Refused, match="监销人"):
        archive_room.destroy(volume_id=volume.pk, words="", by=other)
    archive_room.destroy(volume_id=volume.pk, words=words, by=other)
    assert as_it_is(volume).state == "destroyed" and "已销毁" in where(found[0])
    assert archive.due(by=other) == []


def test_villages_show_what_is_missing_and_all_tasks_are_counted(people):
    campaign, found = surveyed("2223")
    sorted_volume(campaign, {found[0].pk: "there"})
    lines = archive.villages(campaign.pk, by=county_officer())
    assert [(one.place, one.volume is not None, one.counts.tasks) for one in lines] == [
        (VILLAGES[0], True, 4), (VILLAGES[1], False, 4), (VILLAGES[2], False, 4),
    ]  # fmt: skip
    assert {name: many for name, many in lines[0].counts.of.items() if many} == {"there": 1, "missing": 2, "mobile": 1}
    assert [one.place for one in archive.villages(campaign.pk, by=clerk(OTHER_TOWN))] == [VILLAGES[2]]
    assert [one.place for one in archive.villages(campaign.pk, by=county_officer(), after=VILLAGES[1])] == [VILLAGES[2]]


def test_who_is_named_in_a_catalogue_is_counted_and_on_the_log(people):
    campaign, found = surveyed()
    volume = sorted_volume(campaign)
    fates(volume, second_county_officer())
    looker = second_county_officer().pk
    (seen_by,) = asked("SELECT count(*) AS many FROM survey_task_seen WHERE officer_id = %s", looker)
    assert seen_by["many"] == 4
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT objects FROM audit_log WHERE action = 'volume.see' ORDER BY number DESC LIMIT 1")
        (objects,) = cursor.fetchone()
    assert f"volume:{volume.pk}" in objects and f"task:{found[0].pk}" in objects
