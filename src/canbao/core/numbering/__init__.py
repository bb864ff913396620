"""Numbers: each kind is its own type that checks itself when made; `judge` finds the kind of a written number."""

from canbao.core.numbering.credit_code import CreditCode
from canbao.core.numbering.finding import Finding, NumberError
from canbao.core.numbering.foreign import ForeignNumber, PermanentResidentNumber
from canbao.core.numbering.hmt import HongKongMacaoTaiwanNumber
from canbao.core.numbering.overseas import OverseasChineseNumber
from canbao.core.numbering.resident import PROVINCE_PREFIXES, ResidentNumber, upgrade
from canbao.core.numbering.temporary import TemporaryNumber

__all__ = [
    "PROVINCE_PREFIXES",
    "CreditCode",
    "Finding",
    "ForeignNumber",
    "HongKongMacaoTaiwanNumber",
    "NumberError",
    "OverseasChineseNumber",
    "PermanentResidentNumber",
    "ResidentNumber",
    "TemporaryNumber",
    "upgrade",
]
