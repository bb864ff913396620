"""The first accounts of an empty register: one who opens accounts, one who grants duties; nobody holds both."""

from __future__ import annotations

import secrets

from django.db import transaction

from canbao.registry.access import PROVINCE, Refused
from canbao.registry.models import Officer

FIRST = {
    "system": ("system_administrator", "系统管理员"),
    "security": ("security_administrator", "安全管理员"),
    "audit": ("auditor", "审计员"),
}


def open_first_accounts() -> dict[str, str]:
    """Open the three officers' accounts of an empty register; returns user names with their first passwords.

    Raises Refused if there is any account already: from then on accounts are opened in the office.
    """
    with transaction.atomic():
        if Officer.objects.exists():
            raise Refused("登记库里已经有用户；请由系统管理员在办公页面开立")
        passwords = {name: secrets.token_urlsafe(12) for name in FIRST}
        for name, (duty, display_name) in FIRST.items():
            officer = Officer(username=name, display_name=display_name, duty=duty, area=PROVINCE, staff_number=name)
            officer.set_password(passwords[name])
            officer.save()
        return passwords
