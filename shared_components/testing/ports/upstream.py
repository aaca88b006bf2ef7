"""Promises of every other identity provider: what our relying party needs (fixture `upstream`: see Upstream)."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from services.identity.upstream.adapters.openid import OpenIdProvider
from services.identity.upstream.domain.answers import answer_of
from services.identity.upstream.domain.connection import OpenIdSettings
from services.identity.upstream.domain.errors import ProviderUnavailable, UpstreamRefused
from services.identity.upstream.domain.provider import ProviderPolicy, SignIn, UpstreamPerson

LIN, ZHANG = "33010619850615002X", "330106199003070014"
"""Synthetic persons that the provider under test has: 林静 and another, both with a resident identity card (111)."""
REDIRECT_URI = "http://127.0.0.1:9/login/upstream/national"
"""Registered at the provider under test; nobody listens there."""
SIGN_IN = SignIn("state-1", "nonce-1", "v" * 43, REDIRECT_URI)
Browse = Callable[[str, "str | None"], str]


POLICY = ProviderPolicy(
    "national", "统一身份认证", "National identity", {"level-3": "proof-of-presence"}, trusted_for_documents=True,
    registers=True)


@dataclass(frozen=True)
class Upstream:
    """browse: walks from the address of a request to the query of the answer; a number of None gives up."""

    settings: OpenIdSettings
    browse: Browse
    policy: ProviderPolicy = POLICY


def relying(upstream: Upstream) -> OpenIdProvider:
    return OpenIdProvider(upstream.policy, upstream.settings)


def sign_in(
    upstream: Upstream, number: str = LIN, *, begun: SignIn = SIGN_IN, finished: SignIn = SIGN_IN,
    later: timedelta = timedelta(),
) -> UpstreamPerson:
    party = relying(upstream)
    query = upstream.browse(party.address(begun, locale="zh-CN"), number)
    return party.person(finished, answer_of(query), at=datetime.now(UTC) + later)


class UpstreamSuite:
    """Sign-ins from the address of a request to the person, and what must not be taken."""

    def test_a_person_is_known_by_a_stable_id_and_with_name_and_document(self, upstream: Upstream) -> None:
        first, again, other = sign_in(upstream), sign_in(upstream), sign_in(upstream, ZHANG)
        assert (first.issuer, first.upstream_id) == (again.issuer, again.upstream_id)
        assert first.issuer == upstream.settings.issuer and first.upstream_id != other.upstream_id
        assert (first.name, first.id_type, first.id_number) == ("林静", "111", LIN)

    def test_the_answer_carries_state_and_issuer(self, upstream: Upstream) -> None:
        answer = answer_of(upstream.browse(relying(upstream).address(SIGN_IN, locale="en"), LIN))
        assert (answer.state, answer.issuer) == ("state-1", upstream.settings.issuer)

    def test_who_gives_up_brings_an_error_and_no_code(self, upstream: Upstream) -> None:
        answer = answer_of(upstream.browse(relying(upstream).address(SIGN_IN, locale="en"), None))
        assert answer.code is None and answer.error == "access_denied"

    @pytest.mark.parametrize("finished", [
        replace(SIGN_IN, verifier="w" * 43), replace(SIGN_IN, nonce="nonce-2"),
        replace(SIGN_IN, redirect_uri=REDIRECT_URI + "/other"),
    ], ids=["verifier", "nonce", "redirect address"])
    def test_a_code_is_redeemed_with_the_secrets_of_its_own_sign_in_only(
        self, upstream: Upstream, finished: SignIn,
    ) -> None:
        with pytest.raises(UpstreamRefused):
            sign_in(upstream, finished=finished)

    def test_a_code_counts_once(self, upstream: Upstream) -> None:
        party = relying(upstream)
        answer = answer_of(upstream.browse(party.address(SIGN_IN, locale="zh-CN"), LIN))
        party.person(SIGN_IN, answer, at=datetime.now(UTC))
        with pytest.raises(UpstreamRefused):
            party.person(SIGN_IN, answer, at=datetime.now(UTC))

    def test_a_token_that_is_over_is_refused(self, upstream: Upstream) -> None:
        with pytest.raises(UpstreamRefused):
            sign_in(upstream, later=timedelta(hours=2))

    def test_another_issuers_answer_another_secret_and_another_algorithm_are_refused(self, upstream: Upstream) -> None:
        party = relying(upstream)
        answer = answer_of(upstream.browse(party.address(SIGN_IN, locale="zh-CN"), LIN))
        with pytest.raises(UpstreamRefused):
            party.person(SIGN_IN, replace(answer, issuer="https://other.example"), at=datetime.now(UTC))
        with pytest.raises(UpstreamRefused):
            party.person(SIGN_IN, replace(answer, issuer=None), at=datetime.now(UTC))
        for settings in (
            replace(upstream.settings, client_secret=upstream.settings.client_secret[::-1]),
            replace(upstream.settings, algorithm="RS256"),
        ):
            with pytest.raises(UpstreamRefused):
                sign_in(replace(upstream, settings=settings))

    def test_a_provider_that_is_another_issuer_than_configured_is_not_used(self, upstream: Upstream) -> None:
        settings = replace(upstream.settings, issuer=upstream.settings.issuer + "/")
        with pytest.raises(ProviderUnavailable):
            OpenIdProvider(upstream.policy, settings).address(SIGN_IN, locale="zh-CN")
