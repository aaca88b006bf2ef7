"""Outputs shown in the READMEs and guides are those that a reader gets."""
from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from shared_components.security.request_signing import RequestVerifier
from tests.unit.docs.pages import (
    CHINESE,
    GUIDES,
    README,
    ROOT,
    Block,
    blocks,
    headings,
    told_output,
    without_what_varies,
)

PAGES = [README, GUIDES / "app-teams.md", GUIDES / "messages.md"]
pytestmark = pytest.mark.timeout(400)


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Block → what it printed, of all that run on one process."""
    folder = tmp_path_factory.mktemp("readme")
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.unit.docs.readme_world", str(folder), *map(str, PAGES)],
        cwd=ROOT, capture_output=True, text=True, timeout=300, check=False,
    )
    assert ran.returncode == 0, ran.stderr
    found: dict[str, str] = json.loads(ran.stdout)
    return found


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_what_a_page_shows_is_what_its_reader_gets(path: Path, outcomes: dict[str, str]) -> None:
    page, compared = blocks(path), 0
    for index, block in enumerate(page):
        told = told_output(page, index)
        if str(block) in outcomes and told is not None:
            assert without_what_varies(outcomes[str(block)]) == without_what_varies(told), block
            compared += 1
    assert compared >= 2, "the blocks that can be run were not found"


@pytest.mark.parametrize("path", [*PAGES, *sorted(GUIDES.glob("*.md"))], ids=lambda path: path.name)
def test_every_python_and_json_block_is_well_formed(path: Path) -> None:
    for block in blocks(path):
        if block.language == "python":
            compile(block.text, str(block), "exec")
        if block.language == "json":
            json.loads(block.text)


def test_the_steps_shown_of_the_demo_are_those_it_has() -> None:
    (shown,) = [block for block in blocks(README) if "✓" in block.text]
    source = "".join(path.read_text() for path in (ROOT / "shared_components" / "devstack" / "demo").glob("*.py"))
    steps = re.findall(r"(?m)^ +(\d+) ✓ (.{14})(.{38}) +\d+ ms", shown.text)
    assert [int(number) for number, _, _ in steps] == list(range(1, len(steps) + 1))
    for _, who, call in steps:
        # A call may be made of several parts.
        assert who.strip() in source, call
        made_of_parts = all(f'"{word}' in source or f"{word} " in source for word in call.split())
        assert call.strip() in source or made_of_parts, call


def test_make_targets_that_are_named_exist() -> None:
    targets = set(re.findall(r"(?m)^([a-z-]+):", (ROOT / "Makefile").read_text()))
    for path in [README, CHINESE, *GUIDES.glob("*.md")]:
        for target in re.findall(r"(?m)(?:^|`)make ([a-z-]+)", path.read_text(encoding="utf-8")):
            assert target in targets, f"{path.name}: make {target}"


def test_both_languages_have_the_same_headings_and_the_same_blocks() -> None:
    assert [level for level, _ in headings(CHINESE)] == [level for level, _ in headings(README)]
    assert [_without_labels(block) for block in blocks(CHINESE)] == [_without_labels(block) for block in blocks(README)]


def _without_labels(block: Block) -> Any:
    """A diagram's labels are in the reader's language; its nodes and edges are not."""
    text = re.sub(r"\[[^\]]*\]|\(\([^)]*\)\)|-- .+? -->", "", block.text) if block.language == "mermaid" else block.text
    return block.language, text


def test_the_consumer_s_contract_test_passes_as_written_and_can_fail(tmp_path: Path) -> None:
    (program,) = [block.text for block in blocks(GUIDES / "contract-tests.md") if block.language == "python"]
    (tmp_path / "test_payment_contract.py").write_text(program, encoding="utf-8")
    contract = json.loads((ROOT / "services" / "payment" / "contract.json").read_text(encoding="utf-8"))
    (tmp_path / "contracts").mkdir()
    assert _pytest(tmp_path, contract) == 0
    contract["methods"]["create_order"]["request"]["required"].append("payer_subject")
    assert _pytest(tmp_path, contract) == 1


def _pytest(folder: Path, contract: dict[str, Any]) -> int:
    (folder / "contracts" / "payment.json").write_text(json.dumps(contract), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(folder)]
    return subprocess.run(command, cwd=folder, capture_output=True, timeout=60, check=False).returncode


def test_a_callback_signed_as_the_guide_says_is_taken() -> None:
    (program,) = [block for block in blocks(GUIDES / "app-teams.md") if "X-Zhongtai-Signature" in block.text]
    made: dict[str, Any] = {}
    exec(compile(program.text, str(program), "exec"), made)  # noqa: S102 -- our own page
    verifier = RequestVerifier({made["key_id"]: made["key"]})
    assert verifier.verify(made["headers"], made["body"], at=datetime.now(UTC)) == made["key_id"]
