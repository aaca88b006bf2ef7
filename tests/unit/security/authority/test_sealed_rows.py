"""Only a permit opens a row, and the type checker knows the difference."""
from __future__ import annotations

from pathlib import Path

import pytest
from mypy import api

from shared_components.security.authority import Sealed, permit
from shared_components.security.authority.sealed import open_for
from tests.unit.security.authority.questions import GOOD, POLICE, ROW, TAX, rule

SNIPPET = """
from shared_components.kernel.calls import CallContext
from shared_components.kernel.method_rules import MethodRule
from shared_components.security.authority import Sealed, permit
from shared_components.security.authority.sealed import open_for

class Licence:
    number: str

def opened(row: Sealed[Licence], context: CallContext, rule: MethodRule) -> str:
    return row.open(permit(context, rule, row.facts)).number

def used_unopened(row: Sealed[Licence]) -> str:
    return row.number

def given_unopened(row: Sealed[Licence]) -> Licence:
    return row

def used_without_looking(row: Sealed[Licence], context: CallContext, rule: MethodRule) -> str:
    return open_for(context, rule, row).number
"""


def test_content_is_read_when_a_permit_opens_it_and_not_before() -> None:
    read: list[str] = []

    def decrypt() -> str:
        read.append("decrypted")
        return "content"

    row = Sealed(ROW, decrypt)
    with pytest.raises(Exception, match="no such thing"):
        row.open(permit(TAX, rule("own"), row.facts))
    assert read == []
    assert row.open(permit(POLICE, rule("own"), row.facts)) == "content"
    assert read == ["decrypted"]


def test_the_permit_of_one_row_opens_no_other() -> None:
    first, second = Sealed(ROW, lambda: "first"), Sealed(ROW._replace(tenant="tax"), lambda: "second")
    with pytest.raises(ValueError, match="of another row"):
        second.open(permit(POLICE, rule("own"), first.facts))


def test_a_permit_of_some_fields_gives_these_fields_only() -> None:
    question = GOOD["own, made elsewhere"]
    row = Sealed(question.facts, lambda: {"state": "issued", "number": "1"})
    given = permit(question.context, question.rule, row.facts)
    with pytest.raises(ValueError, match="some fields only"):
        row.open(given)
    assert row.open_fields(given, dict) == {"state": "issued"}
    assert open_for(question.context, question.rule, row) is None


def test_a_hidden_row_and_a_missing_one_look_the_same() -> None:
    assert open_for(TAX, rule("own"), Sealed(ROW, lambda: "content")) is None
    assert open_for(TAX, rule("own"), None) is None


def test_the_type_checker_refuses_a_row_that_is_not_opened(tmp_path: Path) -> None:
    file = tmp_path / "snippet.py"
    file.write_text(SNIPPET, encoding="utf-8")
    said, _, _ = api.run([
        "--strict", "--no-incremental", "--follow-imports=silent", "--ignore-missing-imports", str(file)])
    lines = {int(line.split(":")[1]) for line in said.splitlines() if "error:" in line}
    wrong = {number for number, line in enumerate(SNIPPET.splitlines(), 1) if line in (
        "    return row.number", "    return row", "    return open_for(context, rule, row).number")}
    assert lines == wrong, said


def test_permits_are_made_in_one_place() -> None:
    root = Path(__file__).parents[4]
    makers = {
        path.relative_to(root).as_posix() for folder in ("shared_components", "services")
        for path in (root / folder).rglob("*.py") if " Permit(" in path.read_text(encoding="utf-8")
    }
    assert makers == {"shared_components/security/authority/permits.py"}
