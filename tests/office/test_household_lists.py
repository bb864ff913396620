"""The household list: the province has it, each city fetches its own part, counted and on the log."""

from __future__ import annotations

import csv
import io

from django.db import connections

from cities import written_city
from cleaning_desk import number
from register_desk import admitted

FOSHAN, GUANGZHOU = number(1), number(3, region="440106")
POLICE = f"ssn,name,hukou_division_code\n{FOSHAN},=样例甲,440604\n{GUANGZHOU},样例乙,440106\n"


def test_each_city_fetches_its_own_part_three_times_a_day(opened, tmp_path):
    browser = opened("city_data_officer", "4406")
    admitted(written_city(tmp_path, "440000", household=POLICE).out)
    form = {"city": "440600", "encoding": "gb18030"}
    answer = browser.post("/household-lists/", form)
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("gb18030"))))
    assert [(row["社会保障号码"], row["姓名"].lstrip("'")) for row in rows] == [(FOSHAN, "=样例甲")]
    assert rows[0]["姓名"].startswith("'")
    assert browser.post("/household-lists/", {**form, "city": "440100"}).status_code == 403
    for _ in range(2):
        assert browser.post("/household-lists/", form).status_code == 200
    refused = browser.post("/household-lists/", form)
    assert (refused.status_code, "明天再试" in refused.content.decode()) == (403, True)
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT decision, count(*) FROM audit_log WHERE action = 'household_list.download' GROUP BY 1 ORDER BY 1"
        )
        assert cursor.fetchall() == [("allowed", 3), ("refused", 1)]
