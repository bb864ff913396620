"""Another system to try out: its key, an agreement that two officers have decided, and its page of configuration."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from django.utils import timezone

from canbao.core.covers import SLUGS
from canbao.law.exchange import read_exchange
from canbao.registry.actions import requests
from canbao.registry.actions.agreements import Terms, ask_agreement
from canbao.registry.actions.papers import File
from canbao.registry.actions.partner_keys import add_key
from canbao.registry.actions.partners import open_partner
from canbao.registry.models import Officer, Partner

CODE = "demo-insurance"
PAGE = """# 演示：佛山的一个业务系统。往 business.db 的 cover 表里写一行，再运行
# ./run client push {folder}/page.yaml --once
server: {address}
key: partner.pem
outbox: outbox.db
database: sqlite:///{folder}/business.db
rows:
  - name: 养老
    source: insurance
    query: SELECT * FROM cover WHERE changed >= :watermark ORDER BY changed
    watermark: {{column: changed, format: "%Y-%m-%d %H:%M:%S", begin: "2026-01-01"}}
    keys: [id]
    at: {{column: changed, format: "%Y-%m-%d %H:%M:%S"}}
    columns: {{ssn: ssn, name: name, insurance_type: type, contrib_status: status, region_code: place}}
"""
TABLE = "CREATE TABLE cover (id INTEGER PRIMARY KEY, ssn, name, type, status, place, changed)"


def furnish_partner(folder: Path, address: str, *, by: Officer, second: Officer, security: Officer) -> None:
    """Make a partner of Foshan that may do everything, once; its files are in `folder`."""
    if Partner.objects.filter(code=CODE).exists():
        return
    contact = "演示 0757-12345678"
    made = open_partner(
        code=CODE, label="演示业务系统", kind="insurance", division_code="440600", contact=contact, area="4406", by=by
    )
    public = _write(folder, address)
    today = timezone.localdate()
    add_key(partner=made, public_key=public, valid_to=today + timedelta(days=365), by=security)
    paper = File("协议", b"%PDF-1.7 demonstration")
    asked = ask_agreement(partner=made, terms=_terms(contact), reason="演示用的共享协议", papers=[paper], by=by)
    requests.approve(request=asked, by=second)


def _terms(contact: str) -> Terms:
    law, today = read_exchange(), timezone.localdate()
    system = law.system("insurance")
    assert system is not None
    return Terms(
        number="演示协议一号", purpose="演示动态更新和窗口联动", confidentiality="演示数据都是编造的", contact=contact,
        area="4406", services=[one.id for one in law.services], rows=list(system.rows), insurance_types=list(SLUGS),
        items_in=list(system.items), shown=[one.id for one in law.shown], valid_from=today,
        valid_to=today + timedelta(days=365), rows_a_day=1_000_000, people_a_day=1_000, requests_a_minute=600,
        panel_origins=["https://127.0.0.1"],
    )  # fmt: skip


def _write(folder: Path, address: str) -> str:
    """Write the secret key, the page and an empty business database; gives the public key."""
    folder.mkdir(parents=True, exist_ok=True)
    secret = Ed25519PrivateKey.generate()
    file = folder / "partner.pem"
    file.write_bytes(secret.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    file.chmod(0o600)
    (folder / "page.yaml").write_text(PAGE.format(folder=folder, address=address), encoding="utf-8")
    with sqlite3.connect(folder / "business.db") as data:
        data.execute(TABLE)
    data.close()
    return secret.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
