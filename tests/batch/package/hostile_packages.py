"""Packages that must be refused, one for each way in which an archive can lie."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence

from canbao.batch.package.layout import CENTRAL, LOCAL, Stored, central_record, directory, local_header
from canbao.batch.package.manifest import ORDER

Content = tuple[bytes, bytes]


def contents(package: bytes) -> list[Content]:
    """Names and contents of a good package."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return [(name.encode(), archive.read(name)) for name in archive.namelist()]


def archive(members: Sequence[Content]) -> bytes:
    """An archive in our layout, whatever its members are called and hold."""
    stored, body = placed(members), b""
    for member, (_, content) in zip(stored, members, strict=True):
        body += local_header(member) + content
    return body + directory(stored)


def placed(members: Sequence[Content]) -> list[Stored]:
    """Where `archive` would put the members."""
    stored: list[Stored] = []
    for name, content in members:
        stored.append(Stored(name, len(content), zlib.crc32(content), stored[-1].end if stored else 0))
    return stored


def with_name(name: bytes) -> Callable[[bytes], bytes]:
    """The first table under another name."""
    return lambda good: archive([(name if old == b"persons.parquet" else old, piece) for old, piece in contents(good)])


def with_extra(name: bytes, content: bytes = b"x") -> Callable[[bytes], bytes]:
    """One more member at the end."""
    return lambda good: archive([*contents(good), (name, content)])


def with_field(field: int, value: int, central: bool = False, member: int = 2) -> Callable[[bytes], bytes]:
    """One field of a header changed: its number in the structure, in the local header or in the central directory."""

    def change(good: bytes) -> bytes:
        stored = placed(contents(good))
        layout, start = (CENTRAL, _central(stored, member)) if central else (LOCAL, stored[member].offset)
        fields = list(layout.unpack_from(good, start))
        fields[field] = value
        return good[:start] + layout.pack(*fields) + good[start + layout.size :]

    return change


def _central(stored: list[Stored], member: int) -> int:
    return stored[-1].end + sum(len(central_record(entry)) for entry in stored[:member])


def with_bytes(old: bytes, new: bytes, last: bool = False) -> Callable[[bytes], bytes]:
    """Some bytes replaced where they first or last occur."""

    def change(good: bytes) -> bytes:
        at = good.rfind(old) if last else good.find(old)
        assert at >= 0
        return good[:at] + new + good[at + len(old) :]

    return change


def squeezed(good: bytes) -> bytes:
    """As a common program would pack it again."""
    return zipped([(name.decode(), content) for name, content in contents(good)])


def zipped(members: Sequence[tuple[str, bytes]]) -> bytes:
    """An archive by Python's zipfile, compressed."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members:
            made.writestr(name, content)
    return target.getvalue()


def bomb(good: bytes) -> bytes:
    """A table of 256 MiB of zeros in 256 KiB."""
    return zipped(
        [*((name.decode(), content) for name, content in contents(good)[:2]), ("persons.parquet", bytes(1 << 28))]
    )


def nested_bomb(good: bytes) -> bytes:
    """Archives in archives, each one many times larger inside."""
    inner = zipped([("a", bytes(1 << 26))])
    for _ in range(3):
        inner = zipped([(f"{number}.zip", inner) for number in range(16)])
    return archive([(name, inner if name == b"persons.parquet" else piece) for name, piece in contents(good)])


def quoted_overlap(good: bytes) -> bytes:
    """Each table's content is the next one's header and content, so that all share one kernel at the end."""
    members = contents(good)
    body, quoted = b"", []
    for name, _ in reversed(members[2:]):
        quoted.insert(0, Stored(name, len(body), zlib.crc32(body), 0))
        body = local_header(quoted[0]) + body
    stored, start = placed(members[:2]), placed(members)[2].offset
    for entry in quoted:
        stored.append(Stored(entry.name, entry.size, entry.crc, start))
        start += len(local_header(entry))
    return good[: stored[2].offset] + body + directory(stored)


def overlapping_directory(good: bytes) -> bytes:
    """The central directory sends a second member to the first one's place."""
    stored = placed(contents(good))
    first = stored[2].offset.to_bytes(8, "little")
    start = _central(stored, 4) - 8
    return good[:start] + first + good[start + 8 :]


def million_entries(good: bytes) -> bytes:
    """A million empty members of one name."""
    name = b"persons.parquet"
    head = local_header(Stored(name, 0, 0, 0))
    record = central_record(Stored(name, 0, 0, 0))
    return (
        b"".join(local_header(entry) + piece for entry, (_, piece) in first_two(good)) + head * 10**6 + record * 10**6
    )


def first_two(good: bytes) -> Iterator[tuple[Stored, Content]]:
    """Manifest and signature with their places."""
    members = contents(good)[:2]
    return zip(placed(members), members, strict=True)


def announced(size: int) -> Callable[[bytes], bytes]:
    """The first table says that it has `size` bytes, in both places."""

    def change(good: bytes) -> bytes:
        members = contents(good)
        stored = placed(members)
        lying = [Stored(entry.name, size if place == 2 else entry.size, entry.crc, entry.offset)
                 for place, entry in enumerate(stored)]  # fmt: skip
        body = b"".join(local_header(entry) + piece for entry, (_, piece) in zip(lying, members, strict=True))
        return body + directory(lying)

    return change


def second_directory(good: bytes) -> bytes:
    """Another archive after the first, as a program that searches from the end would see it."""
    return good + archive([(b"persons.parquet", b"other")])


def end_comment(good: bytes) -> bytes:
    """A comment, which some programs skip and others search."""
    return good[:-2] + struct.pack("<H", 5) + b"hello"


SYMLINK, FOLDER, REGULAR = 0o120777 << 16, 0o40755 << 16 | 0x10, 0o100600 << 16
UNIX_EXTERNAL = 15

HOSTILE: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "absolute": (with_name(b"/etc/passwd"), "绝对路径"),
    "absolute-like-ours": (with_name(b"/persons.parquet"), "绝对路径"),
    "parent": (with_name(b"../persons.parquet"), r"\.\."),
    "parent-deep": (with_name(b"a/../../persons.parquet"), r"\.\."),
    "sibling-prefix": (with_name(b"../OUT-not/persons.parquet"), r"\.\."),
    "folder-inside": (with_name(b"a/persons.parquet"), "文件夹"),
    "dot-folder": (with_name(b"./persons.parquet"), "文件夹"),
    "folder": (with_name(b"persons.parquet/"), "文件夹"),
    "backslash": (with_name(b"a\\persons.parquet"), "反斜杠"),
    "network-share": (with_name(b"\\\\host\\persons.parquet"), "绝对路径"),
    "drive": (with_name(b"C:persons.parquet"), "盘符"),
    "stream": (with_name(b"persons.parquet:x"), "冒号"),
    "nul": (with_name(b"persons.parquet\0.exe"), "NUL"),
    "newline": (with_name(b"persons.parquet\n"), "控制字符"),
    "long": (with_name(b"p" * 65), "过长"),
    "longest": (with_name(b"p" * 65535), "过长"),
    "empty-name": (with_name(b""), "空的"),
    "not-utf-8": (with_name(b"persons\xff.parquet"), "成员"),
    "upper-case": (with_name(b"PERSONS.parquet"), "大小写或字形"),
    "full-width": (with_name("ｐersons.parquet".encode()), "大小写或字形"),
    "kelvin-like": (with_name("perſons.parquet".encode()), "大小写或字形"),
    "zero-width": (with_name("per\u200bsons.parquet".encode()), "大小写或字形"),
    "right-to-left": (with_name("\u202epersons.parquet".encode()), "大小写或字形"),
    "trailing-dot": (with_name(b"persons.parquet."), "大小写或字形"),
    "trailing-blank": (with_name(b"persons.parquet "), "大小写或字形"),
    "stranger": (with_extra(b"run.sh"), "不在规定"),
    "markup": (with_name(b"[red]x[/red]"), r"u005b"),
    "nested-archive": (with_extra(b"inner.zip", archive([(b"a", b"b")])), "不在规定"),
    "twice": (with_extra(b"persons.parquet"), "两次"),
    "twice-by-case": (with_extra(b"Persons.Parquet"), "大小写或字形"),
    "twice-by-form": (with_extra("persons．parquet".encode()), "大小写或字形"),
    "other-order": (lambda good: archive(contents(good)[::-1]), "次序"),
    "manifest-later": (lambda good: archive([contents(good)[1], contents(good)[0], *contents(good)[2:]]), "次序"),
    "zip-password": (with_field(2, 0x1), "口令加密"),
    "zip-password-central": (with_field(3, 0x1, central=True), "口令加密"),
    "size-after-content": (with_field(2, 0x8), "之后"),
    "utf-8-flag": (with_field(2, 0x800), "标志"),
    "strong-encryption": (with_field(2, 0x40), "标志"),
    "deflated": (with_field(3, 8), "压缩方式 8"),
    "unknown-compression": (with_field(3, 99), "压缩方式 99"),
    "unknown-compression-central": (with_field(4, 99, central=True), "不一致"),
    "version": (with_field(1, 63), "规定的写法"),
    "other-time": (with_field(5, 1), "规定的写法"),
    "checksum": (with_field(6, 1), "CRC-32"),
    "checksum-central": (with_field(7, 1, central=True), "不一致"),
    "sizes-outside-extra": (with_field(7, 5), "规定的写法"),
    "more-extra-fields": (with_field(10, 24), "附加字段"),
    "symlink": (with_field(UNIX_EXTERNAL, SYMLINK, central=True), "符号链接"),
    "folder-by-mode": (with_field(UNIX_EXTERNAL, FOLDER, central=True), "是文件夹"),
    "device": (with_field(UNIX_EXTERNAL, 0o60600 << 16, central=True), "普通文件"),
    "set-user-id": (with_field(UNIX_EXTERNAL, 0o104755 << 16, central=True), "普通文件"),
    "other-name-central": (with_bytes(b"persons.parquet", b"persons.parqueT", last=True), "中央目录里的名称"),
    "other-disk": (with_field(13, 1, central=True), "不一致"),
    "central-comment": (with_field(12, 1, central=True), "不一致"),
    "overlap": (overlapping_directory, "重叠"),
    "quoted-overlap": (quoted_overlap, "中央目录"),
    "prefix": (lambda good: b"MZ" + good, "开头不是"),
    "prefix-script": (lambda good: b"#!/bin/sh\n" + good, "开头不是"),
    "suffix": (lambda good: good + b"\0", "多出 1 字节"),
    "second-archive": (second_directory, "多出"),
    "end-comment": (end_comment, "结尾记录"),
    "gap": (lambda good: good[: (at := placed(contents(good))[3].offset)] + b"gap!" + good[at:], "不属于任何成员"),
    "empty": (lambda good: b"", "不全"),
    "empty-archive": (lambda good: directory([]), "开头不是"),
    "text": (lambda good: b"hello, world", "开头不是"),
    "tar": (lambda good: b"manifest.json".ljust(512, b"\0") * 4, "开头不是"),
    "false-age": (lambda good: b"age-encryption.org/v1\n" + good, "开头不是规定"),
    "repacked": (squeezed, "不收|附加字段|之后"),
    "bomb": (bomb, "不收|附加字段|之后"),
    "nested-bomb": (nested_bomb, "persons"),
    "million-entries": (million_entries, "persons|两次"),
    "announces-little": (announced(1), "CRC-32"),
    "announces-much": (announced(1 << 62), "上限"),
    "announces-most": (announced((1 << 64) - 1), "上限"),
    "directory-alone": (lambda good: directory(placed(contents(good))), "开头不是"),
    "no-directory": (lambda good: good[: placed(contents(good))[-1].end], "截断"),
    "member-missing-in-directory": (
        lambda good: good.replace(central_record(placed(contents(good))[-1]), b""),
        "不全|规定|不一致",
    ),
    **{
        f"without-{name}": (
            lambda good, name=name: archive([(old, piece) for old, piece in contents(good) if old != name.encode()]),
            "缺少成员",
        )
        for name in ORDER
    },
}
