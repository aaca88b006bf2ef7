"""A login's step, and a page of the account, as the gateway shows them: texts in the reader's language."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ChoiceView:
    value: str
    label: str
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class ProblemView:
    """field: of the form."""

    field: str
    message: str


@dataclass(frozen=True, slots=True)
class StepView:
    """page: the step that waits for the person. location: where the browser goes instead, when the login is over.

    account: whose account it is, masked. choices: of the page; providers: other identity providers.
    leads_to: where the browser goes from here in the end. new_browser: a secret for its cookie.
    """

    interaction: str
    page: str
    location: str | None = None
    language: str | None = None
    app_title: str | None = None
    app_owner: str | None = None
    account: str | None = None
    identifier: str | None = field(default=None, repr=False)
    choices: Sequence[ChoiceView] = ()
    providers: Sequence[ChoiceView] = ()
    level_now: int = 0
    level_needed: int = 0
    restart: bool = True
    leads_to: str | None = None
    errors: Sequence[ProblemView] = ()
    new_browser: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class FactView:
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class RowView:
    """One session, mandate, consent, way to sign in or request; actions: what the person may do with it."""

    id: str
    title: str
    state: str | None = None
    facts: Sequence[FactView] = ()
    actions: Sequence[ChoiceView] = ()


@dataclass(frozen=True, slots=True)
class EnrolmentView:
    """An authenticator app that counts once a code of it was shown. secret: for typing; uri: for a QR code."""

    credential_id: str
    secret: str = field(repr=False)
    uri: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class FileView:
    """A file for the person, which the browser stores. content: base64."""

    name: str
    media_type: str
    content: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AccountView:
    """location: the browser goes there instead, for example to sign in. choices: of the page's own form.

    enrolment, codes: shown once, after the action that made them. file: what the person has asked to fetch.
    """

    account: str | None = None
    location: str | None = None
    notice: str | None = None
    rows: Sequence[RowView] = ()
    choices: Sequence[ChoiceView] = ()
    errors: Sequence[ProblemView] = ()
    new_browser: str | None = field(default=None, repr=False)
    enrolment: EnrolmentView | None = field(default=None, repr=False)
    codes: Sequence[str] = field(default=(), repr=False)
    file: FileView | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class PasskeyOptionsView:
    options: dict[str, object] = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignedOutView:
    signed_out: bool
