"""Facts that a login has reached: they decide its next step."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from services.identity.credentials.domain.credential import ACTIVE, TOTP
from services.identity.credentials.domain.ports import HasCredentials
from services.identity.directory.domain.membership import Membership
from services.identity.directory.domain.ports import HasMemberships, HasRealms
from services.identity.login.domain.interaction import Interaction
from services.identity.login.domain.steps import Standing
from services.identity.login.usecases.consenting import ConsentingTx, scopes_to_consent
from services.identity.mandates.domain.mandate import Mandate
from services.identity.mandates.domain.ports import HasMandates
from services.identity.mandates.usecases.live import mandates_of_agent
from services.identity.sessions.domain.methods import KEYS, supported_level
from services.identity.sessions.domain.ports import HasSessions
from services.identity.sessions.domain.session import Session
from services.identity.subjects.domain.documents import china_today
from services.identity.subjects.domain.ports import HasPolicy, HasSubjects
from services.identity.subjects.domain.subject import Subject
from shared_components.kernel.transactions import HasClock


class StandingTx(
    ConsentingTx, HasClock, HasCredentials, HasMandates, HasMemberships, HasPolicy, HasRealms, HasSessions,
    HasSubjects, Protocol,
):
    """The transaction of looking at a login."""


@dataclass(frozen=True, slots=True)
class Reached:
    """subject: None while nobody is known. session: of the browser, where it counts for this login.

    evidence: the level that evidence gives. amr: how the person has signed in. posts, mandates: to choose from.
    mandate: the one that was chosen, while it is live.
    """

    standing: Standing
    subject: Subject | None = None
    session: Session | None = None
    evidence: int = 0
    amr: tuple[str, ...] = ()
    posts: Sequence[Membership] = ()
    mandates: Sequence[Mandate] = ()
    mandate: Mandate | None = None


NOBODY = Reached(Standing(known=False))


def reached_by(tx: StandingTx, interaction: Interaction) -> Reached:
    """Look at a login as it is now: a session may have ended since, and evidence may have been added."""
    progress, wanted, now = interaction.progress, interaction.wanted, tx.clock.now()
    if progress.subject_id is None:
        return NOBODY
    session = None if progress.session_id is None else tx.sessions.get(progress.session_id)
    if progress.session_id is not None and (session is None or not session.is_live(now)):
        return NOBODY
    subject = tx.subjects.get(interaction.tenant, progress.subject_id)
    if subject is None:
        return NOBODY
    amr = tuple(sorted({*progress.amr, *(session.amr if session else ())}))
    proven = max(supported_level(amr), session.proven_level if session else 0)
    evidence = subject.level(tx.policy.levels, now)
    posts = posts_of(tx, interaction, subject) if wanted.is_officer else []
    mandates = [] if wanted.is_officer or wanted.app is None else mandates_of_agent(tx, subject.subject_id, now)
    mandate = next((each for each in mandates if each.mandate_id == progress.mandate_id), None)
    standing = Standing(
        known=True, two_factors=session is None and _lacks_second_factor(tx, interaction, subject),
        level=min(evidence, proven), needed=max(wanted.level, 1), is_officer=wanted.is_officer,
        has_post=any(post.membership_id == progress.membership_id for post in posts), mandates=bool(mandates),
        has_principal=progress.has_principal and (mandate is None) == (progress.mandate_id is None),
        consents=scopes_to_consent(tx, interaction, mandate.principal_id if mandate else subject.subject_id))
    return Reached(standing, subject, session, evidence, amr, posts, mandates, mandate)


def posts_of(tx: StandingTx, interaction: Interaction, subject: Subject) -> Sequence[Membership]:
    """Memberships that an officer may work in here: those of the console's department."""
    entry = tx.realms.entry(interaction.tenant)
    if entry is None:
        return []
    today, department = china_today(tx.clock.now()), interaction.wanted.department_id
    realm = tx.realms.get(entry.realm_id)
    # The console of the realm's owning department serves the officers of all departments.
    everywhere = realm is not None and realm.department_id == department
    return [
        each for each in tx.memberships.active(entry.realm_id, subject_id=subject.subject_id)
        if each.holds(today) and (everywhere or each.department_id == department)]


def _lacks_second_factor(tx: StandingTx, interaction: Interaction, subject: Subject) -> bool:
    """A passkey is two factors by itself; a code that was sent does not replace the authenticator app."""
    progress = interaction.progress
    if KEYS & set(progress.amr) or any(proof.method == "otp" and proof.credential_id for proof in progress.proofs):
        return False
    return any(each.kind == TOTP and each.state == ACTIVE for each in tx.credentials.of(subject.subject_id))
