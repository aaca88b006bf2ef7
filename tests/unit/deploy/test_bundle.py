"""The offline bundle: every locked package is asked for by its hashes, and the checksums name each file."""
from __future__ import annotations

import subprocess
from pathlib import Path

from shared_components.devstack import bundle


def test_every_locked_package_that_is_not_built_here_is_downloaded_by_hash() -> None:
    entries = bundle._entries(have={"nameko"})
    names = {entry.partition("==")[0] for entry in entries}
    assert {"cryptography", "setuptools", "cronsim"} <= names and "nameko" not in names
    assert all("--hash=sha256:" in entry and not entry.rstrip().endswith("\\") and "# via" not in entry
               for entry in entries)


def test_the_checksums_are_those_that_sha256sum_reads(tmp_path: Path) -> None:
    (tmp_path / "wheels").mkdir()
    for name in ("wheels/a.whl", "LICENSE"):
        (tmp_path / name).write_text(name)
    bundle._write_checksums(tmp_path)
    check = ["sha256sum", "--check", "--quiet", bundle.CHECKSUMS]
    assert subprocess.run(check, cwd=tmp_path, check=False).returncode == 0
    (tmp_path / "LICENSE").write_text("changed")
    assert subprocess.run(check, cwd=tmp_path, check=False, capture_output=True).returncode == 1
