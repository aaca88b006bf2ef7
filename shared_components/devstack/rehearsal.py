"""Parts of a deployment that `make up` has: the shipped users, rights and policies, and the AMQP proxy for apps.

In the folder are broker-passwords.yaml (each user's, made anew at each start) and zhongtai.yaml: the settings of
$ZHONGTAI_CONFIG, and with them whom services believe and how they log in.
"""
from __future__ import annotations

import json
import os
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import yaml

from shared_components.bus.deployment.definitions import with_passwords
from shared_components.bus.deployment.rights import APP, STOCK_APP, VHOST
from shared_components.devstack.processes import LOOPBACK, Launch, SupervisedProcess, free_port
from shared_components.devstack.rabbitmq import PrivateRabbitMQ
from shared_components.devstack.rabbitmq_cluster import RabbitMQCluster

DEFINITIONS = Path(__file__).parents[2] / "deploy" / "rabbitmq" / "definitions.json"
OPERATOR = "operator"
Broker = PrivateRabbitMQ | RabbitMQCluster
# What is exported for the programs of apps: by our clients, and by stock nameko's.
APP_VARIABLES = {APP: "ZHONGTAI_APP_BROKER_URL", STOCK_APP: "ZHONGTAI_STOCK_APP_BROKER_URL"}


@dataclass(frozen=True)
class Rehearsal:
    """configuration: for the platform and the proxy. urls: what commands and apps are given."""

    configuration: Path
    proxy_port: int
    urls: Mapping[str, str]


def prepare(broker: Broker, folder: Path, environ: Mapping[str, str] = os.environ) -> Rehearsal:
    """Load the definitions with a random password for each user, and write the files."""
    content = json.loads(DEFINITIONS.read_text(encoding="utf-8"))
    passwords = {user["name"]: secrets.token_hex(24) for user in content["users"]}
    broker.import_definitions(with_passwords(content, passwords))
    passwords_file = folder / "broker-passwords.yaml"
    _write_secret(passwords_file, passwords)
    settings = _settings(environ.get("ZHONGTAI_CONFIG"), passwords_file.resolve())
    if isinstance(broker, RabbitMQCluster):
        settings["broker"].setdefault("queues", "quorum")
    configuration = folder / "zhongtai.yaml"
    _write_secret(configuration, settings)
    port = settings["edge"]["port"]
    urls = {"ZHONGTAI_BROKER_URL": broker.url_for(OPERATOR, passwords[OPERATOR], VHOST)}
    for app, variable in APP_VARIABLES.items():
        urls[variable] = _at_port(broker.url_for(app, passwords[app], VHOST), port)
    return Rehearsal(configuration, port, urls)


def start_proxy(rehearsal: Rehearsal, log: Path, environment: Mapping[str, str]) -> SupervisedProcess:
    command = [sys.executable, "-m", "shared_components.cli.main", "-c", str(rehearsal.configuration), "edge"]
    return SupervisedProcess(Launch(command, Path.cwd(), log, environment, disposable=False))


def start_sync(
    broker: Broker, rehearsal: Rehearsal, log: Path, environment: Mapping[str, str],
) -> SupervisedProcess:
    """Let the broker's users of apps follow the directory; a key that is revoked or new counts within seconds."""
    command = [
        sys.executable, "-m", "shared_components.cli.main", "-c", str(rehearsal.configuration), "directory", "sync",
        "--watch", "--rabbitmqctl", broker.rabbitmqctl]
    return SupervisedProcess(Launch(
        command, Path.cwd(), log, {**environment, **broker.environment()}, disposable=False))


def _settings(own: str | None, passwords_file: Path) -> dict[str, Any]:
    """Those of the file that the user names, and what they leave open as production has it."""
    settings: dict[str, Any] = (yaml.safe_load(Path(own).read_text(encoding="utf-8")) or {}) if own else {}
    for section in ("broker", "bus", "edge"):
        settings[section] = dict(settings.get(section) or {})
    settings["broker"]["passwords_file"] = str(passwords_file)
    settings["bus"].setdefault("caller_authentication", "broker")
    # The tenant of the demo app over HTTP, which is the same app.
    tenants = dict.fromkeys(APP_VARIABLES, settings["bus"].get("default_tenant", "default"))
    settings["bus"]["app_tenants"] = tenants | (settings["bus"].get("app_tenants") or {})
    settings["edge"].setdefault("port", free_port())
    return settings


def _write_secret(path: Path, content: Mapping[str, Any]) -> None:
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(yaml.safe_dump(dict(content), allow_unicode=True), encoding="utf-8")


def _at_port(url: str, port: int) -> str:
    parts = urlsplit(url)
    login = parts.netloc.rpartition("@")[0]
    return urlunsplit(parts._replace(netloc=f"{login}@{LOOPBACK}:{port}"))
