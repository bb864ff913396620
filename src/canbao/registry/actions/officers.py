"""Accounts: opened and closed by the system administrator, given duty and area by the security administrator."""

from __future__ import annotations

import secrets

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from canbao.law.duties import DIGITS, level_of, read_duties
from canbao.registry.access import Refused, require_area
from canbao.registry.actions.emergency_moves import end_all_of
from canbao.registry.actions.sessions import note_failure
from canbao.registry.deeds import deed, refuse_identity_numbers, write_event
from canbao.registry.models import Officer, Partner
from canbao.registry.places_now import places
from canbao.registry.throttle import begin_guess

NO_DUTY = "none"
OF_PARTNERS = "partner_system"
"""The duty of the accounts by which other systems act (registry.actions.partners); nobody else gets it."""


class WrongPassword(Refused):
    """The old password that somebody gave is not the account's."""


def open_account(*, username: str, display_name: str, staff_number: str, area: str, by: Officer) -> tuple[Officer, str]:
    """A new account without a duty, in an area within the administrator's own; returns it with its first password.

    `staff_number` is the person's, the same for every account that they have.
    """
    with deed(by=by, action="officer.open", permission="officer.manage") as note:
        require_area(by, area)
        require_place(area)
        refuse_identity_numbers(f"{username}；{display_name}；{staff_number}", "账号、姓名和人员编号")
        if not username or Officer.objects.filter(username=username).exists():
            raise Refused(f"账号 {username} 已有人用，或是空的")
        if not staff_number.strip():
            raise Refused("请填写人员编号：同一个人的几个账号由它认出")
        password = secrets.token_urlsafe(12)
        officer = Officer(
            username=username, display_name=display_name, staff_number=staff_number.strip(), area=area, duty=NO_DUTY
        )
        officer.set_password(password)
        officer.save()
        note.objects.append(f"officer:{officer.id}")
        return officer, password


def grant(*, officer: Officer, duty: str, area: str, by: Officer) -> None:
    """Give an account a duty in an area; its sessions end."""
    with deed(by=by, action="officer.grant", permission="officer.grant") as note:
        note.objects.append(f"officer:{officer.id}")
        note.details.update(before=[officer.duty, officer.area], after=[duty, area])
        require_area(by, officer.area)
        require_area(by, area)
        require_human(officer)
        if duty == OF_PARTNERS:
            raise Refused("这个岗位不能授给人；合作系统请在“合作系统”页登记")
        require_place(area)
        require_level(duty, area)
        if officer.id == by.id or (by.staff_number and officer.staff_number == by.staff_number):
            raise Refused("不能给自己授权")
        _require_compatible(officer, duty)
        end_all_of(officer, by, note)
        officer.duty, officer.area, officer.session_key = duty, area, ""
        officer.save(update_fields=["duty", "area", "session_key"])


def name_person(*, officer: Officer, staff_number: str, by: Officer) -> None:
    """Say whose account it is; what the account may do with others is looked at again when a duty is granted."""
    with deed(by=by, action="officer.name", permission="officer.manage") as note:
        note.objects.append(f"officer:{officer.id}")
        require_area(by, officer.area)
        require_human(officer)
        refuse_identity_numbers(staff_number, "人员编号")
        if officer.id == by.id or not staff_number.strip():
            raise Refused("请填写人员编号；自己的由另一位系统管理员填写")
        officer.staff_number = staff_number.strip()
        _require_compatible(officer, officer.duty)
        officer.save(update_fields=["staff_number"])


def is_same_person(one: Officer, other: Officer) -> bool:
    """Whether two accounts are one person's; of an account whose person nobody has named it can't be denied."""
    return one.pk == other.pk or "" in (one.staff_number, other.staff_number) or one.staff_number == other.staff_number


def set_active(*, officer: Officer, active: bool, by: Officer) -> None:
    """Close or reopen an account; closing ends its sessions at once."""
    with deed(by=by, action="officer.activate" if active else "officer.close", permission="officer.manage") as note:
        note.objects.append(f"officer:{officer.id}")
        require_area(by, officer.area)
        require_human(officer)
        if officer.id == by.id:
            raise Refused("不能停用自己")
        if active:
            _require_compatible(officer, officer.duty)
        if not active:
            end_all_of(officer, by, note)
        officer.is_active, officer.session_key = active, ""
        officer.save(update_fields=["is_active", "session_key"])


def reset_password(*, officer: Officer, by: Officer) -> str:
    """A new first password, to be changed at the next sign-in; its sessions end."""
    with deed(by=by, action="officer.reset_password", permission="officer.manage") as note:
        note.objects.append(f"officer:{officer.id}")
        require_area(by, officer.area)
        require_human(officer)
        password = secrets.token_urlsafe(12)
        officer.set_password(password)
        officer.must_change_password, officer.session_key = True, ""
        officer.save(update_fields=["password", "must_change_password", "session_key"])
        return password


def change_password(*, officer: Officer, old: str, new: str) -> None:
    """Change one's own password.

    Raises WrongPassword if the old one is wrong, TooManyGuesses if it was too often, Refused if the new one is weak.
    """
    guess = begin_guess("own_password", account=officer.username)
    if not officer.check_password(old):
        note_failure(account=officer.username, action="password.change", why="password")
        raise WrongPassword("原密码不对")
    guess.proven()
    if old == new:
        raise Refused("新密码与原密码相同")
    try:
        validate_password(new, officer)
    except ValidationError as problem:
        raise Refused("；".join(problem.messages)) from None
    officer.set_password(new)
    officer.must_change_password = False
    with transaction.atomic():
        officer.save(update_fields=["password", "must_change_password"])
        write_event(by=officer, action="password.change")


def is_of_partner(officer: Officer) -> bool:
    """Whether an account is another system's: nobody signs in with it, and it is kept where partners are."""
    return Partner.objects.filter(officer=officer).exists()


def require_human(officer: Officer) -> None:
    """Raise Refused for the account of a partner."""
    if is_of_partner(officer):
        raise Refused("这是合作系统的账号，没有密码，不能登录；请在“合作系统”页办理")


def require_level(duty: str, area: str) -> None:
    """Raise Refused for a duty that is not held in an area of that level."""
    known = read_duties().duties.get(duty)
    if known is None:
        raise Refused(f"没有岗位 {duty}")
    if level_of(area) not in known.levels and not _is_own_county(area):
        raise Refused(f"{known.label}不设在这一级")


def _require_compatible(officer: Officer, duty: str) -> None:
    """Raise Refused if the person holds a duty that excludes this one in another account."""
    if not officer.staff_number:
        raise Refused("这个账号还没有人员编号；请系统管理员补上后再授权")
    if duty == NO_DUTY:
        return
    others = Officer.objects.filter(staff_number=officer.staff_number, is_active=True).exclude(pk=officer.pk)
    for other in others.exclude(duty=NO_DUTY):
        if read_duties().exclude(duty, other.duty):
            raise Refused(f"同一个人的账号 {other.username} 已任{other.duty_label}，与这个岗位互斥；请先停用或改换")


def _is_own_county(area: str) -> bool:
    """东莞 and 中山 are cities that are their own county, written with four digits or six."""
    return places().is_county(area[:4] + "00")


def require_place(area: str) -> None:
    """Raise Refused for an area that is no place."""
    if len(area) not in DIGITS.values() or area.ljust(6, "0") not in places().by_code:
        raise Refused(f"区划 {area} 不存在")
