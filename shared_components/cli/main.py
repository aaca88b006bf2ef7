"""The `zhongtai` command."""
from __future__ import annotations

import logging
import sys

from shared_components.cli.green import patch_for
from shared_components.cli.interrupt import end_at_once, raise_again

# Before anything else is imported: what has bound a socket or a lock by then stays unpatched.
IS_COMMAND = __name__ == "__main__" or sys.argv[0].endswith("zhongtai")
if IS_COMMAND:
    end_at_once()
    patch_for(sys.argv[1:])


def main() -> None:
    from shared_components.cli.app import run_command

    # A command says in its own line what went wrong; those that run services set up their log instead.
    logging.getLogger().addHandler(logging.NullHandler())
    if IS_COMMAND:
        raise_again()
    sys.exit(run_command(sys.argv[1:]))


if __name__ == "__main__":
    main()
