"""Another topic of a service, with every room, a migration and tests."""
from __future__ import annotations

import re
from pathlib import Path

from shared_components.cli.errors import WrongUse
from shared_components.cli.new_service.edits import (
    add_mixin,
    add_records,
    arguments_of,
    class_of_service,
    class_of_transaction,
    constructor_of,
)
from shared_components.cli.new_service.files import (
    MIGRATION,
    SERVICE_OF_TOPICS,
    TOPIC,
    class_name,
    rendered,
    values_of,
    write_files,
)
from shared_components.cli.new_service.names import check_topic_name
from shared_components.cli.new_service.rooms import move_rooms, rooms_at_root
from shared_components.cli.new_service.topic_order import put_topics_last
from shared_components.kernel.bilingual import Bilingual
from shared_components.runtime.discovery import SERVICES

_REVISION = re.compile(r"(\d{4})_\w+\.py")


def write_service_of_topics(root: Path, name: str, topic: str) -> None:
    """Write a new service whose rooms lie in its first topic."""
    check_topic_name(topic)
    values = values_of(name, topic)
    of_tests = ("tests_unit", "tests_integration")
    write_files({one: TOPIC[one] for one in of_tests}, root, values_of(name))
    # The package's text speaks of the service, every other file of the topic.
    write_files({"package": SERVICE_OF_TOPICS["package"]}, root, values_of(name))
    write_files(SERVICE_OF_TOPICS, root, values)
    write_files(TOPIC, root, values)
    put_topics_last(root / "pyproject.toml", name, [topic])


def add_topic(root: Path, name: str, topic: str, first_topic: str | None) -> None:
    """Add a topic to a service that exists.

    first_topic: the topic that rooms at the service's root become. Raises WrongUse where it is missing, or is given and
    the service has topics already.
    """
    folder = root / SERVICES / name
    _check(folder, name, topic, first_topic)
    before = [first_topic] if first_topic else []
    if first_topic:
        move_rooms(root, name, first_topic)
    service, transaction = folder / "service.py", folder / "transaction.py"
    last = max(found[1] for path in (folder / "migrations" / "versions").glob("*.py")
               if (found := _REVISION.fullmatch(path.name)))
    values = {
        **values_of(name, topic), "Service": class_of_service(service, name).name,
        **_transaction_of(transaction, name, topic),
        "revision": f"{int(last) + 1:04}", "down_revision": last,
    }
    write_files({**TOPIC, **MIGRATION}, root, values)
    package, prefix = values["package"], class_name(topic)
    add_mixin(service, name, package, f"{prefix}Entrypoints", f"{values['PREFIX']}_EVENTS")
    add_records(transaction, f"{package}.adapters.records", f"Sql{prefix}Records", f"{topic}_records")
    put_topics_last(root / "pyproject.toml", name, [*before, topic])


def _transaction_of(path: Path, name: str, topic: str) -> dict[str, str]:
    """Give the placeholders of the transaction that the topic's tests use."""
    transaction = class_of_transaction(path)
    if arguments_of(constructor_of(transaction)) == ["scope"]:
        return {"Transaction": transaction.name,
                "import_transaction": f"from {SERVICES}.{name}.transaction import {transaction.name}\n"}
    values, kind = values_of(name, topic), f"Sql{class_name(topic)}Records"
    return {"Transaction": "TopicTransaction", "own_transaction": rendered("own_transaction", values),
            "import_transaction": f"from {values['package']}.adapters.records import {kind}\n"}


def _check(folder: Path, name: str, topic: str, first_topic: str | None) -> None:
    """Refuse before anything is written."""
    check_topic_name(topic)
    if first_topic is not None:
        check_topic_name(first_topic)
    if not (folder / "service.py").is_file() or not (folder / "transaction.py").is_file():
        raise WrongUse(Bilingual(
            f"service '{name}' has no service.py and transaction.py; only a service with a database has topics",
            f"服务“{name}”缺少 service.py 或 transaction.py；只有带数据库的服务才能划分主题"))
    for one in (topic, first_topic):
        if one and (folder / one).exists():
            raise WrongUse(Bilingual(
                f"service '{name}' has '{one}' already; another name is allowed",
                f"服务“{name}”中已有“{one}”，请换用其他名称"))
    flat = rooms_at_root(folder)
    if flat and first_topic is None:
        raise WrongUse(Bilingual(
            f"service '{name}' has its rooms at its root; --first-topic NAME is needed, the topic that they become",
            f"服务“{name}”的各层位于服务根目录；请用 --first-topic 指定现有代码归入的主题"))
    if first_topic is not None and (not flat or first_topic == topic):
        raise WrongUse(Bilingual(
            f"--first-topic is '{first_topic}'; it is what the rooms at a service's root become, and not the new topic",
            f"--first-topic 为“{first_topic}”；仅用于服务根目录下已有的各层，且不得与新主题同名"))
    class_of_service(folder / "service.py", name)
    constructor_of(class_of_transaction(folder / "transaction.py"))
