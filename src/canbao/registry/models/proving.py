"""What officers prove who they are with, and how often that failed. Secrets are kept sealed: registry/secrets."""

from __future__ import annotations

import hmac
import time
from base64 import b32encode
from functools import cached_property
from typing import TypeVar
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import models
from django_otp.models import Device, ThrottlingMixin
from django_otp.oath import TOTP

from canbao.registry.secrets.envelope import opened, seal

Kept = TypeVar("Kept", bound=models.Model)


class Phone(ThrottlingMixin, Device):
    """A phone that shows six digits every half minute (RFC 6238); django-otp's own keeps its key in clear.

    It is saved only while its row is locked, or with `update_fields`: the keeper of keys may be sealing it anew.
    """

    sealed_key = models.TextField()
    last_step = models.BigIntegerField(default=-1)
    drift = models.SmallIntegerField(default=0)

    STEP, TOLERANCE = 30, 1
    """Seconds that digits are shown, and how many steps a phone's clock may be off."""

    @cached_property
    def key(self) -> bytes:
        """The secret that the phone has too; raises SecretLost if it can't be opened."""
        return opened(self.sealed_key, place_of(self, "sealed_key"))

    @property
    def address(self) -> str:
        """What the picture to scan says."""
        issuer, account = settings.OTP_TOTP_ISSUER, self.user.username
        words = {"secret": b32encode(self.key).decode(), "issuer": issuer, "period": self.STEP}
        return f"otpauth://totp/{quote(f'{issuer}:{account}')}?{urlencode(words, quote_via=quote)}"

    def verify_token(self, token: str) -> bool:
        """Whether the phone shows these digits now, and they were not used before. The row is locked by the caller."""
        if not self.verify_is_allowed()[0]:
            return False
        clock = TOTP(self.key, self.STEP, drift=self.drift)
        clock.time = time.time()
        if not (token.isascii() and token.isdigit() and clock.verify(int(token), self.TOLERANCE, self.last_step + 1)):
            self.throttle_increment()
            return False
        self.last_step, self.drift = clock.t(), clock.drift
        self.throttle_reset()
        return True

    def get_throttle_factor(self) -> int:
        """Seconds to wait after the first failure; each further one doubles them."""
        return 1


class RecoveryCodes(ThrottlingMixin, Device):
    """An officer's codes for when the phone is lost."""

    def verify_token(self, token: str) -> bool:
        """Whether the token is one of the codes; it is used up then. The row is locked by the caller."""
        if not self.verify_is_allowed()[0]:
            return False
        for code in self.codes.select_for_update().order_by("pk"):
            if hmac.compare_digest(code.words, token.encode()):
                code.delete()
                self.throttle_reset()
                return True
        self.throttle_increment()
        return False

    def get_throttle_factor(self) -> int:
        """Seconds to wait after the first failure; each further one doubles them."""
        return 1


class RecoveryCode(models.Model):
    """A code that works once instead of the phone."""

    of = models.ForeignKey(RecoveryCodes, on_delete=models.CASCADE, related_name="codes")
    sealed_words = models.TextField()

    @property
    def words(self) -> bytes:
        """The code; raises SecretLost if it can't be opened."""
        return opened(self.sealed_words, place_of(self, "sealed_words"))


class Guesses(models.Model):
    """Failures to prove who one is: at one account, from one network, or of everybody together.

    `key` is a digest: what people type as an account may be a password. `counted_from` is the last failure of an
    account, and for the others the first of the half hour that is counted.
    """

    key = models.CharField(max_length=64, primary_key=True)
    failures = models.IntegerField()
    counted_from = models.DateTimeField(db_index=True)
    blocked_until = models.DateTimeField()


def place_of(kept: models.Model, column: str) -> str:
    """Where a sealed value belongs; it opens in no other row and no other column."""
    return f"{kept._meta.db_table}.{column}:{kept.pk}"


def create_sealed(model: type[Kept], column: str, secret: bytes, **values: object) -> Kept:
    """A new row with a secret, sealed for the key that the row got; within the caller's transaction."""
    made = model.objects.create(**values)
    setattr(made, column, seal(secret, place_of(made, column)))
    made.save(update_fields=[column])
    return made
