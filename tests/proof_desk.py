"""A counter whose agreement names proofs and panels, and a person whom it has looked up."""

from __future__ import annotations

import pypdfium2
import zxingcpp
from django.test import Client

from canbao.registry.models import Partner
from cleaning_desk import number
from partner_desk import agreed, partner, with_key
from setting_desk import put_in
from signed_requests import System

ONE = number(1)
ORIGIN = "https://counter.example"
BY = {"officer": "王经办", "office": "祖庙窗口", "purpose": "counter"}


def people() -> None:
    """张三 of Foshan, who pays a pension there and has a medical cover in Guangzhou."""
    heads = "ssn,name,sex,hukou_address,residence_address,hukou_division_code,hukou_town_code,vital_status,mobile\n"
    put_in("440600", household=f"{heads}{ONE},张三,1,某路1号,某路1号,440604,440604012,1,\n")
    covers = f"{ONE},张三,emp_pension,1,2026-11-01,440604\n{ONE},张三,res_medical,1,,440104\n"
    put_in("440100", insurance=f"ssn,name,insurance_type,contrib_status,enrol_date,region_code\n{covers}")


def stranger() -> Client:
    """Somebody's browser, in which nobody has signed in."""
    return Client(SERVER_NAME="localhost")


def counter(**more: object) -> tuple[Partner, System]:
    """A partner with such an agreement, and its system."""
    made = partner()
    agreed(made, **{"panel_origins": [ORIGIN], **more})
    secret, key = with_key(made)
    return made, System(secret, key.key_id)


def looked_up(system: System) -> int:
    """Look 张三 up; the key of the person."""
    return system.post("persons/lookup", {"number": ONE, "name": "张三", **BY}).json()["person"]


def scanned(pdf: bytes, dots_an_inch: int = 140) -> str:
    """What the QR code says, read from a picture of the page: so coarse that 36 mm look as 25 mm do at 200 dots."""
    picture = pypdfium2.PdfDocument(pdf)[0].render(scale=dots_an_inch / 72).to_numpy()
    (found,) = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
    return found.text


def text_of(pdf: bytes) -> str:
    """The text of the pages, without blanks."""
    pages = (page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf))
    return "".join("".join(page.split()) for page in pages)
