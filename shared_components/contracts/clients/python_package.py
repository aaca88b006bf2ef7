"""The generated files of package `zhongtai_client`: types, errors, and stubs of the services' methods."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from shared_components.contracts.clients.errors_module import error_modules, place_of
from shared_components.contracts.clients.typed_dicts import TypedDicts, class_name, words_of

MADE = "Written by `zhongtai clients python`; do not edit."
Contract = Mapping[str, Any]


def python_package(contracts: Iterable[Contract], *, caller: str = "app") -> dict[str, str]:
    """Relative path → text, of all methods that this kind of caller may use.

    Raises ContractInvalid for a contract whose fields Python cannot name.
    """
    chosen = [_narrowed(contract, caller) for contract in contracts]
    chosen = sorted((one for one in chosen if one["methods"]), key=lambda one: str(one["service"]))
    files = {}
    for contract in chosen:
        types, stub = _service(contract)
        files[f"types/{contract['service']}.py"] = types
        files[f"services/{contract['service']}.pyi"] = stub
    modules = error_modules(chosen)
    for module, text in modules.items():
        files[f"errors/{module}.py"] = text
    files["errors/generated.py"] = _all_errors(modules)
    files["services/__init__.pyi"] = _all_services([str(one["service"]) for one in chosen])
    return files


def write_package(folder: Path, files: Mapping[str, str]) -> None:
    """Write the files below a folder; one that has the text already is left alone."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def _narrowed(contract: Contract, caller: str) -> dict[str, Any]:
    methods = {name: method for name, method in contract["methods"].items() if caller in method["callers"]}
    codes = {code for method in methods.values() for code in method["errors"]}
    errors = {code: error for code, error in contract["errors"].items() if code in codes}
    return {**contract, "methods": methods, "errors": errors}


def _service(contract: Contract) -> tuple[str, str]:
    """The module of types and the stub of one service."""
    service = str(contract["service"])
    sent, received = TypedDicts(sending=True, prefix="types."), TypedDicts(sending=False)
    methods: list[tuple[str, list[str], str]] = []
    for name, method in sorted(contract["methods"].items()):
        parameters = list(sent.parameters(method["request"], class_name(name)))
        sent.add_named(method["request"], class_name(name, "request"))
        methods.append((name, parameters, received.add_named(method["reply"], class_name(name, "reply"))))
    for _, event in sorted(contract["events"].items()):
        received.add_named(event["data"], class_name(event["type"], "data"))
    classes = {**sent.classes, **received.classes}
    types = [f'"""Requests, replies and events of service `{service}`. {MADE}"""',
             "from __future__ import annotations", "", "from collections.abc import Mapping, Sequence",
             "from typing import Any, Literal, NotRequired, TypedDict", ""]
    text = "\n".join([*types, *(f"\n{one}\n" for one in classes.values())])
    return text, _stub(contract, methods)


def _stub(contract: Contract, methods: list[tuple[str, list[str], str]]) -> str:
    service = str(contract["service"])
    lines = [f'"""Methods of service `{service}`. {MADE}"""', "from collections.abc import Mapping, Sequence",
             "from typing import Any, Literal", "", f"from zhongtai_client.types import {service} as types", ""]
    for prefix, define in (("", "def"), ("Async", "async def")):
        told = words_of(contract, "summary", "summary_zh")
        lines += ["", f"class {prefix}{class_name(service)}:", f'    """{told}"""']
        for name, parameters, reply in methods:
            lines += ["", f"    {define} {name}(", "        self, *,", *(f"        {one}," for one in parameters),
                      "        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,",
                      f"    ) -> types.{reply}:", f'        """{_told(contract["methods"][name])}"""']
    return "\n".join([*lines, ""])


def _told(method: Mapping[str, Any]) -> str:
    raised = [".".join(place_of(code)) for code in method["errors"]]
    due = method.get("deprecated")
    lines = [words_of(method, "summary", "summary_zh"),
             *([f"Deprecated: goes after {due['until']}. {words_of(due, 'use', 'use_zh')}"] if due else []),
             *([f"Raises {', '.join(raised)}."] if raised else [])]
    return "\n\n        ".join(lines)


def _all_errors(modules: Iterable[str]) -> str:
    names = sorted(modules)
    return "\n".join([
        f'"""All errors that a service may answer an app with. {MADE}"""', "from zhongtai_client.errors import (",
        *(f"    {name} as {name}," for name in names), ")", ""])


def _all_services(services: list[str]) -> str:
    """The attributes of a client, with both ways to call."""
    lines = [f'"""The services that a client knows. {MADE}"""']
    lines += [f"from zhongtai_client.services.{one} import Async{class_name(one)}, {class_name(one)}"
              for one in services]
    for prefix in ("", "Async"):
        lines += ["", f"class {prefix}Services:", *(f"    {one}: {prefix}{class_name(one)}" for one in services)]
    return "\n".join([*lines, ""])
