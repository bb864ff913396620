"""manifest.json: what a package says of itself; the only thing that is signed, and all else hangs from its digests."""

from __future__ import annotations

import base64
import json
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from canbao.batch.package.refusal import PackageFault

FORMAT = "canbao-package"
SCHEMA = 1
MANIFEST, SIGNATURE = "manifest.json", "signature"
TABLES = tuple(f"{name}.parquet" for name in ("persons", "insurances", "evidence", "findings", "conflicts", "survey"))
SUMMARY, REPORT = "summary.json", "report.html"
CONTENTS = (*TABLES, SUMMARY, REPORT)
"""Members besides manifest and signature, in the order in which they lie in the package; the report may be absent."""
ORDER = (MANIFEST, SIGNATURE, *CONTENTS)
LIMITS = {MANIFEST: 64 << 10, SIGNATURE: 64, SUMMARY: 16 << 20, REPORT: 64 << 20}
"""The most bytes that a member may have; a table is bounded by the package, since nothing is compressed again."""

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Signer(_Strict):
    """Who signed: the raw Ed25519 public key in Base64 and the SHA-256 of its SubjectPublicKeyInfo in DER."""

    public_key: Annotated[str, Field(max_length=44)]
    fingerprint: Digest

    @field_validator("public_key")
    @classmethod
    def _is_a_key(cls, value: str) -> str:
        if len(base64.b64decode(value, validate=True)) != 32:
            raise ValueError("32 bytes")
        return value

    @property
    def raw_key(self) -> bytes:
        """The public key's 32 bytes."""
        return base64.b64decode(self.public_key)


class Member(_Strict):
    """One file of the package; `rows` is for tables alone."""

    name: str
    bytes: Annotated[int, Field(ge=0, lt=2**63)]
    rows: Annotated[int, Field(ge=0, lt=2**63)] | None
    sha256: Digest

    @model_validator(mode="after")
    def _only_tables_have_rows(self) -> Member:
        if (self.name in TABLES) != (self.rows is not None):
            raise ValueError("rows")
        return self


class Manifest(_Strict):
    """What a package says of itself; its bytes are canonical, so that one content has one signature."""

    format: Literal["canbao-package"]
    schema_: Literal[1] = Field(alias="schema")
    division: Annotated[str, Field(pattern=r"^\d{6}$")]
    as_of: date
    profile: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
    serial: Annotated[int, Field(ge=1, lt=10**9)]
    made_by: Annotated[str, Field(pattern=r"^[ -~]{1,64}$")]
    signer: Signer
    members: tuple[Member, ...]

    @field_validator("members")
    @classmethod
    def _are_complete(cls, members: tuple[Member, ...]) -> tuple[Member, ...]:
        names = tuple(member.name for member in members)
        if names not in (CONTENTS, CONTENTS[:-1]):
            raise ValueError("members")
        return members

    @property
    def file_name(self) -> str:
        """`<division>-<as_of>-<serial>.canbao`, the day as YYYYMMDD, the serial with at least three digits."""
        return f"{self.division}-{self.as_of:%Y%m%d}-{self.serial:03}.canbao"

    def to_bytes(self) -> bytes:
        """The exact bytes that are stored and signed: UTF-8 JSON, keys in the order above."""
        content = self.model_dump(mode="json", by_alias=True)
        return (json.dumps(content, ensure_ascii=True, indent=1) + "\n").encode("ascii")


def read_manifest(raw: bytes) -> Manifest:
    """The manifest in `raw`.

    Raises PackageFault if it is not one, is of a newer schema than this program knows, or is written in another way
    than `to_bytes` writes it (a key given twice, say, which two readers could understand differently).
    """
    _refuse_strangers(_json(raw))
    try:
        manifest = Manifest.model_validate_json(raw)
    except ValidationError as problem:
        wrong = "、".join(sorted({".".join(map(str, error["loc"][:3])) for error in problem.errors()}))
        raise PackageFault(f"{MANIFEST}：{_shortened(wrong)} 缺失或不合规定；请用 canbao pack 重新打包") from problem
    if manifest.to_bytes() != raw:
        raise PackageFault(f"{MANIFEST}：不是规定的写法（例如同一个键写了两次）；请用 canbao pack 重新打包")
    return manifest


def _json(raw: bytes) -> Any:
    try:
        return json.loads(raw.decode("ascii"))
    except (ValueError, RecursionError) as problem:
        raise PackageFault(f"{MANIFEST}：不是可读的 JSON；包已损坏，请重新打包") from problem


def _refuse_strangers(content: Any) -> None:
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise PackageFault(f"{MANIFEST}：format 不是 {FORMAT}，这不是参保数据包")
    schema = content.get("schema")
    if type(schema) is int and schema > SCHEMA:
        raise PackageFault(
            f"{MANIFEST}：包的格式版本是 {_shortened(str(schema))}，本程序只认识到 {SCHEMA}；请升级 canbao 后再试"
        )


def _shortened(text: str) -> str:
    kept = "".join(character for character in text if character.isalnum() or character in "._、-")
    return kept if len(kept) <= 120 else kept[:120] + "…"
