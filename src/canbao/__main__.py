"""The command line's entry: wires, never decides."""

import sys


def main() -> None:
    """Run the `canbao` command."""
    from canbao.commands import main as run

    sys.exit(run())


if __name__ == "__main__":
    main()
