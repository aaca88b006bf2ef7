"""Whose account a sign-in at another provider opens: by link, by document, by registering, or nobody's."""
from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from services.identity.directory.usecases.create_realm import CreateRealm, create_realm
from services.identity.subjects import usecases as subjects
from services.identity.subjects.domain import states
from services.identity.subjects.domain.documents import CREDIT_CODE
from services.identity.upstream.domain.errors import (
    LinkNotFound,
    LinkTaken,
    UpstreamNotLinked,
    UpstreamRefused,
    UpstreamSignInOver,
)
from services.identity.upstream.domain.provider import (
    Answer,
    ProviderPolicy,
    SignIn,
    UpstreamOrganisation,
    UpstreamPerson,
)
from services.identity.upstream.usecases.begin import BeginUpstream, begin_upstream
from services.identity.upstream.usecases.finish import FinishUpstream, finish_upstream
from services.identity.upstream.usecases.links import ByLink, ListLinks, list_links, unlink
from shared_components.kernel.acting import Acting
from shared_components.kernel.calls import CallContext
from shared_components.kernel.clock import FixedClock
from tests.unit.identity.conftest import AT
from tests.unit.identity.worlds import SqlTransactions

REALM = "city"
CONTEXT = CallContext("gateway", REALM, op_id="op-1")
LIN = UpstreamPerson("https://id.example", "stable-1", "receipt-1", AT, "high", "林静", "111", "33010619850615002X")
TRUSTED = ProviderPolicy(
    "national", "统一身份认证", "National identity", {"high": "proof-of-presence"}, trusted_for_documents=True,
    registers=True)


@dataclass
class Known:
    """A provider that says what the test wants, and all of its kind."""

    policy: ProviderPolicy = TRUSTED
    says: UpstreamPerson = LIN
    redeemed: list[SignIn] = field(default_factory=list)

    def address(self, sign_in: SignIn, *, locale: str) -> str:
        return f"https://id.example/authorize?state={sign_in.state}"

    def person(self, sign_in: SignIn, answer: Answer, *, at: datetime) -> UpstreamPerson:
        self.redeemed.append(sign_in)
        return self.says

    def get(self, name: str) -> Known:
        return self

    def offered(self) -> list[ProviderPolicy]:
        return [self.policy]


class World:
    def __init__(self, transactions: SqlTransactions, clock: FixedClock) -> None:
        self.transactions, self.clock, self.provider = transactions, clock, Known()
        with transactions.begin("*") as tx:
            create_realm(tx, CreateRealm(REALM, "示范市", "数据局"), CallContext("operator", REALM))

    def register(self, name: str = "林静", number: str = "33010619850615002X") -> str:
        with self.transactions.begin(REALM) as tx:
            command = subjects.RegisterPerson(name, "111", number, "zh-CN")
            return subjects.register_person(tx, command, CONTEXT).subject_id

    def begin(self, *, binding: str = "login-1", subject_id: str | None = None) -> str:
        begun = begin_upstream(self.transactions, self.provider, BeginUpstream(
            "national", binding, "https://city.example/login/upstream/national", subject_id), CONTEXT)
        return parse_qs(urlsplit(begun.location).query)["state"][0]

    def finish(self, state: str, *, binding: str = "login-1", provider: str = "national") -> str:
        return finish_upstream(self.transactions, self.provider, FinishUpstream(
            provider, f"code=c&state={state}", binding), CONTEXT).subject_id

    def sign_in(self, person: UpstreamPerson = LIN, *, subject_id: str | None = None) -> str:
        self.provider.says = person
        return self.finish(self.begin(subject_id=subject_id))

    def level(self, subject_id: str) -> int:
        with self.transactions.begin(REALM) as tx:
            found = tx.subjects.get(REALM, subject_id)
            assert found is not None
            return found.level(tx.policy.levels, self.clock.now())

    def set_state(self, subject_id: str, state: str) -> None:
        with self.transactions.begin(REALM) as tx:
            subjects.change_state(
                tx, subjects.ChangeState(subject_id, "test"), CallContext("operator", REALM), target=state)

    def links(self, subject_id: str) -> list[str]:
        with self.transactions.begin(REALM) as tx:
            return [each.link_id for each in list_links(
                tx, ListLinks(), CONTEXT._replace(acting=Acting(subject_id, "ses_1"))).items]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    clock = FixedClock(AT)
    transactions = SqlTransactions(tmp_path, clock)
    yield World(transactions, clock)
    transactions.database.dispose()


def test_a_trusted_provider_opens_the_account_with_the_document_and_raises_its_level(world: World) -> None:
    subject_id = world.register()
    assert world.level(subject_id) == 1
    assert world.sign_in() == subject_id and world.level(subject_id) == 3
    assert len(world.links(subject_id)) == 1


def test_the_link_holds_when_name_and_document_change_at_the_provider(world: World) -> None:
    subject_id = world.sign_in()
    changed = replace(LIN, name="林静静", id_number="330106199003070014")
    assert world.sign_in(changed) == subject_id, "by the stable id, never by a name"
    assert world.sign_in(replace(LIN, name=None, id_number=None)) == subject_id


def test_an_unknown_person_registers_once(world: World) -> None:
    assert world.sign_in() == world.sign_in()
    with pytest.raises(UpstreamNotLinked):
        world.provider.policy = replace(TRUSTED, registers=False)
        world.sign_in(replace(LIN, upstream_id="stable-2", name="张建国", id_number="330106199003070014"))


@pytest.mark.parametrize("person", [
    replace(LIN, name="林静静"), replace(LIN, name=None), replace(LIN, id_number=None),
], ids=["another name", "no name", "no document"])
def test_name_and_document_must_both_fit_and_the_refusal_is_one(world: World, person: UpstreamPerson) -> None:
    world.register()
    with pytest.raises(UpstreamNotLinked) as caught:
        world.sign_in(person)
    assert caught.value.details == {}


def test_a_provider_that_is_not_trusted_opens_no_account_by_a_document_and_proves_nothing(world: World) -> None:
    subject_id = world.register()
    world.provider.policy = replace(TRUSTED, trusted_for_documents=False)
    with pytest.raises(UpstreamNotLinked):
        world.sign_in()
    assert world.sign_in(subject_id=subject_id) == subject_id, "linked in the person's own session"
    assert world.sign_in() == subject_id and world.level(subject_id) == 1


def test_linking_another_persons_identity_lifts_no_level(world: World) -> None:
    mine = world.register("张建国", "330106199003070014")
    assert world.sign_in(subject_id=mine) == mine, "both sign-ins were shown"
    assert world.level(mine) == 1, "the provider has verified somebody else"


def test_an_identity_belongs_to_one_account(world: World) -> None:
    first = world.register()
    world.sign_in()
    other = world.register("张建国", "330106199003070014")
    with pytest.raises(LinkTaken):
        world.sign_in(subject_id=other)
    assert world.sign_in() == first


@pytest.mark.parametrize("state", [states.FROZEN, states.CLOSED])
def test_a_frozen_or_closed_account_is_not_opened(world: World, state: str) -> None:
    subject_id = world.sign_in()
    world.set_state(subject_id, state)
    with pytest.raises(UpstreamNotLinked):
        world.sign_in()
    assert len(world.links(subject_id)) == (state == states.FROZEN)


def test_links_follow_a_merge(world: World) -> None:
    merged, survivor = world.sign_in(), world.register("张建国", "330106199003070014")
    with world.transactions.begin(REALM) as tx:
        subjects.merge_subjects(
            tx, subjects.MergeSubjects(survivor, merged, "test"), CallContext("operator", REALM))
    assert world.sign_in() == survivor


def test_a_removed_link_opens_the_account_no_longer(world: World) -> None:
    subject_id = world.register()
    world.provider.policy = replace(TRUSTED, trusted_for_documents=False)
    world.sign_in(subject_id=subject_id)
    (link_id,) = world.links(subject_id)
    other = CONTEXT._replace(acting=Acting("sub_other", "ses_2"))
    with world.transactions.begin(REALM) as tx, pytest.raises(LinkNotFound):
        unlink(tx, ByLink(link_id), other)
    with world.transactions.begin(REALM) as tx:
        unlink(tx, ByLink(link_id), CONTEXT._replace(acting=Acting(subject_id, "ses_1")))
    with pytest.raises(UpstreamNotLinked):
        world.sign_in()


def test_a_sign_in_is_finished_once_in_time_by_its_browser_at_its_provider(world: World) -> None:
    def finish_late(state: str) -> str:
        world.clock.advance(timedelta(minutes=10))
        return world.finish(state)

    ways: Sequence[Callable[[str], str]] = (
        lambda state: world.finish(state, binding="login-2"),
        lambda state: world.finish(state, provider="business-licence"),
        finish_late,
        lambda state: world.finish(state + "x"),
    )
    for finish in ways:
        with pytest.raises(UpstreamSignInOver):
            finish(world.begin())
    state = world.begin()
    world.finish(state)
    with pytest.raises(UpstreamSignInOver):
        world.finish(state)
    assert len(world.provider.redeemed) == 1, "no code is redeemed for a sign-in that is not open"


def test_who_is_refused_there_uses_up_the_sign_in(world: World) -> None:
    state = world.begin()
    with pytest.raises(UpstreamRefused):
        finish_upstream(world.transactions, world.provider, FinishUpstream(
            "national", f"error=access_denied&error_description=<b>&state={state}", "login-1"), CONTEXT)
    with pytest.raises(UpstreamSignInOver):
        world.finish(state)


def test_a_stable_id_that_is_the_document_registers_without_a_number(world: World) -> None:
    world.provider.policy = replace(TRUSTED, document_type="NET", trusted_for_documents=False)
    person = replace(LIN, upstream_id="Qm9uZGVkLW5ldC1pZC0wMQ==", id_type=None, id_number=None)
    subject_id = world.sign_in(person)
    assert world.level(subject_id) == 3 and world.sign_in(person) == subject_id


def test_a_document_that_nobody_can_have_is_refused(world: World) -> None:
    with pytest.raises(UpstreamRefused):
        world.sign_in(replace(LIN, id_number="330106198506150020"))


LICENCE = replace(TRUSTED, name="national", representative_roles=frozenset({"legal-representative"}))
CODE, COMPANY = "91330106MA2DEM0091", "杭州示范餐饮有限公司"
AT_WORK = replace(LIN, organisation=UpstreamOrganisation(CODE, COMPANY, "legal-representative"))


def representatives(world: World) -> list[tuple[str, str, str]]:
    """(agent, kind, state) of the organisation's mandates."""
    with world.transactions.begin(REALM) as tx:
        found = tx.subjects.find(REALM, CREDIT_CODE, CODE)
        if found is None:
            return []
        return [(each.agent_id or "", each.kind, each.state) for each in tx.mandates.all_of(found.subject_id, limit=9)]


def test_a_legal_representative_who_comes_by_business_licence_acts_for_the_organisation(world: World) -> None:
    world.provider.policy = LICENCE
    subject_id = world.sign_in(AT_WORK)
    assert representatives(world) == [(subject_id, "representative", "active")]
    world.sign_in(AT_WORK)
    assert len(representatives(world)) == 1, "a mandate that holds for long is left as it is"


@pytest.mark.parametrize(("policy", "person"), [
    (TRUSTED, AT_WORK),
    (LICENCE, replace(AT_WORK, organisation=UpstreamOrganisation(CODE, COMPANY, "handler"))),
    (LICENCE, replace(
        AT_WORK, organisation=UpstreamOrganisation("91330106MA2DEM0092", COMPANY, "legal-representative"))),
    (LICENCE, replace(AT_WORK, organisation=UpstreamOrganisation(CODE, " ", "legal-representative"))),
    (LICENCE, replace(AT_WORK, organisation=None)),
], ids=["a provider that is not trusted for it", "another role", "a wrong code", "no name", "no organisation"])
def test_any_other_word_about_an_organisation_counts_for_nothing_and_the_person_signs_in(
    world: World, policy: ProviderPolicy, person: UpstreamPerson,
) -> None:
    world.provider.policy = policy
    assert world.sign_in(person)
    assert representatives(world) == []


def test_a_friends_identity_gives_nobody_an_organisation(world: World) -> None:
    other = world.register("张建国", "330106199003070014")
    world.provider.policy = replace(LICENCE, registers=False)
    assert world.sign_in(AT_WORK, subject_id=other) == other
    assert representatives(world) == []


def test_the_next_representative_takes_the_place_of_the_one_before(world: World) -> None:
    world.provider.policy = LICENCE
    first = world.sign_in(AT_WORK)
    second = world.sign_in(replace(
        AT_WORK, upstream_id="stable-2", name="张建国", id_number="330106199003070014"))
    assert sorted(representatives(world)) == sorted([
        (first, "representative", "ended"), (second, "representative", "active")])


def test_an_organisation_with_another_name_here_is_not_given(world: World) -> None:
    with world.transactions.begin(REALM) as tx:
        subjects.register_organisation(tx, subjects.RegisterOrganisation("另一家公司", CODE, "zh-CN"), CONTEXT)
    world.provider.policy = LICENCE
    world.sign_in(AT_WORK)
    assert representatives(world) == []
