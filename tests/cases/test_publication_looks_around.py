"""Names in a definition are looked up before it is published; a notice that fails is seen and can be retried.

The input that failed: a definition with an unknown template, fee item, licence type and callback source. It was
published; its notices failed unseen, and could not be retried.
"""
from __future__ import annotations

from typing import Any

import pytest

from services.matter.definitions.domain.errors import DefinitionInvalid
from services.matter.definitions.usecases.views import PublishedView
from services.matter.kinds.registry import KINDS
from services.matter.publishing.adapters.definition_reader import read_file
from services.matter.publishing.adapters.shipped import seed, shipped_definitions, shipped_templates
from services.matter.publishing.usecases.bootstrap import bootstrap
from services.matter.publishing.usecases.publish_matter import PublishMatter, publish_matter
from shared_components.kernel.bilingual import in_locale
from shared_components.kernel.calls import CallContext
from shared_components.kernel.errors import Conflict, NotFound, Unavailable
from tests.cases.definitions import a_definition, as_yaml, callback_step, notify_step
from tests.unit.matter.bench import TENANT, TYPE_CODE, Bench
from tests.unit.matter.fakes import World, unavailable
from tests.unit.matter.memory import MemoryTransactions

CHECK = {
    "step": "check", "kind": "check", "title": {"zh": "核查", "en": "Check"},
    "with": {"licence": {
        "type_code": TYPE_CODE, "states": ["issued"], "opens_days_before": 90, "closes_years_after": 1}},
}
PAY = {
    "step": "pay", "kind": "pay", "title": {"zh": "缴费", "en": "Pay"}, "compensation": "refund", "after": ["check"],
    "with": {"channel": "sandbox", "lines": [{"item_code": "card", "quantity": 1}]},
}
ISSUE = {
    "step": "issue", "kind": "issue_licence", "title": {"zh": "制证", "en": "Issue"}, "after": ["pay", "check"],
    "compensation": "cancel_licence", "with": {"type_code": TYPE_CODE, "prior": "check", "validity_years": [6]},
}
WHOLE = a_definition(
    steps=[CHECK, PAY, callback_step("medical"), notify_step("tell", "told"), ISSUE],
    notifications=[{"on": "completed", "template": "done", "channels": ["email", "inbox"]}])
MISSING = {
    "steps.0.with.licence.type_code": f"licence type '{TYPE_CODE}' is unknown",
    "steps.1.with.channel": "payment channel 'sandbox' is unknown",
    "steps.1.with.lines.0.item_code": "fee item 'card' is unknown",
    "steps.2.with.source": "callback source 'hospital' is unknown",
    "steps.3.with.template": "template 'told' for channel 'inbox' is unknown",
    "steps.4.with.type_code": f"licence type '{TYPE_CODE}' is unknown",
    "notifications.0.template": "template 'done' for channel 'email' is unknown",
}


@pytest.fixture
def world() -> World:
    """Everything that WHOLE names is there."""
    world = World()
    world.licence_types, world.fee_items = {TYPE_CODE}, {"card"}
    world.known_templates = {("told", "inbox"): {"name"}, ("done", "email"): set(), ("done", "inbox"): {"case_id"}}
    return world


def publish(
    world: World, definition: dict[str, Any] = WHOLE, *, sources: tuple[str, ...] = ("hospital",),
    allow_missing: bool = False,
) -> PublishedView:
    transactions = MemoryTransactions(Bench().clock)
    return publish_matter(
        transactions, KINDS, world.components(TENANT), sources, read_file,
        PublishMatter(as_yaml(definition), allow_missing), CallContext("operator", TENANT))


def refused(world: World, definition: dict[str, Any] = WHOLE, **how: Any) -> list[dict[str, Any]]:
    with pytest.raises(DefinitionInvalid) as raised:
        publish(world, definition, **how)
    found: list[dict[str, Any]] = raised.value.details["problems"]
    return found


def test_a_definition_whose_parts_are_all_there_is_published(world: World) -> None:
    assert publish(world).warnings == []


def test_a_definition_that_names_what_is_not_there_is_refused_with_each_line_and_what_is_allowed() -> None:
    nothing = World()
    nothing.components = lambda tenant: _without_channels(World(), tenant)  # type: ignore[method-assign]
    problems = refused(nothing, sources=())
    told = {problem["path"]: problem["message"] for problem in problems}
    assert {path: told.get(path) for path in MISSING} == MISSING | {
        "notifications.0.template": "template 'done' for channel 'inbox' is unknown"}
    lines = as_yaml(WHOLE).splitlines()
    for problem in problems:
        name = problem["message"].split("'")[1]
        assert name in lines[problem["line"] - 1]
        assert problem["allowed"]
        for told_as in ("message", "allowed"):
            chinese = problem[f"{told_as}_zh"]
            assert chinese != problem[told_as] and any("一" <= sign <= "龥" for sign in chinese), problem


def _without_channels(world: World, tenant: str) -> Any:
    components = World.components(world, tenant)
    components.payments.channels = list  # type: ignore[method-assign]
    return components


@pytest.mark.parametrize(("take_away", "path"), [
    (lambda world: world.licence_types.clear(), "steps.0.with.licence.type_code"),
    (lambda world: world.fee_items.clear(), "steps.1.with.lines.0.item_code"),
    (lambda world: world.known_templates.pop(("told", "inbox")), "steps.3.with.template"),
    (lambda world: world.known_templates.pop(("done", "email")), "notifications.0.template"),
])
def test_each_thing_is_looked_up(world: World, take_away: Any, path: str) -> None:
    take_away(world)
    assert path in {problem["path"] for problem in refused(world)}


def test_a_template_with_a_place_that_no_notice_fills_is_refused(world: World) -> None:
    world.known_templates[("told", "inbox")] = {"name", "colour"}
    (problem,) = refused(world)
    assert problem["message"] == "template 'told' for channel 'inbox' needs colour, which no notice fills"


def test_the_source_of_another_tenants_key_is_unknown(world: World) -> None:
    assert [problem["path"] for problem in refused(world, sources=("court",))] == ["steps.2.with.source"]


def test_it_may_be_published_all_the_same_and_the_reply_warns(world: World) -> None:
    world.fee_items.clear()
    reply = publish(world, allow_missing=True)
    assert reply.version == 1
    assert [(warning.path, warning.message) for warning in reply.warnings] == [
        ("steps.1.with.lines.0.item_code", "fee item 'card' is unknown")]


def test_a_component_that_does_not_answer_is_no_proof_that_something_is_missing(world: World) -> None:
    world.before = unavailable("payment.list_fee_items")
    with pytest.raises(Unavailable):
        publish(world)
    (warning,) = publish(world, allow_missing=True).warnings
    assert "could not be looked up" in warning.message
    assert "暂时无法核对" in in_locale(warning.message, "zh")


def test_what_ships_names_only_what_ships() -> None:
    """Bootstrap publishes before the templates are put and the seed is there, and needs no looking around for it."""
    world = World()
    transactions = MemoryTransactions(Bench().clock)
    for _ in range(2):
        done = bootstrap(
            transactions, world.components(TENANT).notifications, tenant=TENANT,
            definitions=shipped_definitions(), templates=shipped_templates())
        assert done.definitions == [{"matter_code": "driving-licence-renewal", "version": 1}]
    world.known_templates = {(code, channel): set() for code, channel, _ in world.templates}
    world.fee_items = {item["item_code"] for item in seed()["fee_items"]}
    world.licence_types = {kind["type_code"] for kind in seed()["licence_types"]}
    assert publish(world, dict(shipped_definitions()[0])).warnings == []


# a notice that fails

def _unknown_template() -> NotFound:
    error = NotFound("template 'matter-accepted' for channel 'inbox' does not exist")
    error.code = "notification.template-unknown"
    return error


@pytest.mark.parametrize("error", [_unknown_template(), Conflict("the recipient is closed")])
def test_a_notice_that_is_refused_is_seen_and_can_be_retried(error: Any) -> None:
    bench = Bench()
    bench.world.refuse["notification.send"] = error
    case_id = bench.submit()
    bench.run()
    case = bench.case(case_id)
    notices = {task.name: task.state for task in case.by_role("notice")}
    assert notices == {"check-email": "stuck", "check-inbox": "stuck"}
    assert (case.is_stuck, case.state) == (True, "running")
    assert "case-failed" in bench.events()
    bench.world.refuse.clear()
    for name in notices:
        bench.retry(case_id, name)
    bench.run()
    assert {task.state for task in bench.case(case_id).by_role("notice")} == {"completed"}
    assert [message["template_code"] for message in bench.world.messages] == ["matter-accepted"] * 2


def test_a_licence_type_that_nobody_has_set_up_refuses_no_citizen() -> None:
    bench = Bench()
    error = NotFound("there is no such licence type")
    error.code = "elicence.licence-type-unknown"
    bench.world.refuse["elicence.issue"] = error
    case_id = bench.submit()
    bench.run()
    bench.hospital(case_id)
    bench.pay(case_id)
    assert (bench.case(case_id).state, bench.state(case_id, "issue")) == ("running", "stuck")
