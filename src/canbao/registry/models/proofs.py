"""Printable proofs (参保证明) with the keys that sign them, and the pages that counters are shown in a frame."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from canbao.registry.models.officers import Officer
from canbao.registry.models.partners import Agreement, Partner


class ProofKey(models.Model):
    """A key that signs proofs: the newest that isn't withdrawn does. Earlier ones stay published, for what they signed.

    `key_id` is the beginning of its fingerprint, `public_key` 32 bytes in hex; the secret half is sealed.
    """

    key_id = models.CharField(max_length=16, unique=True)
    public_key = models.CharField(max_length=64)
    sealed_secret = models.TextField(default="")
    made_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True)


class Proof(models.Model):
    """A proof that was issued; of the statement only its digest is kept. `number` is random, and says nothing."""

    number = models.CharField("编号", max_length=14, unique=True)
    person_id = models.BigIntegerField()
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="proofs")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="+")
    told_to = models.CharField("经办", max_length=64)
    purpose = models.CharField("用途", max_length=40)
    key_id = models.CharField(max_length=16)
    digest = models.CharField(max_length=64)
    issued_at = models.DateTimeField("出具时间")
    valid_to = models.DateTimeField("有效期至")
    revoked_at = models.DateTimeField("作废时间", null=True)
    revoked_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    revoked_reason = models.TextField("作废原因", default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["person_id"]),
            models.Index(fields=["valid_to"], name="proof_revoked", condition=models.Q(revoked_at__isnull=False)),
        ]


class Panel(models.Model):
    """An address that shows a person once; of the address only a digest is kept."""

    digest = models.CharField(max_length=64, unique=True)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="+")
    person_id = models.BigIntegerField()
    told_to = models.CharField(max_length=64)
    purpose = models.CharField(max_length=40)
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)
