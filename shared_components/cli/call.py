"""`zhongtai call`."""
from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

import click

from shared_components.cli.errors import WrongUse, wrong_use
from shared_components.cli.output import print_json
from shared_components.cli.platform_access import bus_caller
from shared_components.cli.settings import configuration_of
from shared_components.kernel import strict_json
from shared_components.kernel.errors import InvalidInput
from shared_components.runtime.discovery import service_folder, service_names

_TARGET = re.compile(r"([a-z][a-z0-9_]*)\.([a-z][a-z0-9_]*)")
_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@click.command("call")
@click.argument("target", metavar="SERVICE.METHOD")
@click.argument("pairs", nargs=-1, metavar="[KEY=VALUE…]")
@click.option("--json", "body", metavar="OBJECT", help="The whole request as a JSON object; - reads it from stdin.")
@click.option("--tenant", help="Whose data is meant; else the configuration's default_tenant.")
@click.option("--timeout", "timeout_s", type=click.FloatRange(0.05, 600), metavar="SECONDS", help="Deadline.")
@click.option("--op-id", help="Operation id: the same id and request never has a second effect.")
@click.option("--json-errors", is_flag=True, help="Print an error as JSON, with all its details, for programs.")
@click.option("--caller", default="operator", show_default=True, help="Caller's name, where the broker has no users.")
@click.pass_context
def command(
    context: click.Context, target: str, pairs: tuple[str, ...], body: str | None, tenant: str | None,
    timeout_s: float | None, op_id: str | None, json_errors: bool, caller: str,
) -> None:
    """Call a method over the bus and print its reply as JSON.

    A VALUE is read as JSON where it is JSON (5, true, null, {"a": 1}), else as text. Where the method's contract
    wants a text, digits are one: division=330106. Where it is not known what is wanted, '"5"' is the text 5.

    Exit code 2 also for a method that does not exist and a request that the service finds invalid.
    """
    match = _TARGET.fullmatch(target)
    if match is None:
        raise WrongUse(f"target is '{target}'; SERVICE.METHOD is allowed, as in payment.get_order")
    request = request_of(pairs, sys.stdin.read() if body == "-" else body, wanted_of(match[1], match[2]))
    configuration = configuration_of(context)
    with bus_caller(configuration, caller=caller) as client, _wrong_requests(match[1]):
        print_json(client.call(
            match[1], match[2], request, timeout_s=timeout_s, op_id=op_id,
            context=None if tenant is None else {"tenant": tenant},
        ))


@contextmanager
def _wrong_requests(service: str) -> Iterator[None]:
    """Raise WrongUse where the request is wrong, also when only the platform could tell."""
    from shared_components.bus.errors import UnknownMethod, UnknownService

    try:
        yield
    except (InvalidInput, UnknownMethod, UnknownService) as error:
        # A service of this checkout exists, and is not running now.
        if isinstance(error, WrongUse) or (isinstance(error, UnknownService) and service in service_names()):
            raise
        raise wrong_use(error) from error


def wanted_of(service: str, method: str) -> Mapping[str, Any]:
    """The JSON Schema of each field of the request, by name; none for what is not of this checkout.

    Read from the file of the contract: to load the service would make every call wait for its imports.
    """
    if service not in service_names():
        return {}
    try:
        contract = json.loads((service_folder(service) / "contract.json").read_text(encoding="utf-8"))
        properties: Mapping[str, Any] = contract["methods"][method]["request"]["properties"]
    except (OSError, ValueError, KeyError):
        return {}
    return properties


def request_of(
    pairs: tuple[str, ...], body: str | None, wanted: Mapping[str, Any] = MappingProxyType({})
) -> dict[str, Any]:
    """The request that a command line means; a pair wins over the body.

    wanted: the JSON Schema of a field, by its name. Raises WrongUse.
    """
    request: dict[str, Any] = {}
    if body is not None:
        request = _strict("--json", body)
        if not isinstance(request, dict):
            raise WrongUse(f"--json is a {type(request).__name__}; a JSON object is allowed")
    for pair in pairs:
        key, sign, value = pair.partition("=")
        if not sign or not _KEY.fullmatch(key):
            raise WrongUse(f"argument is '{pair}'; KEY=VALUE is allowed, as in order_id=pay_7")
        request[key] = _value(key, value, wanted.get(key, {}))
    return request


def _strict(name: str, text: str) -> Any:
    """Raises WrongUse."""
    try:
        return strict_json.read(text)
    except strict_json.JsonRefused as refused:
        raise WrongUse(f"{name}: {refused}") from None


def _value(key: str, text: str, schema: Mapping[str, Any]) -> Any:
    """As JSON, unless that is not what the field takes and a text is. Raises WrongUse."""
    wrong = strict_json.wrong_of_text(text)
    if wrong is not None:
        raise WrongUse(f"argument {key} {wrong}")
    try:
        value = json.loads(text, parse_constant=_no_constant)
    except ValueError:
        return text
    except RecursionError:
        value = []
    types = schema.get("type", ())
    allowed = {types} if isinstance(types, str) else set(types)
    if "string" in allowed and not allowed & _json_types(value):
        return text
    return _strict(f"argument {key}", text)


def _json_types(value: Any) -> set[str]:
    kinds = {str: {"string"}, bool: {"boolean"}, int: {"integer", "number"}, float: {"number"}, list: {"array"}}
    return {"null"} if value is None else kinds.get(type(value), {"object"})


def _no_constant(name: str) -> Any:
    """NaN and Infinity are no JSON: they are text."""
    raise ValueError(name)
