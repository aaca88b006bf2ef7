"""The `zhongtai` command."""
from __future__ import annotations

import logging
import sys
import warnings

from shared_components.cli.green import patch_for

# Said to whoever wrote the code, not to whoever runs it.
warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")

# Before anything else is imported: what has bound a socket or a lock by then stays unpatched.
if __name__ == "__main__" or sys.argv[0].endswith("zhongtai"):
    patch_for(sys.argv[1:])


def main() -> None:
    from shared_components.cli.app import run_command

    # A command says in its own line what went wrong; those that run services set up their log instead.
    logging.getLogger().addHandler(logging.NullHandler())
    sys.exit(run_command(sys.argv[1:]))


if __name__ == "__main__":
    main()
