"""An entry of the log as a line of a page or of a file."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from canbao.law.duties import read_duties
from canbao.office.shell import area_name
from canbao.registry.audit import ALARMS

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
    **{f"alarm.{kind}": f"警报：{label}" for kind, label in ALARMS.items()},
}
DECISIONS = {"allowed": "准许", "refused": "拒绝"}
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
        "；".join(f"{name}={said}" for name, said in entry["details"].items()),
    ]


def action_label(action: str) -> str:
    """What an action is called: our own word, else the permission's, else its name."""
    permission = action.removeprefix("page:")
    known = read_duties().permissions.get(permission)
    if action in OWN_ACTIONS:
        return OWN_ACTIONS[action]
    return ("打开页面：" if action.startswith("page:") else "") + (known.label if known else permission)
