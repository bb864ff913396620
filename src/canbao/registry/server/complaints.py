"""What PostgreSQL's programs say when they fail (English, `LC_ALL=C`), as a trouble in Chinese."""

from __future__ import annotations

from pathlib import Path

from canbao.registry.server.trouble import ServerOutOfRoom, ServerTrouble

LONGEST = 300
GRAVE = ("PANIC:", "FATAL:", "error:", "ERROR:")
ROOM = ("No space left on device", "Disk quota exceeded")
KNOWN = {
    "Cannot allocate memory": ("内存不够", "请腾出内存后再启动", ServerOutOfRoom),
    "database files are incompatible": ("数据文件夹是另一个版本的 PostgreSQL 建的", "请安装那个版本", ServerTrouble),
    "is too long (maximum": ("套接字路径太长", "请用 CANBAO_STATE 另指一个路径较短的文件夹", ServerTrouble),
    "could not create any Unix-domain sockets": ("套接字建不了", "请核对套接字文件夹的权限", ServerTrouble),
    "invalid permissions": ("文件夹的权限不对，别人也能进入", "请执行 chmod 700", ServerTrouble),
    "Permission denied": ("没有权限", "请核对文件夹的所有者和权限", ServerTrouble),
    "could not locate a valid checkpoint": ("数据文件夹损坏", "请从备份恢复：canbao restore", ServerTrouble),
    "shared memory block": ("上一个 PostgreSQL 的进程还没有结束", "请稍候再启动", ServerTrouble),
}


def complaint(place: Path, log: Path, said: str) -> ServerTrouble:
    """The trouble at `place` that a program's words speak of; of unknown ones the gravest line is quoted."""
    if any(words in said for words in ROOM):
        return ServerOutOfRoom(str(place), "磁盘空间用完了", "请腾出空间后再启动，已有的数据没有变动")
    for words, (problem, remedy, kind) in KNOWN.items():
        if words in said:
            return kind(str(place), problem, remedy)
    quoted = _gravest([line.strip() for line in said.splitlines() if line.strip()])
    return ServerTrouble(str(place), f"PostgreSQL 启动不了（{quoted[:LONGEST]}）", f"请查看日志 {log}")


def _gravest(lines: list[str]) -> str:
    for mark in GRAVE:
        for line in lines:
            if mark in line:
                return line
    return lines[-1] if lines else "没有说明原因"
