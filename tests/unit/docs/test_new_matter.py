"""The guide to a new matter does what it shows, and the matters in docs/examples are those of the guide."""
from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from services.matter.commands import command
from tests.unit.docs.pages import GUIDES, ROOT, blocks, told_output, without_what_varies

GUIDE = GUIDES / "new-matter.md"
EXAMPLES = sorted((ROOT / "docs" / "examples").glob("*.yaml"))


@pytest.mark.slow
@pytest.mark.timeout(330)
def test_a_reader_gets_what_the_guide_shows(tmp_path: Path) -> None:
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.unit.docs.readme_world", str(tmp_path), str(GUIDE)],
        cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert ran.returncode == 0, ran.stderr
    outcomes = json.loads(ran.stdout)
    page = blocks(GUIDE)
    for index, block in enumerate(page):
        if block.language == "console":
            told = told_output(page, index) or ""
            assert without_what_varies(outcomes[str(block)]) == without_what_varies(told), block


def test_the_guide_quotes_the_examples() -> None:
    files = [path.read_text(encoding="utf-8") for path in EXAMPLES]
    for block in blocks(GUIDE):
        if block.language == "yaml":
            assert any(block.text in text for text in files), block


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_each_example_has_no_mistake_and_ends_well(path: Path) -> None:
    runner = CliRunner()
    assert json.loads(runner.invoke(command, ["check", str(path), "--json"]).output)["problems"] == []
    assert runner.invoke(command, ["simulate", str(path)]).output.splitlines()[-1] == "→ completed"


def test_a_step_whose_condition_is_false_is_skipped() -> None:
    path = str(ROOT / "docs" / "examples" / "relief-supplies.yaml")
    form = {"household_number": "330106001", "persons": 3, "supplies": "medicine", "symptoms": "发热",
            "address": "文三路1号2幢"}
    with_medicine = CliRunner().invoke(command, ["simulate", path, "--form", json.dumps(form)]).output
    with_masks = CliRunner().invoke(command, [
        "simulate", path, "--form", json.dumps({**form, "supplies": "masks"})]).output
    assert ("用药审核" in with_medicine, "用药审核" in with_masks) == (True, False)
