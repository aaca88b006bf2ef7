"""Finds the services: every package under `services/` that has a service module. Nothing is registered by hand."""
from __future__ import annotations

import difflib
import importlib
import inspect
import pkgutil
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from shared_components.contracts.registry import ServiceContract, service_contract
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import AppError
from shared_components.kernel.rooms import rooms_of
from shared_components.runtime.errors import WrongUse

if TYPE_CHECKING:
    from marshmallow import Schema

SERVICES = "services"


class UnknownServiceName(WrongUse):
    """No package of that name."""

    code = "cli.unknown-service"
    texts = {"en": "There is no such service.", "zh": "没有这个服务。"}


class ServiceBroken(AppError):
    """A service's package can't be imported, or has not the one class that it should."""

    code = "service-broken"
    texts = {"en": "The service cannot be loaded.", "zh": "服务无法加载。"}


def service_names(package: str = SERVICES) -> list[str]:
    """The names of all services, sorted. Imports none of them, so it is cheap and never fails on a broken one."""
    root = importlib.import_module(package)
    return sorted(
        found.name for found in pkgutil.iter_modules(root.__path__)
        if found.ispkg and _has_module(root, found.name, "service")
    )


def service_commands(package: str = SERVICES) -> list[str]:
    """The services that bring commands of their own, in `services.<name>.commands`. Imports none of them."""
    return [name for name in service_names(package) if _has_module(importlib.import_module(package), name, "commands")]


def service_command(name: str, package: str = SERVICES) -> Any:
    """The click command `command` of `services.<name>.commands`. Raises ServiceBroken."""
    module = _import(f"{package}.{name}.commands")
    found = getattr(module, "command", None)
    if found is None:
        raise ServiceBroken(Bilingual(
            f"module {module.__name__} has no 'command'; a click command of that name is needed",
            f"模块 {module.__name__} 没有 command；须有同名的 click 命令"))
    return found


def chosen_services(wanted: Iterable[str], package: str = SERVICES) -> list[str]:
    """The wanted services in the given order, all of them when none is named. Raises UnknownServiceName."""
    known = service_names(package)
    names = list(dict.fromkeys(wanted)) or known
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint, hint_zh = (f"; did you mean '{near[0]}'?", f"；是否应为“{near[0]}”？") if near else ("", "")
            raise UnknownServiceName(Bilingual(
                f"service '{name}' is not known{hint}; services are: {', '.join(known) or 'none'}",
                f"服务“{name}”不存在{hint_zh}；现有服务：{'、'.join(known) or '无'}"))
    return names


def service_class(name: str, package: str = SERVICES) -> type[Any]:
    """The nameko service class of `services.<name>.service`. Raises ServiceBroken."""
    module = _import(f"{package}.{name}.service")
    found = [
        kind for _, kind in inspect.getmembers(module, inspect.isclass)
        if kind.__module__.startswith(f"{package}.{name}.") and getattr(kind, "name", None) == name
    ]
    if len(found) != 1:
        raise ServiceBroken(Bilingual(
            f"module {module.__name__} has {len(found)} classes with name = '{name}'; exactly one is allowed",
            f"模块 {module.__name__} 有 {len(found)} 个 name = “{name}” 的类；只允许一个"))
    return found[0]


def settings_schema(service: str) -> type[Schema] | None:
    """The schema of a service's own section, when it has one."""
    kind = service_class(service)
    found: type[Schema] | None = getattr(getattr(kind, "transactions", kind), "settings_schema", None)
    return found


def service_folder(name: str, package: str = SERVICES) -> Path:
    """Where a service's package lies."""
    spec = find_spec(f"{package}.{name}")
    if spec is None or not spec.submodule_search_locations:
        raise ServiceBroken(Bilingual(
            f"package {package}.{name} has no folder",
            f"包 {package}.{name} 没有文件夹"))
    return Path(next(iter(spec.submodule_search_locations)))


def contract_of(name: str, package: str = SERVICES) -> ServiceContract:
    return service_contract(service_class(name, package))


def domain_modules(service: str, package: str = SERVICES) -> Iterator[ModuleType]:
    """Every module of a service's domain, at its root and in its topics, imported."""
    for domain in rooms_of(f"{package}.{service}", "domain"):
        yield from modules_below(domain)


def modules_below(package: str) -> Iterator[ModuleType]:
    """A package and every module in it, imported. Raises ServiceBroken for one that can't be."""
    root = _import(package)
    yield root
    for found in pkgutil.walk_packages(getattr(root, "__path__", []), package + "."):
        yield _import(found.name)


def _has_module(root: ModuleType, name: str, module: str) -> bool:
    return any((Path(folder) / name / file).exists() for folder in root.__path__
               for file in (f"{module}.py", f"{module}/__init__.py"))


def _import(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except Exception as wrong:
        # One line for people: the exception's own text is the author's code and holds no data of users.
        raise ServiceBroken(Bilingual(
            f"module {name} cannot be imported: {type(wrong).__name__}: {wrong}",
            f"模块 {name} 无法导入：{type(wrong).__name__}: {wrong}")) from wrong
