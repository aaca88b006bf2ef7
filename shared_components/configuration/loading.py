"""The platform's configuration: one YAML file, the environment, and a default for everything else."""
from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from marshmallow import Schema, ValidationError

from shared_components.configuration.errors import ConfigurationError, explain, mask
from shared_components.configuration.fields import refuse_development_only
from shared_components.configuration.file import check_text, named_file, read_file
from shared_components.configuration.schema import BusSection, ConfigurationSchema, section_of
from shared_components.configuration.substitution import substitute
from shared_components.kernel.bilingual import Bilingual

VARIABLES = {
    ("broker", "url"): "ZHONGTAI_BROKER_URL", ("database", "url"): "ZHONGTAI_DATABASE_URL",
    ("http", "port"): "ZHONGTAI_HTTP_PORT",
}


def load_configuration(
    path: str | os.PathLike[str] | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    known_services: Collection[str] | None = None,
) -> dict[str, Any]:
    """Read, substitute and validate; every key of the schema is present in the result.

    path: the YAML file; without it the file that $ZHONGTAI_CONFIG names, without that the built-in defaults.
    known_services: when given, a section of services must name one of them.
    What VARIABLES names wins over the file. Raises ConfigurationError.
    """
    variables = os.environ if environ is None else environ
    chosen = named_file(path, variables)
    content = substitute({} if chosen is None else read_file(chosen), variables, _missing)
    # A section whose every line is commented out is null in YAML; it means the defaults.
    given = {key: {} if inner is None and section_of((key,)) else inner for key, inner in content.items()}
    for (section, key), variable in VARIABLES.items():
        if variables.get(variable) and isinstance(given.setdefault(section, {}), dict):
            given[section][key] = variables[variable]
    check_text(given, "configuration with the environment")
    try:
        loaded: dict[str, Any] = ConfigurationSchema().load(given)
    except ValidationError as wrong:
        raise explain(wrong.messages, given) from wrong
    _check_services(loaded["services"], known_services)
    loaded["http"]["public_url"] = loaded["http"]["public_url"] or _own_address(loaded["http"])
    return loaded


def told(section: str, key: str, value: str) -> str:
    """A setting as errors name it, and where it is from: what was exported for an ended platform is soon forgotten."""
    variable = VARIABLES[section, key]
    return f"{section}.{key} is {mask(key, value)}" + (f", from ${variable}" if os.environ.get(variable) else "")


def _own_address(http: Mapping[str, Any]) -> str:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(http["host"], http["host"])  # noqa: S104 - the other way round
    return f"http://{f'[{host}]' if ':' in host else host}:{http['port']}"


def for_service(configuration: Mapping[str, Any], service: str) -> dict[str, Any]:
    """The configuration as one service sees it: services.<name>.bus laid over bus, and its own broker user.

    Raises ConfigurationError when broker.passwords_file has no password of it.
    """
    own = configuration["services"].get(service, {}).get("bus", {})
    return {
        **configuration, "broker": _own_login(configuration["broker"], service), "bus": {**configuration["bus"], **own},
    }


def _own_login(broker: Mapping[str, Any], service: str) -> Mapping[str, Any]:
    path, parts = broker["passwords_file"], urlsplit(broker["url"])
    if path is None or parts.scheme == "inproc":
        return broker
    password = read_file(path).get(service)
    if not isinstance(password, str) or not password:
        raise ConfigurationError(Bilingual(
            f"configuration key 'broker.passwords_file' is '{path}', which has no password of '{service}'; a line "
            "`user: password` for each service is allowed",
            f"配置项 broker.passwords_file 为“{path}”，其中没有“{service}”的密码；"
            "每个服务须有一行 `用户名: 密码`"), details={"key": "broker.passwords_file"})
    address = parts.netloc.rpartition("@")[2]
    return {**broker, "url": urlunsplit(parts._replace(netloc=f"{service}:{quote(password, safe='')}@{address}"))}


def load_service_settings(
    service: str, schema: type[Schema] | None, given: Mapping[str, Any], *, environment: str = "development"
) -> dict[str, Any]:
    """The validated section services.<name>, without the part that is the bus's.

    schema: the service's settings_schema; without one the section is given as it is.
    environment: in production, what is for development only is refused. Raises ConfigurationError.
    """
    own = {key: value for key, value in given.items() if key != "bus"}
    if schema is None:
        return own
    try:
        loaded: dict[str, Any] = schema().load(own)
        if environment != "development":
            refuse_development_only(schema(), loaded)
    except ValidationError as wrong:
        raise explain(wrong.messages, own, prefix=("services", service), schema=schema()) from wrong
    return loaded


def _missing(path: str, name: str) -> ConfigurationError:
    return ConfigurationError(Bilingual(
        f"configuration key '{path}' needs the environment variable {name}, which is not set; "
        f"set it or give a default: ${{{name}:…}}",
        f"配置项 {path} 需要环境变量 {name}，但该变量未设置；"
        f"请设置该变量，或给出默认值：${{{name}:…}}"),
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
