"""Other systems that push and ask: who they are, their keys, and the agreements without which nothing moves."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from canbao.registry.models.officers import Officer
from canbao.registry.models.packages import Package
from canbao.registry.models.requests import InForce


class Partner(models.Model):
    """A system of another office. It acts as `officer`, an account without a password whose duty is partner_system.

    `kind` is one of law's (exchange.yaml, `systems`). It speaks in the name of `division_code` (six digits; 440000 is
    the province), and `stream` stands in the register where a package would: it is by what its statements came in.
    """

    code = models.CharField("代号", max_length=40, unique=True)
    label = models.CharField("名称", max_length=100)
    kind = models.CharField("种类", max_length=40)
    division_code = models.CharField("区划", max_length=6)
    contact = models.CharField("联系人", max_length=200)
    officer = models.OneToOneField(Officer, on_delete=models.PROTECT, related_name="partner")
    stream = models.OneToOneField(Package, on_delete=models.PROTECT, related_name="partner")
    made_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    cut_off_at = models.DateTimeField(null=True)
    cut_off_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    cut_off_reason = models.TextField(default="")

    @property
    def area(self) -> str:
        """The leading digits of the places that the partner has to do with."""
        return self.officer.area


class PartnerKey(models.Model):
    """A public key by which a partner signs; `key_id` is its fingerprint, `algorithm` RFC 9421's name."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="keys")
    key_id = models.CharField("指纹", max_length=64, unique=True)
    algorithm = models.CharField(max_length=40)
    public_key = models.TextField("公钥")
    added_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    valid_to = models.DateField("有效期至")
    withdrawn_at = models.DateTimeField(null=True)


class Agreement(InForce):
    """What was agreed with a partner; `since` is empty while it is only asked for.

    `services`, `rows`, `insurance_types`, `items_in` and `shown` are names of law's (exchange.yaml); `area` the leading
    digits of the places whose people it is about. The numbers are rows and people a day, and requests a minute.
    `panel_origins` are those of the partner's pages that may show ours in a frame: `https://host`, with a port if any.
    """

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="agreements")
    number = models.CharField("协议编号", max_length=100)
    purpose = models.TextField("用途")
    confidentiality = models.TextField("保密义务")
    contact = models.CharField("联系人", max_length=200)
    area = models.CharField("范围", max_length=12)
    services = models.JSONField(default=list)
    rows = models.JSONField(default=list)
    insurance_types = models.JSONField(default=list)
    items_in = models.JSONField(default=list)
    shown = models.JSONField(default=list)
    valid_from = models.DateField()
    valid_to = models.DateField()
    rows_a_day = models.IntegerField(default=0)
    people_a_day = models.IntegerField(default=0)
    requests_a_minute = models.IntegerField(default=60)
    panel_origins = models.JSONField(default=list)
    since = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["partner", "valid_to"])]


class Given(models.Model):
    """What was told to whom: kept for years (law: `given_years`), and printable. Rows are only ever added.

    `items` are names of what was told, never values; `told_to` is the officer as their own system names them.
    """

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="given")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="+")
    person_id = models.BigIntegerField()
    at = models.DateTimeField(auto_now_add=True)
    service = models.CharField(max_length=20)
    purpose = models.CharField(max_length=40)
    told_to = models.CharField(max_length=64, default="")
    items = models.JSONField(default=list)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["partner", "-at"]), models.Index(fields=["person_id"])]
