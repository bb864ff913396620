"""The command line's entry: what goes wrong becomes one Chinese line and an exit status."""

from __future__ import annotations

import logging
import os
import sys

from typer.exceptions import TyperException

from canbao_client.commands import application
from canbao_client.trouble import ClientTrouble

GIVEN, LATER, FAULT = 2, 75, 70
"""Exit statuses: something given is wrong, it may go well later, a fault of ours."""


def main() -> None:
    """Run `canbao-client`."""
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.INFO, stream=sys.stderr)
    sys.exit(_status())


def _status() -> int:
    try:
        return application(standalone_mode=False) or 0
    except ClientTrouble as trouble:
        return _say(trouble.says, LATER if trouble.passing else GIVEN)
    except TyperException as problem:
        if not str(problem):  # the help was asked for by saying nothing
            return GIVEN
        return _say(f"参数不对（{problem}）；用法见 canbao-client --help", GIVEN)
    except Exception as problem:
        if os.environ.get("CANBAO_DEBUG"):
            raise
        kind = type(problem).__name__
        return _say(f"程序自身出错（{kind}）；请设 CANBAO_DEBUG=1 再运行，去掉个人信息后报告", FAULT)


def _say(message: str, status: int) -> int:
    print(f"错误 {message}", file=sys.stderr)
    return status


if __name__ == "__main__":
    main()
