from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared_components.cli.graph import state_machines
from shared_components.runtime.discovery import (
    ServiceBroken,
    UnknownServiceName,
    chosen_services,
    service_class,
    service_command,
    service_commands,
    service_folder,
    service_names,
)

SERVICE = "class Any:\n    name = '{name}'\n"
MACHINE = """
from shared_components.kernel.states import Edge, StateMachine
LAMP = StateMachine("lamp", "off", [Edge("off", "on", "lit")], ["on"])
ALIAS = LAMP
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    files = {
        "lamp/service.py": SERVICE.format(name="lamp"),
        "lamp/domain/__init__.py": "",
        "lamp/domain/states.py": MACHINE,
        "shop/service/__init__.py": SERVICE.format(name="shop"),
        "nameless/service.py": SERVICE.format(name="other"),
        "broken/service.py": "import does_not_exist\n",
        "no_service/models.py": "",
    }
    root = tmp_path / "found_services"
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    for folder in (root, *(root / name.split("/")[0] for name in files)):
        (folder / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    yield "found_services"
    for name in [name for name in sys.modules if name.startswith("found_services")]:
        del sys.modules[name]


def test_a_service_is_a_package_with_a_service_module(package: str) -> None:
    assert service_names(package) == ["broken", "lamp", "nameless", "shop"]
    assert service_class("lamp", package).name == "lamp"
    assert service_class("shop", package).name == "shop"
    assert service_folder("lamp", package).name == "lamp"


def test_chosen_services_keep_their_order_and_come_once(package: str) -> None:
    assert chosen_services(["shop", "lamp", "shop"], package) == ["shop", "lamp"]
    assert chosen_services([], package) == service_names(package)
    with pytest.raises(UnknownServiceName, match="did you mean 'lamp'"):
        chosen_services(["lapm"], package)


def test_a_service_that_cannot_be_loaded_is_named(package: str) -> None:
    with pytest.raises(ServiceBroken, match=r"broken\.service cannot be imported: ModuleNotFoundError"):
        service_class("broken", package)
    with pytest.raises(ServiceBroken, match="has 0 classes with name = 'nameless'"):
        service_class("nameless", package)


def test_state_machines_are_found_once_in_the_domain(package: str) -> None:
    assert list(state_machines("lamp", package)) == ["lamp"]


def test_a_services_own_commands_are_found_by_name(package: str, tmp_path: Path) -> None:
    folder = tmp_path / "found_services"
    (folder / "lamp" / "commands.py").write_text("command = 'a click command'\n")
    (folder / "shop" / "commands.py").write_text("")
    assert service_commands(package) == ["lamp", "shop"]
    assert service_command("lamp", package) == "a click command"
    with pytest.raises(ServiceBroken, match="has no 'command'"):
        service_command("shop", package)
