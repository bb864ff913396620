"""Signatures that partners have used: each works once."""

from __future__ import annotations

from django.db import connection, transaction

from canbao.law.exchange import read_exchange
from canbao.registry.models import Partner
from canbao.registry.partners import PartnerRefused

_USE = "INSERT INTO partner_nonce (partner_id, nonce) VALUES (%s, %s) ON CONFLICT DO NOTHING"
_FORGET = "DELETE FROM partner_nonce WHERE used_at < now() - make_interval(secs => %s)"


def use_nonce(partner: Partner, nonce: str) -> None:
    """Use a nonce up, for good and before anything is done; raises PartnerRefused for one that has been used.

    Of two requests at the same moment one waits for the other, and is refused.
    """
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(_USE, [partner.pk, nonce])
        is_fresh = cursor.rowcount == 1
    if not is_fresh:
        raise PartnerRefused(401, "replayed", "这个请求已经来过；请换一个随机数（nonce）重新签名")


def forget_old_nonces() -> int:
    """Delete nonces whose signatures would be too old by now; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, [read_exchange().nonce_seconds])
        return int(cursor.rowcount)
