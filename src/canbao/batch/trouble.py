"""What can stop a run: something that can't be read, or no room to work in."""

from __future__ import annotations

ROOM_REMEDY = "请腾出磁盘空间或内存（--memory 可限制内存用量）后再运行；原有结果没有变动"


class SourceTrouble(Exception):
    """The configuration or a source can't be read; names the place, what is wrong there, and what to do about it."""

    exit_status = 2

    def __init__(self, place: str, problem: str, remedy: str) -> None:
        super().__init__(place, problem, remedy)
        self.place, self.problem, self.remedy = place, problem, remedy

    def __str__(self) -> str:
        return f"{self.place}：{self.problem}；{self.remedy}"


class OutOfRoom(Exception):
    """Memory or disk is at an end; what was there before has not been touched."""

    exit_status = 3

    def __init__(self, problem: str, remedy: str = ROOM_REMEDY) -> None:
        super().__init__(problem, remedy)
        self.problem, self.remedy = problem, remedy

    def __str__(self) -> str:
        return f"{self.problem}；{self.remedy}"
