from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from shared_components.contracts import service_contract
from shared_components.contracts.export import contract_text
from shared_components.contracts.history import promised_before
from shared_components.contracts.json_schema import ContractInvalid
from shared_components.contracts.store import RELEASED, check, read_contract, release, write
from tests.unit.contracts.example import TicketService

CONTRACT = service_contract(TicketService)
WITHOUT_METHODS = replace(CONTRACT, methods={})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "contract.json"


def test_a_missing_file_is_written_and_then_current(file: Path) -> None:
    assert write(CONTRACT, file).state == "missing"
    assert check(CONTRACT, file).state == "current"


def test_a_harmless_change_makes_the_file_stale_and_is_written(file: Path) -> None:
    write(WITHOUT_METHODS, file)
    status = write(CONTRACT, file)
    assert status.state == "stale"
    assert "method take: was absent, is offered" in str(status)
    assert check(CONTRACT, file).state == "current"


def test_a_breaking_change_is_not_written_and_says_whom_it_breaks(file: Path) -> None:
    write(CONTRACT, file)
    status = write(WITHOUT_METHODS, file)
    assert status.state == "breaking"
    assert "its callers (app, operator) get bus.unknown-method" in str(status)
    assert check(CONTRACT, file).state == "current"


def test_a_breaking_change_with_a_new_major_is_written(file: Path) -> None:
    write(CONTRACT, file)
    assert write(replace(WITHOUT_METHODS, version="2.0"), file).state == "stale"
    assert read_contract(file)["version"] == "2.0"


def test_a_file_that_differs_in_its_form_alone_is_stale(file: Path) -> None:
    write(CONTRACT, file)
    file.write_text(json.dumps(json.loads(file.read_text())))
    assert check(CONTRACT, file).state == "stale"


def test_a_version_that_is_none_is_refused_at_once(file: Path) -> None:
    with pytest.raises(ContractInvalid, match=r"contract_version is '1'; major\.minor is allowed"):
        write(replace(CONTRACT, version="1"), file)


def test_what_was_released_is_not_overwritten_by_an_export(file: Path) -> None:
    write(CONTRACT, file)
    assert release(CONTRACT, file).state == "current"
    released = file.with_name(RELEASED)
    promised = released.read_text()
    file.unlink()
    for careless in (WITHOUT_METHODS, replace(WITHOUT_METHODS, version="0.1")):
        assert write(careless, file).state == "breaking"
        assert not file.exists()
    file.write_text(contract_text(WITHOUT_METHODS))
    assert check(WITHOUT_METHODS, file).state == "breaking"
    assert released.read_text() == promised


def test_only_what_is_current_and_breaks_nothing_is_released(file: Path) -> None:
    assert release(CONTRACT, file).state == "missing"
    write(CONTRACT, file)
    release(CONTRACT, file)
    for changed in (WITHOUT_METHODS, replace(CONTRACT, summary="another")):
        assert release(changed, file).state in ("breaking", "stale")
        assert read_contract(file.with_name(RELEASED)) == read_contract(file)
    second = replace(WITHOUT_METHODS, version="2.0")
    write(second, file)
    assert release(second, file).state == "current"
    assert read_contract(file.with_name(RELEASED))["version"] == "2.0"


@pytest.mark.parametrize(("text", "said"), [("{", "is not JSON"), ("[]", "has no service"), ("{}", "has no service")])
def test_a_file_that_is_no_contract_is_named(file: Path, text: str, said: str) -> None:
    file.write_text(text)
    with pytest.raises(ContractInvalid, match=said):
        read_contract(file)


def git(folder: Path, *arguments: str) -> None:
    names = ["-c", "user.name=test", "-c", "user.email=test@example.invalid", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(folder), *names, *arguments], check=True, capture_output=True)


def test_git_knows_the_promise_before(file: Path) -> None:
    assert promised_before(file) is None
    git(file.parent, "init", "-q")
    write(CONTRACT, file)
    assert promised_before(file) is None
    git(file.parent, "add", file.name)
    git(file.parent, "commit", "-q", "-m", "first")
    assert promised_before(file) is None

    file.unlink()
    write(WITHOUT_METHODS, file)
    before = promised_before(file)
    assert before is not None
    assert "take" in before["methods"]

    git(file.parent, "commit", "-q", "-a", "-m", "second")
    assert promised_before(file) == before
