"""``python -m kg`` is the command ``kg``."""

from kg.cli.commands import main

if __name__ == "__main__":
    raise SystemExit(main())
