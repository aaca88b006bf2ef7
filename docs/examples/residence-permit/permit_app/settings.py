"""Where the platform is, and as which apps this program calls it. `prepare.py` writes the file."""
from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self


@dataclass(frozen=True)
class AppKey:
    """An app of the platform's directory: its name is the client_id, its key is the client's secret."""

    client_id: str
    key: str


@dataclass(frozen=True)
class Settings:
    """platform: address of the gateway. address: where browsers find this program."""

    platform: str
    address: str
    citizen: AppKey
    desk: AppKey
    shop: AppKey
    matter_code: str
    licence_type: str

    @classmethod
    def read(cls, path: Path) -> Self:
        """Raises SystemExit, in one line, where the file is missing or is none of `prepare.py`."""
        try:
            data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            return cls(
                platform=data["platform"], address=data["address"], matter_code=data["matter_code"],
                licence_type=data["licence_type"],
                **{name: AppKey(**data[name]) for name in ("citizen", "desk", "shop")})
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise SystemExit(f"settings '{path}' cannot be read ({error}); python prepare.py writes them") from error
