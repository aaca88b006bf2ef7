"""Earlier versions of a contract, from git: the promises that were made before."""
from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

from shared_components.contracts.store import parse_contract


def promised_before(path: Path) -> dict[str, Any] | None:
    """The last committed contract that differs from the file: HEAD's, or the one before when the file is HEAD's.

    None without git, without a history, or for a file that was never committed otherwise.
    """
    current = path.read_text(encoding="utf-8") if path.exists() else ""
    listed = _git(path, "log", "-n", "2", "--format=%H", "--", path.name)
    for commit in (listed or "").split():
        text = _git(path, "show", f"{commit}:./{path.name}")
        if text is not None and text != current:
            return parse_contract(text, f"{path.name} at {commit[:12]}")
    return None


def _git(path: Path, *arguments: str) -> str | None:
    try:
        ran = subprocess.run(
            ["git", "-C", str(path.parent), *arguments], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return ran.stdout if ran.returncode == 0 else None
