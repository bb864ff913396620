"""An entry of the log as a line of a page or of a file."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from canbao.law.duties import read_duties
from canbao.office.audit.survey_words import SURVEY_ACTIONS
from canbao.office.shell import area_name
from canbao.registry.audit import ALARMS
from canbao.registry.evidence.wording import DECISIONS

HEADERS = ("时间", "账号", "姓名", "岗位", "范围", "动作", "用途", "结果", "对象", "来源", "内容")
OWN_ACTIONS = {
    "session.begin": "登录",
    "session.end": "退出",
    "password.change": "改密码",
    "second_factor.enrol": "绑定手机验证器",
    "second_factor.verify": "手机验证",
    "second_factor.reset": "重置手机验证器",
    "person.search": "查询人员",
    "person.see": "查看个人登记",
    "person.unmask": "查看完整号码与联系方式",
    "officer.open": "开立账号",
    "officer.close": "停用账号",
    "officer.activate": "启用账号",
    "officer.grant": "授予岗位和范围",
    "officer.reset_password": "重置密码",
    "key.add": "登记公钥",
    "key.withdraw": "停用公钥",
    "data_key.rotate": "换数据密钥",
    "data_key.destroy": "销毁数据密钥",
    "conflict.settle": "核准争议",
    "duplicate.count": "查看重复参保统计",
    "audit.who_saw": "审计：谁看过此人",
    "audit.what_did": "审计：用户做过什么",
    "audit.unusual": "审计：异常",
    "audit.find_person": "审计：按号码找人",
    "audit.evidence": "审计：出具日志摘录",
    "evidence.unstamped": "证明材料没有盖上时间戳，未出具",
    "audit.state": "审计：日志状态",
    "audit.alarms": "查看警报",
    "canary.list": "查看诱饵记录",
    "canary.mark": "设置诱饵记录",
    "canary.unmark": "取消诱饵记录",
    "person.why": "问为什么",
    "emergency.open": "开启紧急查询",
    "emergency.end": "结束紧急查询",
    "emergency.list": "查看紧急查询记录",
    "protection.ask_readers": "申请变更可查看人",
    "protection.ask_end": "申请解除保护",
    "protection.list": "查看保护名单",
    "package.receive": "上传数据包",
    "package.cancel": "取消数据包",
    "package.errors": "下载错误清单",
    "package.check_again": "重新检查数据包",
    "package.give_back": "退回存疑的数据包",
    "admit": "准入一段",
    "withdraw": "撤回一段",
    "withdrawal.go_on": "继续撤回数据包",
    "rehearsed": "试运行完成",
    "rehearsal.people": "查看试运行涉及的人",
    "request.list": "查看申请清单",
    "request.approve": "同意申请",
    "request.refuse": "驳回申请",
    "request.decide": "决定申请",
    "request.take_back": "收回申请",
    "request.undo": "申请撤销已同意的事",
    "paper.see": "查看材料",
    "merge.see": "比对两份登记",
    "split.see": "查看分立办理页",
    "correction.see": "查看更正办理页",
    "objection.print": "打印答复告知单",
    "candidate.list": "查看一人多号候选",
    "candidate.dismiss": "排除一人多号候选",
    "candidate.find": "查找一人多号候选",
    "handover.list": "查看人员迁转",
    "officer.name": "写明人员编号",
    "place_change.list": "查看区划变更",
    "place_change.preview": "预览区划变更",
    "paper.preview": "预览调查文书",
    "paper.fetch": "下载调查文书",
    "paper.printed": "调查文书已生成",
    "paper.hand_out": "确认已打印分发",
    "paper.stop": "停止打印",
    "issuer.set": "修改落款单位和印章",
    "contact.set": "填写联系方式",
    "contact.drop": "删除联系方式",
    "place_change.revoke": "申请撤销区划变更",
    "exchange.standing": "合作系统询问状态",
    "exchange.turned_away": "合作系统的请求没有受理",
    "exchange.drop": "上传交换文件",
    "run.receive": "上传比对名单",
    "run.release": "放行存疑的比对名单",
    "run.carry": "开始比对",
    "run.cancel": "取消比对批次",
    "run.result": "下载比对结果",
    "plan.set": "制定比对计划",
    "plan.end": "结束比对计划",
    "partner.open": "登记合作系统",
    "partner.contact": "更改合作系统的联系人",
    "partner.let_on": "恢复合作系统",
    "partner.key_add": "登记合作系统的公钥",
    "partner.key_withdraw": "停用合作系统的公钥",
    "agreement.ask_end": "申请终止共享协议",
    "exchange.given": "查看给合作系统的内容",
    "exchange.carry_out": "处理合作系统的推送",
    "exchange.aside": "查看搁置的推送",
    "exchange.try_again": "搁置的推送再试",
    "exchange.not_taken": "搁置的推送不予采用",
    **SURVEY_ACTIONS,
    **{f"alarm.{kind}": f"警报：{label}" for kind, label in ALARMS.items()},
}
DETAILS = {
    "action": "动作", "place": "地方", "city": "市", "county": "县", "division": "报送单位", "hours": "小时数",
    "seen": "已看人数", "most": "上限", "people": "人数", "found": "找到", "kind": "种类", "why": "原因",
    "papers": "材料份数", "items": "项目", "item": "项目", "decision": "结论", "before": "原来", "after": "改为",
    "size": "大小", "open": "待核对", "tasks": "任务数", "entry": "第几次提交", "warnings": "提示", "drawn": "抽出",
    "among": "从", "version": "版本", "sheets": "汇总表张数", "there": "在卷", "absent": "缺", "filed": "归档",
    "marks": "标明", "fingerprint": "指纹", "code": "代号", "area": "范围", "reason": "理由", "since": "从",
    "until": "至", "by_phone": "没有纸表", "pages": "页数", "agreement": "协议", "rows": "条数", "key": "公钥",
    "taken": "采用", "older": "已有更新的", "aside": "搁置", "kept": "收下", "same": "重复", "refused": "拒收",
    "minutes": "分钟数", "file": "文件",
}  # fmt: skip
"""What the log's details are called; one that has no word keeps its name."""
PLACES = ("place", "city", "county", "division")
Entry = dict[str, Any]


def line(entry: Entry) -> list[str]:
    """The cells of an entry, in the order of HEADERS."""
    duties = read_duties()
    duty = duties.duties.get(entry["duty"])
    purpose = duties.purposes.get(entry["purpose"])
    return [
        f"{timezone.localtime(entry['at']):%Y-%m-%d %H:%M:%S}",
        entry["account"],
        entry["person_name"],
        duty.label if duty else entry["duty"],
        area_name(entry["area"]),
        action_label(entry["action"]),
        purpose.label if purpose else entry["purpose"],
        DECISIONS.get(entry["decision"], entry["decision"]),
        "、".join(entry["objects"]),
        entry["origin"],
        "；".join(_said(name, said) for name, said in entry["details"].items()),
    ]


def _said(name: str, said: Any) -> str:
    """A detail in words: an action and a place by what they are called."""
    if name == "action":
        said = action_label(str(said))
    elif name in PLACES and said:
        said = area_name(str(said))
    return f"{DETAILS.get(name, name)}：{said}"


def action_label(action: str) -> str:
    """What an action is called: our own word, else the permission's, else its name."""
    permission = action.removeprefix("page:")
    known = read_duties().permissions.get(permission)
    if action in OWN_ACTIONS:
        return OWN_ACTIONS[action]
    return ("打开页面：" if action.startswith("page:") else "") + (known.label if known else permission)
