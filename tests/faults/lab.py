"""The laboratory: a private broker and database server, which experiments may break, and the list of experiments."""
from __future__ import annotations

import importlib
import pkgutil
import re
import time
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any, Self

import yaml

from shared_components.devstack.postgresql import PrivatePostgreSQL
from shared_components.devstack.rabbitmq import PrivateRabbitMQ
from tests.faults import experiments
from tests.faults.report import Report
from tests.faults.world import World

BUILD = Path("build/faults")
DEPLOY = Path(__file__).parents[2] / "deploy"


class Lab:
    """protections_off: names of tests/faults/switches.py, for the proof that an experiment sees what it looks for."""

    def __init__(
        self, rabbitmq: PrivateRabbitMQ, postgres: PrivatePostgreSQL, *, folder: Path = BUILD,
        protections_off: str = "", broker: Mapping[str, Any] | None = None,
    ) -> None:
        """broker: settings of section `broker`."""
        self.rabbitmq, self.postgres, self.folder = rabbitmq, postgres, folder
        self._broker = broker
        self.protections_off = protections_off

    @classmethod
    def private(cls) -> Lab:
        return cls(_broker_as_shipped(), PrivatePostgreSQL(durable=False))

    def __enter__(self) -> Self:
        self.rabbitmq.__enter__()
        self.postgres.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.rabbitmq.stop()
        self.postgres.stop()

    def world(self, name: str, *services: str, bus: Mapping[str, Any] | None = None, **environment: str) -> World:
        if not self.rabbitmq.running:
            self.rabbitmq.start()
        if not self.postgres.running:
            self.postgres.start()
        if self.protections_off:
            environment["ZHONGTAI_FAULTS_OFF"] = self.protections_off
        folder = (self.folder / "logs" / name).resolve()
        return World(self.rabbitmq, self.postgres, folder, *services, bus=bus, broker=self._broker, **environment)

    def blind_to(self, protections: str) -> Lab:
        """The same laboratory with these protections of the bus turned off."""
        return Lab(self.rabbitmq, self.postgres, folder=self.folder, protections_off=protections)


def _broker_as_shipped() -> PrivateRabbitMQ:
    """With the limit of messages and the runtime's arguments that are in deploy/."""
    lines = (DEPLOY / "rabbitmq" / "rabbitmq.conf").read_text().splitlines()
    settings = [line for line in lines if line.startswith("max_message_size")]
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    runtime = compose["services"]["rabbitmq"]["environment"]["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"]
    return PrivateRabbitMQ(settings=settings, runtime=runtime)


def found_experiments() -> dict[str, ModuleType]:
    """id → module, ordered by letter and number."""
    modules = [importlib.import_module(f"{experiments.__name__}.{one.name}")
               for one in pkgutil.iter_modules(experiments.__path__)]  # fmt: skip
    by_id = {module.ID: module for module in modules if hasattr(module, "ID")}
    return dict(sorted(by_id.items(), key=lambda item: _order(item[0])))


def _order(experiment_id: str) -> tuple[str, int]:
    letter, number = re.fullmatch(r"([A-Z])(\d+)", experiment_id).groups()  # type: ignore[union-attr]
    return letter, int(number)


def run(lab: Lab, module: ModuleType, seed: int, operations: int | None) -> Report:
    """Run one experiment and write what it found."""
    report = Report(module.ID, module.TITLE, module.TARGET, seed, operations or module.OPERATIONS,
                    unit=getattr(module, "UNIT", "operations"))  # fmt: skip
    began = time.monotonic()
    try:
        module.run(lab, report)
    except Exception as error:
        report.add("the experiment itself", {}, [f"ended with {type(error).__name__}: {error}"[:2000]])
    report.seconds = time.monotonic() - began
    report.write(lab.folder)
    return report
