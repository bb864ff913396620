"""Officers: one account is one person with one duty in one area."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from canbao.law.duties import Level, level_of, read_duties


class Officer(AbstractBaseUser):
    """Somebody who works with the register; `area` is the leading digits of a place's code (44, 4401 …).

    `staff_number` tells people apart: who has two accounts has one number, and can't be two pairs of eyes.
    """

    username = models.CharField("账号", max_length=40, unique=True)
    display_name = models.CharField("姓名", max_length=64)
    duty = models.CharField("岗位", max_length=40)
    area = models.CharField("范围", max_length=12)
    staff_number = models.CharField("人员编号", max_length=40, blank=True, default="")
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField("须改密码", default=True)
    session_key = models.CharField(max_length=40, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name", "duty", "area"]
    objects = BaseUserManager()

    def may(self, permission: str) -> bool:
        """Whether the officer's duty has the permission; a disabled officer may nothing."""
        return self.is_active and read_duties().allows(self.duty, permission)

    @property
    def level(self) -> Level:
        """The level of the officer's area."""
        return level_of(self.area)

    @property
    def duty_label(self) -> str:
        """The duty as people call it."""
        duty = read_duties().duties.get(self.duty)
        return duty.label if duty else self.duty

    def __str__(self) -> str:
        return f"{self.display_name}（{self.duty_label}）"


class DivisionKey(models.Model):
    """A public signing key that a division's packages may be signed with."""

    division_code = models.CharField("区划", max_length=6)
    fingerprint = models.CharField("指纹", max_length=64, unique=True)
    public_key = models.TextField("公钥")
    added_by = models.ForeignKey(Officer, on_delete=models.PROTECT)
    added_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True)
