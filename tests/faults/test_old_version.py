"""The old version's code comes from history or a tar; an experiment without it is skipped, and has not passed."""
from __future__ import annotations

import subprocess
import tarfile
from pathlib import Path

import pytest

from tests.faults import __main__ as program
from tests.faults import old_version
from tests.faults.report import Report


def test_a_tar_serves_where_there_is_no_history(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "old.tar", "w") as archive:
        (tmp_path / "service.py").write_text("name = 'till'\n")
        archive.add(tmp_path / "service.py", "services/service.py")
    tree = old_version.unpack(tmp_path / "made", {old_version.VARIABLE: str(tmp_path / "old.tar")})
    assert (tree / "services" / "service.py").read_text() == "name = 'till'\n"


def test_a_tar_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(old_version.NoOldVersion, match=r"ZHONGTAI_OLD_VERSION is '/nowhere\.tar'"):
        old_version.unpack(tmp_path, {old_version.VARIABLE: "/nowhere.tar"})


def test_a_clone_without_history_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    monkeypatch.setattr(old_version, "ROOT", tmp_path)
    with pytest.raises(old_version.NoOldVersion, match="fetch the history, or name a tar in ZHONGTAI_OLD_VERSION"):
        old_version.unpack(tmp_path / "made", {})


def test_a_skipped_experiment_is_neither_passed_nor_green(capsys: pytest.CaptureFixture[str]) -> None:
    report, other = Report("R20", "title", "target", 5, 10), Report("R1", "title", "target", 5, 10)
    report.skip("there is no history")
    other.add("case", {"ok": 1})
    assert not report.passed and "SKIPPED: there is no history" in report.text()
    assert program._summary([report, other]) == program.SKIPPED == 3
    assert program._summary([other]) == 0
    report.skipped = ""
    assert program._summary([report, other]) == 1
    capsys.readouterr()
