"""Packages of npm for judges in tests: what a package-lock.json pins, installed below build/ once."""
from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest

BUILD = Path(__file__).parents[1] / "build" / "npm"
FILES = ("package.json", "package-lock.json")
TIMEOUT_S = 300


def node_modules(folder: Path) -> Path:
    """The folder node_modules of this package-lock.json. Skips the test, in one line, where npm cannot install it."""
    if shutil.which("npm") is None:
        pytest.skip("npm is not found; Debian: apt-get install npm")
    digest = hashlib.sha256(b"".join((folder / name).read_bytes() for name in FILES)).hexdigest()[:16]
    place = BUILD / digest
    place.mkdir(parents=True, exist_ok=True)
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (place / "installed").exists():
            _install(folder, place)
    return place / "node_modules"


def _install(folder: Path, place: Path) -> None:
    for name in FILES:
        shutil.copy(folder / name, place / name)
    done = subprocess.run(
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=place, capture_output=True, text=True,
        timeout=TIMEOUT_S)
    if done.returncode != 0:
        pytest.skip(f"npm ci failed: {done.stderr.strip()[-200:]}")
    (place / "installed").touch()
