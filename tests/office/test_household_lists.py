"""The household list: the province has it, each city fetches its own part, counted and on the log."""

from __future__ import annotations

import csv
import io

import duckdb
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


def test_the_file_says_who_took_it_and_is_read_by_our_own_reader(opened, tmp_path):
    browser = opened("city_data_officer", "4406")
    admitted(written_city(tmp_path / "province", "440000", household=POLICE).out)
    for encoding in ("gb18030", "utf-8-sig"):
        answer = browser.post("/household-lists/", {"city": "440600", "encoding": encoding})
        text = b"".join(answer.streaming_content).decode(encoding)
        header, row = csv.reader(io.StringIO(text))
        assert "测试city_data_officer（city_data_officer）" in header[-1] and "不得外传" in header[-1]
        assert (len(header), row[-1]) == (len(row), "")
        again = written_city(tmp_path / encoding, "440600", household=text)
        with duckdb.connect() as engine:
            found = engine.execute(f"SELECT ssn FROM '{again.out}/persons.parquet'").fetchall()
        assert found == [(FOSHAN,)]
