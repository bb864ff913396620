"""The command line's entry: wires, never decides."""


def main() -> None:
    """Run the `canbao` command."""
    from canbao.commands import application

    application()


if __name__ == "__main__":
    main()
