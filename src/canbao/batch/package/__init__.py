"""The signed data package: what a city sends to the province (docs/decisions/0006-package.md)."""

from canbao.batch.package.checking import Inspection, inspect, verify
from canbao.batch.package.keys import make_recipient_key, make_signing_key
from canbao.batch.package.opening import Opened, open_package
from canbao.batch.package.refusal import PackageRefused
from canbao.batch.package.writing import pack

__all__ = [
    "Inspection",
    "Opened",
    "PackageRefused",
    "inspect",
    "make_recipient_key",
    "make_signing_key",
    "open_package",
    "pack",
    "verify",
]
