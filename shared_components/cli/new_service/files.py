"""Files of a new service or topic, written from templates.

A template has placeholders, `{{name}}`, and lines that stand for another template, `{{> methods}}`:

- name, Name: the service, and the same as a class name
- package: the Python package that holds the rooms: of the service, or of its topic
- title: the same in words, `archive` or `archive, topic permits`; Title: the same with a capital
- prefix_, prefix-, Prefix: empty for a service without topics; else the topic, before methods and tables (`permits_`),
  events and errors (`permits-`), classes (`Permits`) and constants (PREFIX)
- tests: the package of its tests below tests.unit and tests.integration
- Service, Transaction: the classes of the service and of its transaction
- import_transaction, own_transaction: for tests, which have their own where the service's needs more than a scope
- revision, down_revision: of the topic's migration
"""
from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from shared_components.runtime.discovery import SERVICES

FOLLOWING = "shared_components.bus.server.directory_following"
# template → where it goes
OF_SERVICE = {
    "package": "services/{name}/__init__.py",
    "providers": "services/{name}/providers.py",
    "transaction": "services/{name}/transaction.py",
    "migrations": "services/{name}/migrations/__init__.py",
    "0001_initial": "services/{name}/migrations/versions/0001_initial.py",
}
OF_ROOMS = {
    "schemas": "{folder}/schemas.py",
    "examples": "{folder}/examples.json",
    "models": "{folder}/models.py",
    "usecases": "{folder}/usecases/__init__.py",
    "open_records": "{folder}/usecases/open_records.py",
    "close_record": "{folder}/usecases/close_record.py",
    "get_record": "{folder}/usecases/get_record.py",
    "list_records": "{folder}/usecases/list_records.py",
    "views": "{folder}/usecases/views.py",
    "events": "{folder}/usecases/events.py",
    "domain": "{folder}/domain/__init__.py",
    "states": "{folder}/domain/states.py",
    "record": "{folder}/domain/record.py",
    "errors": "{folder}/domain/errors.py",
    "ports": "{folder}/domain/ports.py",
    "adapters": "{folder}/adapters/__init__.py",
    "records": "{folder}/adapters/records.py",
    "rows": "{folder}/adapters/rows.py",
    "tests_unit": "tests/unit/{tests}/__init__.py",
    "world": "tests/unit/{tests}/world.py",
    "test_records": "tests/unit/{tests}/test_records.py",
    "tests_integration": "tests/integration/{tests}/__init__.py",
    "bus_story": "tests/integration/{tests}/bus_story.py",
    "test_on_the_bus": "tests/integration/{tests}/test_on_the_bus.py",
}
FLAT_SERVICE = {**OF_SERVICE, **OF_ROOMS, "service": "services/{name}/service.py"}
TOPIC = {**OF_ROOMS, "package": "{folder}/__init__.py", "entrypoints": "{folder}/entrypoints.py"}
SERVICE_OF_TOPICS = {**OF_SERVICE, "service_of_topics": "services/{name}/service.py"}
MIGRATION = {"migration_of_topic": "services/{name}/migrations/versions/{revision}_{topic}.py"}

_INCLUDED = re.compile(r"(?m)^\{\{> (\w+)\}\}\n")


def class_name(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


def values_of(name: str, topic: str | None = None) -> dict[str, str]:
    """Give the placeholders of a service without topics, or of one of its topics."""
    of_topic = f".{topic}" if topic else ""
    title = f"{name}, topic {topic}" if topic else name
    return {
        "name": name, "Name": class_name(name), "topic": topic or "", "tests": f"{name}{of_topic}",
        "package": f"{SERVICES}.{name}{of_topic}", "title": title, "Title": title[0].upper() + title[1:],
        "prefix_": f"{topic}_" if topic else "", "prefix-": f"{topic}-".replace("_", "-") if topic else "",
        "Prefix": class_name(topic) if topic else "", "PREFIX": (topic or "").upper(),
        "Service": f"{class_name(name)}Service", "Transaction": f"Sql{class_name(name)}Transaction",
        "import_transaction": f"from {SERVICES}.{name}.transaction import Sql{class_name(name)}Transaction\n",
        "own_transaction": "",
        "following": "" if topic else f"from {FOLLOWING} import DirectoryFollowing\n",
        "providers": "" if topic else f"from {SERVICES}.{name}.providers import {class_name(name)}Provider\n",
    }


def write_files(table: Mapping[str, str], root: Path, values: Mapping[str, str]) -> None:
    """Write each template of the table to its place below root. A file that is there stays."""
    places = {
        **values, "folder": values["package"].replace(".", "/"), "tests": values["tests"].replace(".", "/")}
    for template, place in table.items():
        path = root / place.format(**places)
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.write_text(rendered(template, values), encoding="utf-8")


def rendered(template: str, values: Mapping[str, str]) -> str:
    """Give a template's text with its placeholders filled in."""
    text = _text(template)
    for name, value in values.items():
        text = text.replace(f"{{{{{name}}}}}", value)
    return text


def _text(template: str) -> str:
    path = files("shared_components.cli.templates") / f"{template}.txt"
    return _INCLUDED.sub(lambda line: _text(line[1]), path.read_text(encoding="utf-8"))
