"""A service has the rooms that have an order, and no others; so has each of its topics."""
from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

SERVICES = sorted(path.parent for path in (ROOT / "services").glob("*/__init__.py"))
CONTRACTS = {
    contract["id"]: contract
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]}
NEEDED = ("schemas", "usecases", "domain")
"""Rooms that every topic has, and every service without topics."""
NO_DATABASE = "gateway"
KINDS = "kinds"
"""Folder of a service whose use cases are kinds, one folder each: the topics before and after it open them."""
OPENS_KINDS = {"matter/publishing", "matter/steps"}


def rooms_of_contract(contract_id: str) -> set[str]:
    """The rooms that a contract puts into an order."""
    return {room.strip("( )") for layer in CONTRACTS[contract_id]["layers"] for room in layer.split("|")}


def children(folder: Path) -> set[str]:
    """The packages and modules in a folder."""
    found = {path.stem for path in folder.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()}
    return found - {"__init__"}


def topics(folder: Path) -> list[Path]:
    """The folders of a service that have a domain or entrypoints of their own."""
    found = {path.parent for room in ("entrypoints.py", "domain.py", "domain/__init__.py")
             for path in folder.glob(f"*/{room.split('/')[0]}") if (path.parent / room).exists()}
    return sorted(found - {folder / "common"})


def mistakes(folder: Path) -> Iterator[str]:
    """Yield a message for each room of a service that has no order, and for each that is missing."""
    own = topics(folder)
    if own and f"{folder.name}-topics" not in CONTRACTS:
        yield f"{folder.name} has topics, and pyproject.toml has no contract '{folder.name}-topics' for their order"
    allowed = rooms_of_contract("rooms") | {"migrations"} | ({"common", KINDS} if own else set())
    for stranger in sorted(children(folder) - allowed - {topic.name for topic in own}):
        yield f"{folder.name}/{stranger} is neither a room nor a topic; rooms are {', '.join(sorted(allowed))}"
    for topic in own:
        for stranger in sorted(children(topic) - rooms_of_contract("topic-rooms")):
            yield f"{folder.name}/{topic.name}/{stranger} is no room of a topic"
    for place in [one for one in own if (one / "entrypoints.py").exists()] or ([] if own else [folder]):
        needed = NEEDED[:1] if f"{folder.name}/{place.name}" in OPENS_KINDS else NEEDED
        for room in (room for room in needed if folder.name != NO_DATABASE and room not in children(place)):
            yield f"{place.relative_to(folder.parent)} has no {room}"


@pytest.mark.parametrize("folder", SERVICES, ids=lambda folder: folder.name)
def test_a_service_has_the_rooms_that_have_an_order(folder: Path) -> None:
    assert list(mistakes(folder)) == []


@pytest.mark.parametrize("folder", [one for one in SERVICES if one.name != NO_DATABASE], ids=lambda folder: folder.name)
def test_every_business_service_has_its_class_its_providers_and_its_contract(folder: Path) -> None:
    assert {"service", "providers", "transaction"} <= children(folder)
    assert (folder / "contract.json").is_file()


def planted(folder: Path, *files: str) -> Path:
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
        ((folder / name).parent / "__init__.py").touch()
    return folder


FLAT = ("service.py", "schemas.py", "usecases/__init__.py", "domain/__init__.py", "migrations/__init__.py")
TOPIC = tuple(f"subjects/{room}.py" for room in ("entrypoints", "schemas", "usecases", "domain"))


@pytest.mark.parametrize(("name", "files", "wrong"), [
    ("alpha", FLAT, []),
    ("alpha", (*FLAT, "attic.py"), ["alpha/attic is neither"]),
    ("alpha", (*FLAT, "common/__init__.py"), ["alpha/common is neither"]),
    ("alpha", FLAT[:-2], ["alpha has no domain"]),
    ("identity", ("service.py", "common/fields.py", *TOPIC), []),
    ("identity", ("service.py", *TOPIC, "subjects/attic.py"), ["identity/subjects/attic is no room of a topic"]),
    ("identity", ("service.py", *TOPIC[:-1]), ["identity/subjects has no domain"]),
    ("alpha", ("service.py", *TOPIC), ["alpha has topics"]),
])
def test_a_room_that_has_no_order_is_found(tmp_path: Path, name: str, files: tuple[str, ...], wrong: list[str]) -> None:
    found = list(mistakes(planted(tmp_path / name, *files)))
    assert len(found) == len(wrong) and all(map(str.startswith, found, wrong)), found
