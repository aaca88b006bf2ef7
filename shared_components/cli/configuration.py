"""The platform's configuration: one YAML file, the environment, and a default for everything else."""
from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import yaml
from marshmallow import Schema, ValidationError

from shared_components.cli.configuration_errors import ConfigurationError, explain
from shared_components.cli.configuration_schema import BusSection, ConfigurationSchema, section_of
from shared_components.cli.substitution import substitute

PATH_VARIABLE = "ZHONGTAI_CONFIG"
URL_VARIABLES = {"broker": "ZHONGTAI_BROKER_URL", "database": "ZHONGTAI_DATABASE_URL"}


def load_configuration(
    path: str | os.PathLike[str] | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    known_services: Collection[str] | None = None,
) -> dict[str, Any]:
    """Read, substitute and validate; every key of the schema is present in the result.

    path: the YAML file; without it the file that $ZHONGTAI_CONFIG names, without that the built-in defaults.
    known_services: when given, a section of services must name one of them.
    $ZHONGTAI_BROKER_URL and $ZHONGTAI_DATABASE_URL win over the file. Raises ConfigurationError.
    """
    variables = os.environ if environ is None else environ
    chosen = path or variables.get(PATH_VARIABLE) or None
    content = substitute(_read(chosen) if chosen else {}, variables, _missing)
    # A section whose every line is commented out is null in YAML; it means the defaults.
    given = {key: {} if inner is None and section_of((key,)) else inner for key, inner in content.items()}
    for key, variable in URL_VARIABLES.items():
        if variables.get(variable) and isinstance(given.setdefault(key, {}), dict):
            given[key]["url"] = variables[variable]
    try:
        loaded: dict[str, Any] = ConfigurationSchema().load(given)
    except ValidationError as wrong:
        raise explain(wrong.messages, given) from wrong
    _check_services(loaded["services"], known_services)
    loaded["http"]["public_url"] = loaded["http"]["public_url"] or _own_address(loaded["http"])
    return loaded


def _own_address(http: Mapping[str, Any]) -> str:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(http["host"], http["host"])  # noqa: S104 - the other way round
    return f"http://{f'[{host}]' if ':' in host else host}:{http['port']}"


def for_service(configuration: Mapping[str, Any], service: str) -> dict[str, Any]:
    """The configuration as one service sees it: services.<name>.bus laid over bus."""
    own = configuration["services"].get(service, {}).get("bus", {})
    return {**configuration, "bus": {**configuration["bus"], **own}}


def load_service_settings(service: str, schema: type[Schema] | None, given: Mapping[str, Any]) -> dict[str, Any]:
    """The validated section services.<name>, without the part that is the bus's.

    schema: the service's settings_schema; without one the section is given as it is. Raises ConfigurationError.
    """
    own = {key: value for key, value in given.items() if key != "bus"}
    if schema is None:
        return own
    try:
        loaded: dict[str, Any] = schema().load(own)
    except ValidationError as wrong:
        raise explain(wrong.messages, own, prefix=("services", service), schema=schema()) from wrong
    return loaded


def _read(path: str | os.PathLike[str]) -> dict[str, Any]:
    try:
        content = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except OSError as wrong:
        raise ConfigurationError(f"configuration file '{path}' cannot be read: {wrong.strerror}") from wrong
    except UnicodeDecodeError as wrong:
        raise ConfigurationError(f"configuration file '{path}' is not UTF-8 text") from wrong
    except yaml.YAMLError as wrong:
        mark = getattr(wrong, "problem_mark", None)
        where = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        # The parser's own message may quote the line, and the line may hold a secret.
        raise ConfigurationError(f"configuration file '{path}' is not YAML{where}") from wrong
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise ConfigurationError(f"configuration file '{path}' holds a {type(content).__name__}; a mapping is allowed")
    return content


def _missing(path: str, name: str) -> ConfigurationError:
    return ConfigurationError(
        f"configuration key '{path}' needs the environment variable {name}, which is not set; "
        f"set it or give a default: ${{{name}:…}}",
        details={"key": path},
    )


def _check_services(services: dict[str, Any], known: Collection[str] | None) -> None:
    for name, settings in services.items():
        if known is not None and name not in known:
            raise explain({"services": {name: ["Unknown field."]}}, {"services": services}, names=known)
        own = settings.get("bus")
        if own is None:
            continue
        try:
            settings["bus"] = {key: value for key, value in BusSection().load(own).items() if key in own}
        except ValidationError as wrong:
            raise explain(wrong.messages, own, prefix=("services", name, "bus")) from wrong


__all__ = ["ConfigurationError", "for_service", "load_configuration", "load_service_settings"]
