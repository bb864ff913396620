"""How a package is refused."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from canbao.batch.trouble import SourceTrouble


class PackageFault(ValueError):
    """One thing that is wrong with a package, said in Chinese; reading stops there."""


class PackageRefused(SourceTrouble):
    """A package that must not be used; `faults` says everything that is wrong with it."""

    def __init__(self, package: Path, faults: Sequence[str]) -> None:
        super().__init__(str(package), "数据包不合格：" + "；".join(faults), "请退回报送单位，用 canbao pack 重新打包")
        self.faults = tuple(faults)
