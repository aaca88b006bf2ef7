"""The file of `zhongtai autoscale`: bounds, aims and schedules of each service."""
from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from marshmallow import ValidationError, fields, validate

from shared_components.configuration.errors import ConfigurationError, explain
from shared_components.configuration.fields import ALLOWED, MEANING, Section, number, text, whole
from shared_components.configuration.file import read_file
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.callers import GATEWAY
from shared_components.runtime.autoscaling.schedules import Schedule, overlap, problem_of
from shared_components.runtime.worker_counts import MOST

CHINA = "Asia/Shanghai"


@dataclass(frozen=True)
class Rule:
    """Bounds and aims of one service.

    floor, ceiling: processes. calls_per_process: waiting and running calls that a process is to have at most.
    wait_p95_ms: how long calls may wait. down_after_s: the load must be low for so long before a process leaves.
    """

    service: str
    floor: int
    ceiling: int
    calls_per_process: int
    wait_p95_ms: float
    down_after_s: float
    schedules: tuple[Schedule, ...] = ()

    def floor_at(self, now: datetime) -> tuple[int, str]:
        """Give the floor, and the name of the schedule that raised it; empty without one."""
        raised = [(one.floor, one.name) for one in self.schedules if one.active(now)]
        floor, name = max(raised, default=(self.floor, ""))
        return (floor, name) if floor > self.floor else (self.floor, "")


@dataclass(frozen=True)
class Plan:
    """every_s: how often the load is looked at."""

    every_s: float
    rules: tuple[Rule, ...]


class ScheduleSection(Section):
    name = fields.String(required=True, validate=validate.Length(1, 80), metadata={ALLOWED: "a name"})
    start = fields.String(required=True, validate=validate.Length(1, 100), metadata={
        ALLOWED: "a cron expression such as '0 8 1-15 * *', or a date and time"})
    end = fields.String(required=True, validate=validate.Length(1, 100), metadata={
        ALLOWED: "a cron expression such as '0 20 1-15 * *', or a date and time"})
    time_zone = text(CHINA, "Of start and end", allowed="the name of a time zone, such as Asia/Shanghai")
    floor = whole(2, 1, MOST, "Processes at least, meanwhile")


class RuleSection(Section):
    floor = whole(2, 1, MOST, "Processes at least")
    ceiling = whole(8, 1, MOST, "Processes at most")
    calls_per_process = whole(64, 1, 100_000, "Waiting and running calls that a process is to have at most")
    wait_p95_ms = number(200, 1, 60_000, "How long 95 % of the calls may wait at most")
    down_after_s = number(180, 120, 300, "How long the load must be low before processes leave")
    schedules = fields.List(fields.Nested(ScheduleSection), load_default=list, validate=validate.Length(0, 50),
                            metadata={
        ALLOWED: "a list of schedules: name, start, end, time_zone, floor", MEANING: "Known peaks"})


class PlanSection(Section):
    every_s = number(5, 1, 300, "How often the load is looked at")
    services = fields.Dict(
        keys=fields.String(), values=fields.Dict(metadata={ALLOWED: "a mapping"}), required=True,
        validate=validate.Length(1), metadata={ALLOWED: "a mapping from a service to its floor, ceiling and aims"})


def read_plan(path: str, known: Collection[str], now: datetime | None = None) -> Plan:
    """known: the services that may be scaled. Raises ConfigurationError, which names the key and what is allowed."""
    given = read_file(path)
    try:
        loaded: dict[str, Any] = PlanSection().load(given)
    except ValidationError as wrong:
        raise explain(wrong.messages, given, schema=PlanSection()) from wrong
    moment = now or datetime.now(UTC)
    return Plan(loaded["every_s"], tuple(
        _rule(name, section, known, moment) for name, section in loaded["services"].items()))


def _rule(name: str, given: Mapping[str, Any], known: Collection[str], now: datetime) -> Rule:
    key = f"services.{name}"
    if name not in known or name == GATEWAY:
        allowed = [one for one in known if one != GATEWAY]
        raise _wrong(key, f"is no service that can be scaled here; allowed: {', '.join(allowed)}",
                     f"不是可伸缩的服务；允许：{'、'.join(allowed)}")
    try:
        section: dict[str, Any] = RuleSection().load(given)
    except ValidationError as wrong:
        raise explain(wrong.messages, given, prefix=("services", name), schema=RuleSection()) from wrong
    if section["ceiling"] < section["floor"]:
        raise _wrong(key, f"has ceiling {section['ceiling']} below floor {section['floor']}; at least the floor is "
                     "allowed", f"的上限 {section['ceiling']} 小于下限 {section['floor']}；上限须不小于下限")
    schedules = tuple(_schedule(f"{key}.schedules.{number}", one, section["ceiling"], now)
                      for number, one in enumerate(section["schedules"]))
    names = [schedule.name for schedule in schedules]
    if len(set(names)) != len(names):
        raise _wrong(f"{key}.schedules", "has two schedules of one name; a name of its own is allowed for each",
                     "中有两个同名的计划；每个计划须有各自的名称")
    found = overlap(schedules, now)
    if found is not None:
        one, other, at = found
        raise _wrong(f"{key}.schedules",
                     f"has '{one}' and '{other}', which overlap at {at.isoformat()}; one at a time is allowed",
                     f"中“{one}”与“{other}”在 {at.isoformat()} 重叠；同一时刻只允许一个")
    return Rule(name, section["floor"], section["ceiling"], section["calls_per_process"], section["wait_p95_ms"],
                section["down_after_s"], schedules)


def _schedule(key: str, section: Mapping[str, Any], ceiling: int, now: datetime) -> Schedule:
    try:
        zone = ZoneInfo(section["time_zone"])
    except (ZoneInfoNotFoundError, ValueError, OSError):
        named = section["time_zone"][:60]
        raise _wrong(f"{key}.time_zone", f"is '{named}'; the name of a time zone is allowed, such as {CHINA}",
                     f"为“{named}”；须为时区名称，如 {CHINA}") from None
    schedule = Schedule(section["name"], section["start"], section["end"], zone, section["floor"])
    problem = problem_of(schedule, now)
    if problem is not None:
        raise _wrong(key, f"('{schedule.name}') {problem}", f"（“{schedule.name}”）有误：{problem}")
    if schedule.floor > ceiling:
        raise _wrong(f"{key}.floor", f"is {schedule.floor}; at most the ceiling, {ceiling}, is allowed",
                     f"为 {schedule.floor}；不得超过上限 {ceiling}")
    return schedule


def _wrong(key: str, what: str, what_zh: str) -> ConfigurationError:
    return ConfigurationError(Bilingual(
        f"configuration key '{key}' {what}", f"配置项 {key} {what_zh}"), details={"key": key})
