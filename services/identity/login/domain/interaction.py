"""A login on its way, in one browser."""
from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from services.identity.credentials.domain.proof import Proof
from services.identity.login.domain import steps
from services.identity.login.domain.errors import LoginOver, OtherPerson

LIFETIME = timedelta(minutes=30)
OPEN, DONE, REFUSED = "open", "done", "refused"
ACCOUNT_PAGES = ("sessions", "mandates", "consents", "sign-in", "requests")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Demands of the app, or of a page of the account, on the login.

    app: the client's name; None for the account. owner, department_id: the department whose app it is.
    is_officer: an officers' console. level: the least assurance level. ask_consent: also where consent was given
    before. language: `zh`, `en` or None. redirect_uri: of the app.
    """

    app: str | None = None
    title: str | None = None
    owner: str | None = None
    department_id: str | None = None
    is_officer: bool = False
    scopes: tuple[str, ...] = ()
    level: int = 0
    ask_consent: bool = False
    hint: str | None = None
    language: str | None = None
    redirect_uri: str | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """Things that the person has shown and chosen so far.

    identifier: as typed. challenge_id: of the code or passkey that was asked for. session_id: the browser's session
    that counts, or that these proofs step up. upstream: the provider that the browser was sent to. consents: scopes
    that the person has allowed. evidence: the kind that the authority is asked for.
    """

    identifier: str | None = field(default=None, repr=False)
    challenge_id: str | None = None
    subject_id: str | None = None
    proofs: tuple[Proof, ...] = ()
    session_id: str | None = None
    membership_id: str | None = None
    has_principal: bool = False
    mandate_id: str | None = None
    consents: tuple[str, ...] = ()
    evidence: str | None = None
    upstream: str | None = None

    @property
    def amr(self) -> tuple[str, ...]:
        return tuple(sorted({proof.method for proof in self.proofs}))


@dataclass(frozen=True, slots=True)
class Interaction:
    """browser_hash: of the secret in the browser's cookie; the login counts in that browser alone.

    tenant: of the population. realm_id: of its realm. request_id: of the authorization request; None: target names a
    page of the account.
    """

    interaction_id: str
    tenant: str
    realm_id: str
    browser_hash: str
    request_id: str | None
    target: str | None
    wanted: Wanted
    created_at: datetime
    expires_at: datetime
    step: str = steps.IDENTIFIER
    state: str = OPEN
    progress: Progress = field(default_factory=Progress)
    revision: int = 1

    @property
    def tenants(self) -> frozenset[str]:
        """Tenants whose rows the login reads: the population's, and the realm's directory."""
        return frozenset({self.tenant, self.realm_id})

    def require_open(self, browser: str | None, at: datetime) -> Interaction:
        """The login itself. Raises LoginOver for one of another browser, too: nobody is told that it exists."""
        if browser is None or not hmac.compare_digest(self.browser_hash, browser_hash(browser)):
            raise LoginOver
        if self.state != OPEN or at >= self.expires_at:
            raise LoginOver
        return self

    def proved(self, proof: Proof) -> Interaction:
        """The login after a proof. Raises OtherPerson when somebody else is known already."""
        known = self.progress.subject_id
        if known is not None and known != proof.subject_id:
            raise OtherPerson
        return self._with(subject_id=proof.subject_id, proofs=(*self.progress.proofs, proof), challenge_id=None)

    def begun_with(self, identifier: str) -> Interaction:
        return self._with(identifier=identifier, challenge_id=None)

    def waiting_for(self, challenge_id: str) -> Interaction:
        return replace(self._with(challenge_id=challenge_id), step=steps.CODE)

    def asked(self, challenge_id: str) -> Interaction:
        """The login while its browser is asked for a passkey."""
        return self._with(challenge_id=challenge_id)

    def sent_to(self, provider: str) -> Interaction:
        return replace(self._with(upstream=provider), step=steps.UPSTREAM)

    def continuing(self, session_id: str, subject_id: str) -> Interaction:
        """The login of somebody who has a session in this browser already."""
        return self._with(session_id=session_id, subject_id=subject_id)

    def in_post(self, membership_id: str) -> Interaction:
        return self._with(membership_id=membership_id)

    def acting_for(self, mandate_id: str | None) -> Interaction:
        """mandate_id: None: the person acts for themselves."""
        return self._with(has_principal=True, mandate_id=mandate_id)

    def consenting(self, scopes: tuple[str, ...]) -> Interaction:
        """scopes: those that the page showed."""
        return self._with(consents=tuple(sorted({*self.progress.consents, *scopes})))

    def needing(self, evidence: str) -> Interaction:
        """The login while the authority is asked for this kind of evidence."""
        return self._with(evidence=evidence)

    def begun_anew(self) -> Interaction:
        """Forget everything that was shown and chosen."""
        return replace(self, progress=Progress(), step=steps.IDENTIFIER)

    @property
    def keeps_person(self) -> bool:
        """Whether another way, and not another account, is what remains to choose."""
        known = self.progress.subject_id is not None
        return known and (self.progress.session_id is not None or self.step != steps.TOTP)

    def restarted(self) -> Interaction:
        """Forget what was begun; of a known person, what was shown stays."""
        return self._with(challenge_id=None, evidence=None) if self.keeps_person else self.begun_anew()

    def at(self, step: str) -> Interaction:
        return replace(self, step=step)

    def ended(self, state: str) -> Interaction:
        return replace(self, state=state, step=steps.DONE)

    def saved(self) -> Interaction:
        return replace(self, revision=self.revision + 1)

    def _with(self, **changes: object) -> Interaction:
        return replace(self, progress=replace(self.progress, **changes))  # type: ignore[arg-type]


def browser_hash(secret: str) -> str:
    """The secret has 256 random bits, so a plain hash of it is as hard to undo as a slow one."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
