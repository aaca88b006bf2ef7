"""Answers to the steps of a login: each handler gives the login after a right answer, and refuses a wrong one."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.identity.login.domain import steps
from services.identity.login.domain.errors import AnswerMissing, WayNotOffered
from services.identity.login.domain.interaction import Interaction
from services.identity.login.usecases.evidence import Confirm
from services.identity.login.usecases.shown import MYSELF
from services.identity.login.usecases.sign_in import At, SignIn
from services.identity.login.usecases.views import ChoiceView
from services.identity.login.usecases.ways import BY_CODE, BY_PASSWORD, EVIDENCE

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

LONGEST_IDENTIFIER, LONGEST_SECRET, LONGEST_CODE = 254, 1024, 64
NO_RECEIPT = "name-number-match"


@dataclass(frozen=True, slots=True)
class Given:
    """A form. offered: the choices that its step showed. identifier: of a known person, for codes."""

    answers: Mapping[str, str]
    offered: frozenset[str]
    at: At
    identifier: str | None = None

    def text(self, name: str, longest: int) -> str:
        """Raises AnswerMissing."""
        value = self.answers.get(name, "")
        if not value.strip() or len(value) > longest:
            raise AnswerMissing(details={"field": name})
        return value

    def choice(self, name: str) -> str:
        """One of the answers that were offered. Raises AnswerMissing."""
        value = self.answers.get(name, "")
        if value not in self.offered:
            raise AnswerMissing(details={"field": name})
        return value

    @property
    def action(self) -> str:
        return self.answers.get("action", "")


@dataclass(frozen=True, slots=True)
class Handling:
    """sign_in: ways to prove a person. confirm: asks the authority for evidence."""

    sign_in: SignIn
    confirm: Confirm


@dataclass(frozen=True, slots=True)
class Answered:
    """The login after an answer. waits: its step is the next one; else the next one has to be found.

    location: of another identity provider, to which the browser goes.
    """

    interaction: Interaction
    waits: bool = False
    location: str | None = None


Handler = Callable[[Handling, Interaction, Given, "CallContext"], Answered]


def answer(handling: Handling, interaction: Interaction, given: Given, context: CallContext) -> Answered:
    """The login after the answer to its step.

    Raises AnswerMissing, WayNotOffered, and the refusals of the ways to sign in.
    """
    return HANDLERS[interaction.step](handling, interaction, given, context)


def offered(choices: list[ChoiceView]) -> frozenset[str]:
    return frozenset(choice.value for choice in choices)


def _identifier(
    handling: Handling, interaction: Interaction, given: Given, context: CallContext,
) -> Answered:
    provider = given.answers.get("provider")
    if provider is not None:
        if provider not in {each.name for each in handling.sign_in.providers()}:
            raise WayNotOffered
        location = handling.sign_in.leave_for(given.at, provider, context)
        return Answered(interaction.sent_to(provider), True, location)
    if given.action == "passkey":
        return _passkey(handling, interaction, given, context)
    identifier = given.text("identifier", LONGEST_IDENTIFIER)
    begun = interaction.begun_with(identifier)
    if given.action == "code":
        return _sent(handling, begun, identifier, given, context)
    return Answered(begun.at(steps.PASSWORD), True)


def _password(handling: Handling, interaction: Interaction, given: Given, context: CallContext) -> Answered:
    identifier = interaction.progress.identifier or given.identifier or ""
    if given.action == "code":
        return _sent(handling, interaction, identifier, given, context)
    password = given.text("password", LONGEST_SECRET)
    return Answered(interaction.proved(handling.sign_in.password(given.at, identifier, password, context)))


def _code(handling: Handling, interaction: Interaction, given: Given, context: CallContext) -> Answered:
    if given.action == "resend":
        identifier = interaction.progress.identifier or given.identifier or ""
        return _sent(handling, interaction, identifier, given, context)
    code, challenge_id = given.text("code", LONGEST_CODE), interaction.progress.challenge_id or ""
    return Answered(interaction.proved(handling.sign_in.code(given.at, challenge_id, code, context)))


def _sent(
    handling: Handling, interaction: Interaction, identifier: str, given: Given, context: CallContext,
) -> Answered:
    challenge_id = handling.sign_in.send_code(given.at, identifier, context)
    return Answered(interaction.waiting_for(challenge_id), True)


def _second_factor(handling: Handling, interaction: Interaction, given: Given, context: CallContext) -> Answered:
    subject_id = interaction.progress.subject_id or ""
    code = given.text("code", LONGEST_CODE)
    return Answered(interaction.proved(handling.sign_in.second_factor(given.at, subject_id, code, context)))


def _passkey(handling: Handling, interaction: Interaction, given: Given, context: CallContext) -> Answered:
    challenge_id, credential = interaction.progress.challenge_id or "", given.answers.get("credential", "")
    return Answered(interaction.proved(handling.sign_in.passkey(given.at, challenge_id, credential, context)))


def _step_up(handling: Handling, interaction: Interaction, given: Given, context: CallContext) -> Answered:
    if given.action == "passkey":
        return _passkey(handling, interaction, given, context)
    way = given.choice("way")
    if way.startswith(EVIDENCE):
        kind = way.removeprefix(EVIDENCE)
        if kind != NO_RECEIPT:
            return Answered(interaction.needing(kind).at(steps.PRESENCE), True)
        handling.confirm(interaction, kind, "", context)
        return Answered(interaction)
    if way == BY_CODE:
        return _sent(handling, interaction, given.identifier or "", given, context)
    return Answered(interaction.at(steps.PASSWORD if way == BY_PASSWORD else steps.TOTP), True)


def _presence(handling: Handling, interaction: Interaction, given: Given, context: CallContext) -> Answered:
    receipt = given.text("token", LONGEST_SECRET)
    handling.confirm(interaction, interaction.progress.evidence or "", receipt, context)
    return Answered(interaction)


def _post(handling: Handling, interaction: Interaction, given: Given, context: CallContext) -> Answered:
    return Answered(interaction.in_post(given.choice("membership")))


def _principal(handling: Handling, interaction: Interaction, given: Given, context: CallContext) -> Answered:
    chosen = given.choice("principal")
    return Answered(interaction.acting_for(None if chosen == MYSELF else chosen))


def _consent(handling: Handling, interaction: Interaction, given: Given, context: CallContext) -> Answered:
    if given.action != "allow":
        raise AnswerMissing(details={"field": "action"})
    return Answered(interaction.consenting(tuple(sorted(given.offered))))


HANDLERS: Mapping[str, Handler] = {
    steps.IDENTIFIER: _identifier, steps.PASSWORD: _password, steps.CODE: _code, steps.TOTP: _second_factor,
    steps.STEP_UP: _step_up, steps.PRESENCE: _presence, steps.OFFICER_ROLE: _post, steps.PRINCIPAL: _principal,
    steps.CONSENT: _consent, steps.UPSTREAM: _identifier,
}
