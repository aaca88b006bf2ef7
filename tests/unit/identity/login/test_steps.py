"""Which step of a login is next."""
from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.identity.credentials.domain.proof import Proof
from services.identity.login.domain import steps
from services.identity.login.domain.errors import LoginOver, OtherPerson
from services.identity.login.domain.interaction import LIFETIME, Interaction, Wanted, browser_hash
from services.identity.login.domain.steps import Standing, next_step

NOW = datetime(2026, 11, 30, 4, 0, tzinfo=UTC)
SECRET = "a-browser's-secret"
standings = st.builds(
    Standing, known=st.booleans(), two_factors=st.booleans(), level=st.integers(0, 5), needed=st.integers(0, 5),
    is_officer=st.booleans(), has_post=st.booleans(), mandates=st.booleans(), has_principal=st.booleans(),
    consents=st.sampled_from([(), ("licence",)]))


@given(standings)
def test_a_login_is_done_only_when_nothing_lacks(standing: Standing) -> None:
    complete = (
        standing.known and not standing.two_factors and standing.level >= standing.needed and not standing.consents
        and (standing.has_post if standing.is_officer else not standing.mandates or standing.has_principal))
    assert (next_step(standing) == steps.DONE) == complete


@given(standings)
def test_nobody_chooses_or_consents_before_it_is_known_who_they_are_and_how_surely(standing: Standing) -> None:
    if next_step(standing) in (steps.OFFICER_ROLE, steps.PRINCIPAL, steps.CONSENT, steps.DONE):
        assert standing.known
        assert standing.level >= standing.needed
        assert not standing.two_factors


@given(standings)
def test_the_same_facts_lead_to_the_same_step(standing: Standing) -> None:
    assert next_step(standing) in steps.STEPS
    assert next_step(standing) == next_step(standing)


def begun(**more: object) -> Interaction:
    return Interaction(
        "lgn_1", "people", "realm", browser_hash(SECRET), "req_1", None, Wanted(app="app-a"), NOW, NOW + LIFETIME,
        **more)  # type: ignore[arg-type]


def proof(subject: str, method: str = "pwd") -> Proof:
    return Proof(subject, method, NOW)


@pytest.mark.parametrize("secret", [None, "", "another", SECRET + " "])
def test_a_login_counts_in_its_own_browser_alone(secret: str | None) -> None:
    with pytest.raises(LoginOver):
        begun().require_open(secret, NOW)


def test_a_login_ends_with_its_time() -> None:
    login = begun()
    assert login.require_open(SECRET, NOW + LIFETIME / 2) is login
    with pytest.raises(LoginOver):
        login.require_open(SECRET, NOW + LIFETIME)


@pytest.mark.parametrize("state", ["done", "refused"])
def test_a_login_is_used_once(state: str) -> None:
    with pytest.raises(LoginOver):
        begun().ended(state).require_open(SECRET, NOW)


def test_a_further_proof_must_be_the_same_persons() -> None:
    login = begun().proved(proof("sub_1"))
    assert login.proved(proof("sub_1", "otp")).progress.amr == ("otp", "pwd")
    with pytest.raises(OtherPerson):
        login.proved(proof("sub_2", "otp"))


def test_a_proof_of_somebody_else_than_the_browsers_session_is_refused() -> None:
    with pytest.raises(OtherPerson):
        begun().continuing("ses_1", "sub_1").proved(proof("sub_2"))


def test_another_way_keeps_what_was_shown_and_another_account_forgets_it() -> None:
    known = begun().proved(proof("sub_1"))
    assert known.waiting_for("chl_1").restarted().progress == known.progress
    assert known.at(steps.TOTP).restarted().progress.subject_id is None
    session = begun().continuing("ses_1", "sub_1").at(steps.TOTP)
    assert session.restarted().progress.session_id == "ses_1"


def test_nothing_typed_or_secret_stands_in_the_representation() -> None:
    assert "33010619850615002X" not in repr(begun().begun_with("33010619850615002X"))
