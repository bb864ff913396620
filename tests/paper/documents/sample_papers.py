"""One made record of every kind of paper, with long names and addresses where they will come."""

from __future__ import annotations

import io
from datetime import date
from functools import cache

from PIL import Image, ImageDraw

from canbao.paper.documents.announcement import Announcement, Contact
from canbao.paper.documents.archive_catalogue import ArchiveCatalogue, CatalogueEntry
from canbao.paper.documents.box_label import BoxLabel
from canbao.paper.documents.card import Card
from canbao.paper.documents.contents import SelfFilling
from canbao.paper.documents.hand_over_sheet import HandOverLine, HandOverSheet
from canbao.paper.documents.letter import Letter
from canbao.paper.documents.notice import Notice
from canbao.paper.documents.proof import Proof, ProofCover
from canbao.paper.documents.registration_form import Answer, Grid, Option, Question, RegistrationForm, Section
from canbao.paper.documents.summary_sheet import SummaryRow, SummarySheet
from canbao.paper.documents.weekly_report import ReportSection, ReportTable, WeeklyReport

BUREAU = "佛山市人力资源和社会保障局"
BEGINS, ENDS = date(2017, 5, 1), date(2017, 12, 31)
PHONE = "0757-83331234"
LONG_ADDRESS = "广东省佛山市南海区桂城街道千灯湖社区海八东路4000000号保利花园第12栋3单元2101房（由南门进，电梯左侧）"
LONG_NAME = "买买提江·吐尔逊阿卜杜拉"


@cache
def seal() -> bytes:
    """A red ring with a star, seen through, as PNG."""
    drawn = Image.new("RGBA", (480, 480))
    pen = ImageDraw.Draw(drawn)
    pen.ellipse((12, 12, 468, 468), outline=(200, 20, 20, 210), width=16)
    pen.regular_polygon((240, 240, 80), 5, fill=(200, 20, 20, 210))
    return _written(drawn, "PNG")


@cache
def photo() -> bytes:
    """A head before blue, as JPEG."""
    drawn = Image.new("RGB", (413, 531), (90, 140, 200))
    pen = ImageDraw.Draw(drawn)
    pen.ellipse((130, 110, 283, 300), fill=(236, 205, 180))
    pen.ellipse((60, 330, 353, 700), fill=(50, 60, 90))
    return _written(drawn, "JPEG")


def _written(picture: Image.Image, form: str) -> bytes:
    out = io.BytesIO()
    picture.save(out, form)
    return out.getvalue()


def card(**changed: object) -> Card:
    """A surveyor's card."""
    given = {
        "number": "NH-2017-000123",
        "name": "陈一二",
        "unit": "桂城街道千灯湖社区居民委员会",
        "valid_from": BEGINS,
        "valid_until": ENDS,
        "phone": PHONE,
        "issuer": BUREAU,
        "photo": photo(),
        "seal": seal(),
        "check": "https://canbao.example/card/NH-2017-000123",
    }
    return Card(**(given | changed))


def invited() -> SelfFilling:
    """A one-use code."""
    return SelfFilling("https://canbao.example/fill/7K3M-9QXT", "7K3M-9QXT", date(2017, 6, 30))


def letter(**changed: object) -> Letter:
    """The city's letter to somebody who may fill in the form."""
    given = {
        "city": "佛山市",
        "begins": BEGINS,
        "ends": ENDS,
        "phone": PHONE,
        "issuer": BUREAU,
        "day": BEGINS,
        "invited": invited(),
        "seal": seal(),
    }
    return Letter(**(given | changed))


def notice(**changed: object) -> Notice:
    """A notice left at a door."""
    given = {
        "recipient": "林三四先生（女士）",
        "street": "桂城街道",
        "village": "千灯湖社区",
        "contact": "陈一二",
        "phone": "0757-86230000",
        "address": "桂城街道千灯湖社区党群服务中心一楼3号窗口（海八东路18号）",
        "hours": "周一至周六 9:00—12:00、14:30—20:30",
        "begins": BEGINS,
        "ends": ENDS,
        "deadline": date(2017, 6, 15),
        "day": date(2017, 5, 20),
        "issuer": "佛山市南海区桂城街道人力资源和社会保障所",
        "invited": invited(),
    }
    return Notice(**(given | changed))


def contacts(towns: int = 8, villages: int = 5) -> tuple[Contact, ...]:
    """Towns, each with its own line first."""
    return tuple(
        Contact(
            f"第{town + 1}街道",
            f"第{village}社区" if village else "",
            "何五六",
            f"0757-8{town:03}{village:04}",
            "中山路1号",
        )
        for town in range(towns)
        for village in range(villages + 1)
    )


def announcement(**changed: object) -> Announcement:
    """A city's announcement."""
    given = {"city": "佛山市", "begins": BEGINS, "ends": ENDS, "phone": PHONE, "issuer": BUREAU, "day": BEGINS}
    return Announcement(**(given | {"contacts": contacts(), "seal": seal()} | changed))


def summary_rows(count: int) -> tuple[SummaryRow, ...]:
    """People of a village, every fourth with the longest of everything."""
    plain = {
        "unit": "",
        "no_unit_type": "灵活就业",
        "hukou_place": "佛山市南海区桂城街道",
        "residence": "千灯湖社区海八东路40号",
    }
    long = {
        "unit": "佛山市南海区桂城街道千灯湖第一（国际）机械制造与进出口贸易股份有限公司",
        "no_unit_type": "已办理离退休手续或已领取养老待遇",
        "hukou_place": "广东省佛山市南海区桂城街道千灯湖社区海八东路4000000号",
        "residence": LONG_ADDRESS,
        "remark": "与户主同住，晚上七点后在家",
    }
    states = {
        "pension": "未参保",
        "medical": "参保",
        "unemployment": "未参保",
        "work_injury": "未参保",
        "maternity": "未参保",
    }
    return tuple(
        SummaryRow(
            name=LONG_NAME if index % 4 == 3 else "陈一二",
            ssn=f"44060119{index % 90 + 10:02}0101{index % 1000:03}X",
            phone="13800000000",
            **(long if index % 4 == 3 else plain),
            **states,
        )
        for index in range(count)
    )


def summary_sheet(count: int = 23, **changed: object) -> SummarySheet:
    """A village's summary sheet."""
    given = {
        "county": "佛山市南海区",
        "town": "桂城街道",
        "village": "千灯湖社区",
        "officer": "何五六",
        "phone": "13900000000",
    }
    return SummarySheet(**(given | {"rows": summary_rows(count), "reviewer": "黄七八", "filled_on": BEGINS} | changed))


def ticks(*labels: str, ticked: str = "") -> Answer:
    """Options numbered from 1."""
    return Answer(options=tuple(Option(str(at + 1), label, label == ticked) for at, label in enumerate(labels)))


INSURANCES = ("职工养老保险", "居民养老保险", "职工医疗保险", "居民医疗保险", "失业保险", "工伤保险", "生育保险")


def sections() -> tuple[Section, ...]:
    """What the usual form asks."""
    return (
        Section(
            "一、基本信息",
            (
                Question("姓名", Answer("林三四"), required=True),
                Question("公民身份号码", Answer("440601199001010014"), required=True),
                Question("性别", ticks("男", "女", ticked="女"), 4),
                Question("出生日期", Answer("1990年1月1日"), 4),
                Question("民族", Answer("汉族"), 4),
                Question("生存状态", ticks("正常", "死亡", "失踪", "其他"), 12),
                Question("户口所在地", Answer("广东省佛山市南海区桂城街道千灯湖社区"), 12, required=True),
                Question("现住址", Answer(LONG_ADDRESS), 12, required=True),
                Question("移动电话", Answer("13800000000"), required=True),
                Question("其他联系电话"),
            ),
        ),
        Section(
            "二、就业情况",
            (
                Question("就业状态", ticks("有单位", "无单位", ticked="无单位"), 12, required=True),
                Question("单位名称"),
                Question("单位编号"),
                Question(
                    "无单位类型",
                    ticks("学龄前", "在校学生", "未就业", "灵活就业", "已办理离退休手续或已领取养老待遇"),
                    12,
                ),
            ),
        ),
        Section(
            "三、参保情况",
            grid=Grid(
                ("险　种", "参保状态", "参保日期", "参保地"),
                tuple(
                    (Answer(name), ticks("正常", "暂停", "终止", "未参保"), Answer(), Answer()) for name in INSURANCES
                ),
                (5, 11, 5, 7),
            ),
        ),
        Section(
            "四、未参保原因及备注",
            (
                Question(
                    "未参保原因",
                    ticks("个人未参保", "缴费终止", "单位未予参保", "全日制在校生", "参军", "出国", "判刑"),
                    12,
                ),
                Question("备注", span=12),
            ),
        ),
    )


def registration_form(**changed: object) -> RegistrationForm:
    """A person's form."""
    given = {"number": "T-4406-0001-2345", "task": "CB1:T-4406-0001-2345", "county": "佛山市南海区", "town": "桂城街道"}
    return RegistrationForm(**(given | {"village": "千灯湖社区", "sections": sections()} | changed))


def archive_catalogue(count: int = 40) -> ArchiveCatalogue:
    """A village's catalogue, every ninth form missing."""
    entries = tuple(
        CatalogueEntry(
            f"T-4406-0001-{index:04}",
            "全民参保登记表" if index else "个人基础信息汇总表",
            "" if not index else LONG_NAME if index % 7 == 3 else "林三四",
            sheets=1 if index else 4,
            box="" if index % 9 == 8 else "NH-01-003",
            missing=index % 9 == 8,
            remark="入户时未签名，已补" if index == 5 else "",
        )
        for index in range(count)
    )
    return ArchiveCatalogue("佛山市南海区", "桂城街道", "千灯湖社区", entries, BUREAU, "何五六", ENDS)


def box_label(**changed: object) -> BoxLabel:
    """A box."""
    given = {"holder": BUREAU, "county": "南海区", "town": "桂城街道", "village": "千灯湖社区", "year": "2017"}
    more = {"box": "NH-01-003", "first": "T-4406-0001-0001", "last": "T-4406-0001-0200", "papers": 200}
    return BoxLabel(**(given | more | {"kept_for": "10年", "shelf": "二楼档案室 3 排 2 列 5 层"} | changed))


def hand_over_sheet(count: int = 26) -> HandOverSheet:
    """A town's hand-over."""
    lines = tuple(HandOverLine(f"第{index + 1}社区居民委员会", 2, 12, 118 + index % 3, 120) for index in range(count))
    return HandOverSheet("YJ-2017-0008", "佛山市南海区桂城街道办事处", "佛山市南海区社会保险基金管理局", lines)


def weekly_report() -> WeeklyReport:
    """A county's week."""
    figures = ReportTable(
        ("指　标", "本周", "上周", "累计"),
        (
            ("应调查（人）", "12,000", "12,000", "12,000"),
            ("已完成（人）", "1,830", "1,544", "6,901"),
            ("退回（份）", "42", "66", "310"),
        ),
        numbers=(1, 2, 3),
        widths=(4, 2, 2, 2),
    )
    ranking = ReportTable(
        ("名次", "镇（街道）", "应调查", "已完成", "完成率", "退回率"),
        tuple(
            (str(at + 1), f"第{at + 1}街道", "1,500", f"{900 - at * 31}", f"{60 - at * 2.1:.1f}%", "2.1%")
            for at in range(8)
        ),
        numbers=(2, 3, 4, 5),
        widths=(1, 3, 2, 2, 2, 2),
    )
    return WeeklyReport(
        "佛山市南海区",
        date(2017, 6, 5),
        date(2017, 6, 11),
        "佛山市南海区全民参保登记工作小组",
        date(2017, 6, 12),
        (
            ReportSection(
                "一、进度",
                ("本周完成 1,830 人，累计完成 57.5%。按目前的速度，预计 7 月 24 日完成，比计划早 7 天。",),
                figures,
            ),
            ReportSection("二、各镇街排名", (), ranking),
            ReportSection(
                "三、需要注意", ("第8街道连续两周没有完成计划。", "抽查电话 60 个，不符 1 个，已退回重新核实。")
            ),
        ),
    )


def proof(**changed: object) -> Proof:
    """A proof with two covers, one of them elsewhere."""
    covers = (
        ProofCover("职工基本养老保险", "参保缴费", "", "佛山市南海区", "2015年1月"),
        ProofCover("城乡居民基本医疗保险", "暂停缴费", "", "广州市越秀区", "", is_elsewhere=True),
    )
    given = {
        "number": "7K3M-9PQ2-XW4D", "name": LONG_NAME, "masked_number": "440***********0014", "covers": covers,
        "partner": "佛山市社会保险经办系统", "told_to": "王经办，祖庙窗口", "purpose": "窗口办理",
        "issued_at": "2017年5月20日 10:20", "issued_on": date(2017, 5, 20), "valid_to": date(2017, 6, 18),
        "site": "https://canbao.example/proof/", "address": "https://canbao.example/proof/#",
        "figures": "20170520" * 65,
    }  # fmt: skip
    return Proof(**(given | changed))


SAMPLES = {
    "card": card,
    "letter": letter,
    "notice": notice,
    "announcement": announcement,
    "summary_sheet": summary_sheet,
    "registration_form": registration_form,
    "archive_catalogue": archive_catalogue,
    "box_label": box_label,
    "hand_over_sheet": hand_over_sheet,
    "weekly_report": weekly_report,
    "proof": proof,
}
