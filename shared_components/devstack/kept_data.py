"""Where a private server keeps its data between runs, and the secrets that belong to them."""
from __future__ import annotations

import json
import os
import pwd
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

SECRETS = "kept.json"


class KeptFolder:
    """A folder that outlives its server. facts: made once, and the same at every later start."""

    def __init__(self, folder: Path, make: Callable[[], dict[str, Any]]) -> None:
        self.folder = folder.absolute()
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            self.facts: dict[str, Any] = json.loads((self.folder / SECRETS).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            self.facts = make()
            self.save()

    def save(self) -> None:
        draft = self.folder / f"{SECRETS}.draft"
        draft.unlink(missing_ok=True)
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(self.facts), encoding="utf-8")
        draft.replace(self.folder / SECRETS)


def reaches(user: str, folder: Path) -> bool:
    """Whether an account may enter a folder; an empty one is who we are."""
    folder.mkdir(parents=True, exist_ok=True)
    if not user:
        return os.access(folder, os.X_OK)
    account = pwd.getpwnam(user)
    done = subprocess.run(
        ["/bin/sh", "-c", 'cd "$0"', str(folder.absolute())], cwd="/", capture_output=True, user=account.pw_uid,
        group=account.pw_gid, extra_groups=[], check=False)
    return done.returncode == 0


def megabytes(folder: Path) -> float:
    """Give the size of a folder in MiB, without files that cannot be read or are removed while it counts."""
    total = 0
    for where, _, names in os.walk(folder):
        for name in names:
            try:
                total += (Path(where) / name).lstat().st_size
            except OSError:
                continue
    return total / 1_000_000
