"""The keys that sign proofs: made when first needed, sealed like every secret of the installation, rotated by id."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.db import connection, transaction
from django.utils import timezone

from canbao.registry.access import Refused
from canbao.registry.audit import Entry, append
from canbao.registry.models import ProofKey
from canbao.registry.models.proving import create_sealed, place_of
from canbao.registry.proofs.published import key_id_of
from canbao.registry.secrets.envelope import opened

LOCK = 0x70726F6F
"""The advisory lock of whoever makes a key."""


def signing_key() -> tuple[str, Ed25519PrivateKey]:
    """The id and the secret of the key that signs now; makes the first one. Within the caller's transaction.

    Raises SecretLost if it can't be opened.
    """
    kept = _newest() or _first()
    return kept.key_id, Ed25519PrivateKey.from_private_bytes(
        opened(kept.sealed_secret, place_of(kept, "sealed_secret"))
    )


def public_keys() -> list[Ed25519PublicKey]:
    """All keys whose proofs are to be believed, the newest first."""
    kept = ProofKey.objects.filter(withdrawn_at=None).order_by("-pk")
    return [Ed25519PublicKey.from_public_bytes(bytes.fromhex(one.public_key)) for one in kept]


def rotate() -> str:
    """Make a new key that signs from now on; gives its id. What earlier ones have signed stays good."""
    with transaction.atomic():
        key_id = _made().key_id
        _write("proof_key.rotate", key_id)
    return key_id


def withdraw(key_id: str) -> None:
    """Publish a key no longer: nothing that it has signed is believed from then on. Raises Refused for none such."""
    with transaction.atomic():
        if not ProofKey.objects.filter(key_id=key_id, withdrawn_at=None).update(withdrawn_at=timezone.now()):
            raise Refused(f"没有正在公布的密钥 {key_id}")
        _write("proof_key.withdraw", key_id)


def _newest() -> ProofKey | None:
    return ProofKey.objects.filter(withdrawn_at=None).order_by("-pk").first()


def _first() -> ProofKey:
    """The first key; of two who need one at once, one makes it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    return _newest() or _made()


def _made() -> ProofKey:
    secret = Ed25519PrivateKey.generate()
    public = secret.public_key()
    return create_sealed(
        ProofKey, "sealed_secret", secret.private_bytes_raw(), key_id=key_id_of(public),
        public_key=public.public_bytes_raw().hex(),
    )  # fmt: skip


def _write(action: str, key_id: str) -> None:
    with connection.cursor() as cursor:
        append(cursor, Entry(action=action, person_name="命令行", details={"key": key_id}))
