"""A matter's definition, built from data that has passed the schema and the checks."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.matter.definitions.domain.documents import DocumentRules
from services.matter.definitions.domain.expressions import Expression
from services.matter.definitions.domain.limits import ProcedureRules
from services.matter.definitions.domain.materials import MaterialRule
from services.matter.definitions.domain.upgrade import upgraded_settings


@dataclass(frozen=True, slots=True)
class Text:
    zh: str
    en: str

    @classmethod
    def of(cls, data: Mapping[str, str]) -> Text:
        return cls(data["zh"], data["en"])


@dataclass(frozen=True)
class Step:
    """settings: the `with` of its kind. optional: its refusal does not refuse the case."""

    name: str
    kind: str
    title: Text
    after: tuple[str, ...]
    when: Expression | None
    optional: bool
    limit_working_days: int | None
    settings: Mapping[str, Any]
    compensation: str | None

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Step:
        return cls(
            name=data["step"],
            kind=data["kind"],
            title=Text.of(data["title"]),
            after=tuple(data.get("after", ())),
            when=Expression(data["when"]) if "when" in data else None,
            optional=data.get("optional", False),
            limit_working_days=data.get("limit_working_days"),
            settings=upgraded_settings(data.get("with", {})),
            compensation=data.get("compensation"),
        )


@dataclass(frozen=True, slots=True)
class Notice:
    """on: a step's name (told when it is completed) or a moment of the case (`submitted`, `completed`, …)."""

    on: str
    template: str
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpenCases:
    """most: how many cases an applicant may have open at a time. object_field: the form's field that names what a case
    is about, such as a vehicle; the limit then holds for each object. None: for the matter as a whole.
    """

    most: int
    object_field: str | None

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> OpenCases:
        return cls(data.get("most", 1), data.get("object_field"))


@dataclass(frozen=True)
class Definition:
    """data: the declaration as it was published; the other fields are read from it."""

    matter_code: str
    version: int
    data: Mapping[str, Any]
    title: Text
    item_code: str
    department_code: str
    department_name: Text
    applicant_kinds: tuple[str, ...]
    applicant_level: int
    steps: tuple[Step, ...]
    notices: tuple[Notice, ...]
    open_cases: OpenCases
    procedure: ProcedureRules
    materials: tuple[MaterialRule, ...]
    documents: DocumentRules | None

    @classmethod
    def of(cls, data: Mapping[str, Any], version: int) -> Definition:
        return cls(
            matter_code=data["matter_code"],
            version=version,
            data=data,
            title=Text.of(data["title"]),
            item_code=data["item_code"],
            department_code=data["department"]["code"],
            department_name=Text.of(data["department"]["name"]),
            applicant_kinds=tuple(data["applicant"]["kinds"]),
            applicant_level=data["applicant"]["level"],
            steps=tuple(Step.of(step) for step in data["steps"]),
            notices=tuple(_notice(notice) for notice in data.get("notifications", ())),
            open_cases=OpenCases.of(data.get("open_cases", {})),
            procedure=ProcedureRules.of(data.get("procedure", {})),
            materials=tuple(MaterialRule.of(one) for one in data.get("materials", ())),
            documents=DocumentRules.of(data.get("documents")),
        )

    @property
    def form(self) -> Mapping[str, Any]:
        form: Mapping[str, Any] = self.data["form"]
        return form

    @property
    def invites_rating(self) -> bool:
        return bool(self.data.get("rating", False))

    def step(self, name: str) -> Step:
        return next(step for step in self.steps if step.name == name)

    def notices_on(self, moment: str) -> Sequence[Notice]:
        return [notice for notice in self.notices if notice.on == moment]


def _notice(data: Mapping[str, Any]) -> Notice:
    return Notice(data["on"], data["template"], tuple(data["channels"]))
