"""Who is asking: the signature, its key, its time, its body, and that it is used once; in this order.

What costs more comes later: a body is read only for those whose headers are signed, a nonce is kept only for what is
whole. Wrong signatures are counted by where they come from. Right ones never are: nobody is kept out by others.
"""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone
from ninja.security.base import AuthBase

from canbao.api.partners.asking import LONGEST, sent, unpacked
from canbao.api.partners.signatures import Proven, Unproven, proven
from canbao.law.exchange import read_exchange
from canbao.registry.access import Refused
from canbao.registry.models import Partner, PartnerKey
from canbao.registry.partner_nonces import use_nonce
from canbao.registry.partners import PartnerRefused, require_not_cut_off
from canbao.registry.throttle import begin_guess

UNSIGNED = "请求没有签名；请按接口说明（HTTP Message Signatures，RFC 9421）签名"
WRONG = "签名不对；请核对公钥是否登记且有效、签了哪些部分、内容摘要（Content-Digest）和随机数（nonce）"


class Signed(AuthBase):
    """A signed request; gives the partner. `request.body` is then what was sent, unpacked."""

    openapi_type = "apiKey"
    openapi_in = "header"
    openapi_name = "Signature"

    def __call__(self, request: HttpRequest) -> Partner:
        """The partner that asks; raises PartnerRefused, and TooManyGuesses for strangers who try too often."""
        said = _proven(request)
        partner = said.key.partner
        request.auth = partner  # type: ignore[attr-defined]  # what is refused from here on is written down as theirs
        _require_valid(said.key)
        _require_now(said)
        require_not_cut_off(partner)
        body = self._body(request, said)
        use_nonce(partner, said.nonce)
        # Django has no other way to be told what a body is that has been read; ninja and routes read it from there.
        request._body = body
        return partner

    def most(self) -> int:
        """How many bytes the body may have, as sent and unpacked."""
        return LONGEST

    def _body(self, request: HttpRequest, said: Proven) -> bytes:
        content = sent(request, self.most())
        if not said.is_of(content):
            raise PartnerRefused(401, "signature", WRONG)
        return unpacked(content, request.headers.get("Content-Encoding", "").strip().lower(), self.most())


class SignedPush(Signed):
    """A signed request that pushes rows."""

    def most(self) -> int:
        """As many as law says."""
        return read_exchange().batch_bytes


def _proven(request: HttpRequest) -> Proven:
    is_signed = "Signature" in request.headers and "Signature-Input" in request.headers
    try:
        if is_signed:
            return proven(request)
    except Unproven:
        pass
    begin_guess("signature", of="partners")
    raise PartnerRefused(401, *(("signature", WRONG) if is_signed else ("unsigned", UNSIGNED)))


def _require_valid(key: PartnerKey) -> None:
    """To whoever signs with a key that is withdrawn or over nothing more is said than to others; the log knows."""
    if key.withdrawn_at is not None:
        raise PartnerRefused(401, "signature", WRONG) from Refused(f"公钥 {key.key_id[:16]} 已停用")
    if key.valid_to < timezone.localdate():
        raise PartnerRefused(401, "signature", WRONG) from Refused(f"公钥 {key.key_id[:16]} 已于 {key.valid_to} 到期")


def _require_now(said: Proven) -> None:
    now, window = int(timezone.now().timestamp()), read_exchange().window_seconds
    if abs(now - said.created) > window:
        raise PartnerRefused(401, "clock", f"签名的时间与服务器相差超过 {window} 秒；请校准时钟后重新签名", now=now)
