"""`python -m tests.faults.old_version FILE`: write a tar of the old version, for a clone without history."""
from __future__ import annotations

import sys
from pathlib import Path

from tests.faults.old_version import NoOldVersion, make_tar


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m tests.faults.old_version FILE\n")
        return 2
    try:
        make_tar(Path(arguments[0]))
    except NoOldVersion as reason:
        sys.stderr.write(f"{reason}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
