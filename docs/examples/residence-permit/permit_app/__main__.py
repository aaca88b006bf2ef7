"""`python -m permit_app [settings.json]` serves the app where the settings say."""
from __future__ import annotations

import sys
from pathlib import Path
from urllib.parse import urlsplit

import uvicorn

from permit_app.app import make_app
from permit_app.settings import Settings


def main() -> None:
    settings = Settings.read(Path(sys.argv[1] if len(sys.argv) > 1 else "settings.json"))
    where = urlsplit(settings.address)
    sys.stdout.write(f"{settings.address}/\n")
    sys.stdout.flush()
    uvicorn.run(make_app(settings), host=where.hostname or "127.0.0.1", port=where.port or 80, log_level="warning")


if __name__ == "__main__":
    main()
