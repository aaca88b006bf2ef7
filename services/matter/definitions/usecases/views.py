"""Matters as callers may see them."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.matter.definitions.domain.limits import Limit
from services.matter.definitions.domain.materials import MaterialRule
from services.matter.definitions.domain.model import Step
from services.matter.definitions.domain.problems import LinedProblem
from services.matter.definitions.domain.published import Published


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterView:
    matter_code: str
    version: int
    item_code: str
    title_zh: str
    title_en: str
    department_code: str
    department_name: str
    published_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedView(MatterView):
    warnings: Sequence[LinedProblem]


@dataclass(frozen=True, slots=True)
class GuideStepView:
    step: str
    kind: str
    title_zh: str
    title_en: str
    after: Sequence[str]
    optional: bool
    limit_working_days: int | None


@dataclass(frozen=True, slots=True)
class GuideMaterialView:
    material: str
    title_zh: str
    title_en: str
    required: bool
    conditional: bool
    types: Sequence[str]
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideView(MatterView):
    applicant_kinds: Sequence[str]
    applicant_level: int
    guide: Mapping[str, Any]
    form: Mapping[str, Any]
    materials: Sequence[GuideMaterialView]
    legal_limit: Mapping[str, int]
    promised_limit: Mapping[str, int]
    steps: Sequence[GuideStepView]


@dataclass(frozen=True, slots=True)
class BootstrappedView:
    """definitions: each as {matter_code, version}."""

    definitions: Sequence[Mapping[str, Any]]
    templates: int


def matter_view(published: Published) -> MatterView:
    return MatterView(**_matter(published))


def published_view(published: Published, warnings: Sequence[LinedProblem]) -> PublishedView:
    return PublishedView(**_matter(published), warnings=warnings)


def guide_view(published: Published) -> GuideView:
    definition = published.definition
    return GuideView(
        **_matter(published),
        applicant_kinds=definition.applicant_kinds,
        applicant_level=definition.applicant_level,
        guide=definition.data["guide"],
        form=definition.form,
        materials=[_guide_material(rule) for rule in definition.materials],
        legal_limit=_limit(definition.procedure.legal),
        promised_limit=_limit(definition.procedure.promised),
        steps=[_guide_step(step) for step in definition.steps],
    )


def _matter(published: Published) -> dict[str, Any]:
    definition = published.definition
    return {
        "matter_code": definition.matter_code,
        "version": definition.version,
        "item_code": definition.item_code,
        "title_zh": definition.title.zh,
        "title_en": definition.title.en,
        "department_code": definition.department_code,
        "department_name": definition.department_name.zh,
        "published_at": published.published_at,
    }


def _guide_material(rule: MaterialRule) -> GuideMaterialView:
    return GuideMaterialView(
        rule.name, rule.zh, rule.en, rule.required, rule.required_when is not None, rule.types, rule.most)


def _limit(limit: Limit) -> Mapping[str, int]:
    return {limit.unit: limit.amount, "extension": limit.extension}


def _guide_step(step: Step) -> GuideStepView:
    return GuideStepView(
        step=step.name, kind=step.kind, title_zh=step.title.zh, title_en=step.title.en, after=step.after,
        optional=step.optional or step.when is not None, limit_working_days=step.limit_working_days,
    )
