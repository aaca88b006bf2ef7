"""Versions that run in each environment: a committed table, whose checksum finds an edit by hand.

A line is `environment participant version`; participants are services and apps. The last line is the checksum.
"""
from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from shared_components.contracts.consumers.errors import DeploymentsEdited, EnvironmentUnknown
from shared_components.kernel.bilingual import Bilingual

HEAD = "# What runs where. Written by `zhongtai contracts record-deployment`; do not edit.\n"
_LINE = re.compile(r"([a-z0-9-]{1,40}) ([a-z0-9_-]{1,64}) ([0-9A-Za-z.+-]{1,40})")
_SUM = re.compile(r"checksum sha256:([0-9a-f]{64})")


@dataclass(frozen=True, order=True)
class Deployment:
    environment: str
    participant: str
    version: str

    @property
    def is_wellformed(self) -> bool:
        """Whether it makes one line of the table."""
        return _LINE.fullmatch(str(self)) is not None

    def __str__(self) -> str:
        return f"{self.environment} {self.participant} {self.version}"


def read_deployments(path: Path) -> tuple[Deployment, ...]:
    """Empty for a file that is not there. Raises DeploymentsEdited, which names the line."""
    if not path.exists():
        return ()
    *lines, last = path.read_text(encoding="utf-8").removeprefix(HEAD).splitlines() or [""]
    found = []
    for number, line in enumerate(lines, 1):
        match = _LINE.fullmatch(line)
        if match is None:
            raise _edited(path, f"line {number} is not 'environment participant version'",
                          f"第 {number} 行不是“环境 参与方 版本”")
        found.append(Deployment(*match.groups()))
    checksum = _SUM.fullmatch(last)
    if checksum is None or checksum[1] != _digest(lines):
        raise _edited(path, "its checksum does not fit its lines; `record-deployment` writes it, nobody else",
                      "校验值与内容不符；只能由 `record-deployment` 写入")
    return tuple(found)


def record_deployment(path: Path, new: Deployment) -> None:
    """Write that a participant runs in a version from now on. Raises DeploymentsEdited for what is there."""
    kept = [one for one in read_deployments(path)
            if (one.environment, one.participant) != (new.environment, new.participant)]
    lines = [str(one) for one in sorted([*kept, new])]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([HEAD.rstrip("\n"), *lines, f"checksum sha256:{_digest(lines)}", ""]), encoding="utf-8")


def running_in(deployments: tuple[Deployment, ...], environment: str) -> dict[str, str]:
    """Participant → version. Raises EnvironmentUnknown, which names those that are known."""
    found = {one.participant: one.version for one in deployments if one.environment == environment}
    if not found:
        known = ", ".join(sorted({one.environment for one in deployments})) or "none"
        raise EnvironmentUnknown(Bilingual(
            f"nothing is recorded for environment '{environment}'; recorded are: {known}",
            f"环境“{environment}”没有部署记录；已有记录：{known}"))
    return found


def _digest(lines: list[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _edited(path: Path, en: str, zh: str) -> DeploymentsEdited:
    return DeploymentsEdited(Bilingual(f"deployments '{path}': {en}", f"部署记录“{path}”：{zh}"))
