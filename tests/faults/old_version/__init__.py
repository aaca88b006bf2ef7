"""Code of the version before this release, taken from the repository's history.

Without history (a shallow clone, an archive) a tar that was made elsewhere serves: `python -m tests.faults.old_version
FILE` makes one, and ZHONGTAI_OLD_VERSION names it. Source: docs/adr/059-old-and-new-processes-side-by-side.md
"""
from __future__ import annotations

import os
import subprocess
import tarfile
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[3]
COMMIT = "aa00c0deed6fed5d469b50149b0cdac2d27e0b71"
"""The last commit before persons, tickets and the directory."""
PARTS = ("services", "shared_components", "deploy")
VARIABLE = "ZHONGTAI_OLD_VERSION"


class NoOldVersion(Exception):
    """Neither the history nor a tar has the old version; the text says why."""


def unpack(folder: Path, environ: Mapping[str, str] = os.environ) -> Path:
    """Write the old version's code into a folder; gives the folder. Raises NoOldVersion."""
    tar = environ.get(VARIABLE)
    if tar and not Path(tar).is_file():
        raise NoOldVersion(f"{VARIABLE} is '{tar}', which is not a file")
    made = Path(tar) if tar else make_tar(folder / "old-version.tar")
    with tarfile.open(made) as archive:
        archive.extractall(folder / "tree", filter="data")
    return folder / "tree"


def make_tar(file: Path) -> Path:
    """Write a tar of the old version's code. Raises NoOldVersion when the history does not reach so far."""
    file.parent.mkdir(parents=True, exist_ok=True)
    _git("archive", f"--output={file.resolve()}", COMMIT, *PARTS)
    return file


def _git(*arguments: str) -> None:
    try:
        done = subprocess.run(
            ["git", "-C", str(ROOT), *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise NoOldVersion("git is not installed, so the history cannot be read") from None
    if done.returncode:
        said = "".join(done.stderr.strip().splitlines()[-1:])
        raise NoOldVersion(f"git {arguments[0]} said '{said}'; fetch the history, or name a tar in {VARIABLE}")
