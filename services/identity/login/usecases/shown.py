"""The page of a login's step."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from services.identity.directory.domain.ports import HasDepartments
from services.identity.login.domain import steps
from services.identity.login.domain.interaction import Interaction
from services.identity.login.usecases.sign_in import Provider
from services.identity.login.usecases.standing import NOBODY, Reached, StandingTx, reached_by
from services.identity.login.usecases.views import ChoiceView, ProblemView, StepView
from services.identity.login.usecases.ways import ways
from services.identity.mandates.domain.mandate import Mandate
from services.identity.openid.domain.scopes import title_of
from shared_components.kernel.bilingual import Bilingual, in_locale
from shared_components.kernel.numbers import mask_name

MYSELF = "self"
ROLES = {
    "handler": Bilingual("handler", "经办"), "approver": Bilingual("approver", "审批"),
    "finance": Bilingual("finance", "财务"), "auditor": Bilingual("auditor", "审计"),
    "manager": Bilingual("manager", "负责人"),
}
ONLY_MYSELF = Bilingual("Myself", "本人")


class ShownTx(StandingTx, HasDepartments, Protocol):
    """The transaction of showing a step."""


def shown(
    tx: ShownTx, interaction: Interaction, locale: str, *, providers: Sequence[Provider] = (),
    problems: Sequence[ProblemView] = (),
) -> StepView:
    """The step as it waits for the person now."""
    wanted, step = interaction.wanted, interaction.step
    reached = reached_by(tx, interaction)
    return StepView(
        interaction.interaction_id, step, language=wanted.language, app_title=wanted.title, app_owner=wanted.owner,
        account=mask_name(reached.subject.name) if reached.subject is not None else None,
        identifier=(interaction.progress.identifier or wanted.hint) if step == steps.IDENTIFIER else None,
        choices=choices(tx, interaction, reached, locale),
        providers=[
            ChoiceView(each.name, each.title_zh if locale.startswith("zh") else each.title) for each in providers
        ] if step == steps.IDENTIFIER else [],
        level_now=reached.standing.level, level_needed=reached.standing.needed,
        restart=not interaction.keeps_person, leads_to=wanted.redirect_uri, errors=problems)


def choices(tx: ShownTx, interaction: Interaction, reached: Reached, locale: str) -> Sequence[ChoiceView]:
    """Answers that the step offers; no other one is taken."""
    if reached is NOBODY:
        return []
    if interaction.step == steps.STEP_UP:
        return ways(tx, reached, locale)
    if interaction.step == steps.OFFICER_ROLE:
        return _posts(tx, interaction, reached, locale)
    if interaction.step == steps.PRINCIPAL:
        return [ChoiceView(MYSELF, in_locale(ONLY_MYSELF, locale)),
                *(_principal(each, locale) for each in reached.mandates)]
    if interaction.step == steps.CONSENT:
        return [ChoiceView(scope, in_locale(title_of(scope), locale)) for scope in reached.standing.consents]
    return []


def _posts(tx: ShownTx, interaction: Interaction, reached: Reached, locale: str) -> list[ChoiceView]:
    found = []
    for post in reached.posts:
        department = tx.departments.get(post.realm_id, post.department_id)
        roles = [in_locale(ROLES[role], locale) for role in post.roles]
        joint = "、" if locale.startswith("zh") else ", "
        found.append(ChoiceView(
            post.membership_id, department.name if department else post.department_id, joint.join(roles)))
    return found


def _principal(mandate: Mandate, locale: str) -> ChoiceView:
    until = mandate.terms.valid_until
    hint = None if until is None else in_locale(Bilingual(f"until {until}", f"有效期至 {until}"), locale)
    return ChoiceView(mandate.mandate_id, mandate.principal_name, hint)
