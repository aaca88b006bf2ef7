"""Templates are approved by another person than their writer, and filed with carriers, before production sends them."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from services.notification.carriers.domain.errors import CarrierUnknown
from services.notification.messages.usecases.views import MessageView
from services.notification.templates.domain.errors import (
    ApproverNotAllowed,
    TemplateInvalid,
    TemplateNotApproved,
    TemplateNotFiled,
    TemplateUnknown,
)
from services.notification.templates.usecases.approve_template import ApproveTemplate, approve_template
from services.notification.templates.usecases.file_template import FileTemplate, file_template
from services.notification.templates.usecases.get_template import GetTemplate, get_template
from services.notification.templates.usecases.preview import Preview, preview
from services.notification.templates.usecases.put_template import PutTemplate, put_template
from services.notification.templates.usecases.views import TemplateDetailView
from shared_components.kernel.calls import CallContext
from tests.acting import officer
from tests.unit.notification.carriers.fake import FakeCarrier, pool_of
from tests.unit.notification.world import RULES, World

APP, OPERATOR = CallContext("app-till", "transport", department="transport"), CallContext("operator", "transport")
SMS = {"channel": "sms", "template_code": "code", "address": "13800000001"}


def called(context: CallContext, method: str) -> CallContext:
    return context._replace(rule=RULES[method])


def by(subject: str) -> CallContext:
    """An approver of the department, in the app's own desk."""
    return called(APP._replace(acting=officer(subject, "transport", "approver")), "approve_template")


@pytest.fixture
def strict(world: World) -> Iterator[World]:
    world.policy = replace(world.policy, approval_required=True)
    yield world


def put(world: World, body: str, context: CallContext = APP, channel: str = "sms") -> None:
    with world.begin() as tx:
        put_template(tx, PutTemplate("code", channel, "zh-CN", body, None if channel == "sms" else "标题"),
                     called(context, "put_template"))


def approve(world: World, version: int, context: CallContext) -> TemplateDetailView:
    with world.begin() as tx:
        return approve_template(tx, ApproveTemplate("code", "sms", "zh-CN", version, "app-till"), context)


def send(world: World, context: CallContext = APP, **given: Any) -> Any:
    return world.send_as(called(context, "send"), {**SMS, **given})


def test_production_sends_a_version_only_once_another_has_approved_it(strict: World) -> None:
    put(strict, "旧文")
    refused = send(strict)
    assert isinstance(refused, TemplateNotApproved)
    assert refused.details == {"template_code": "code", "version": 1}
    assert approve(strict, 1, by("sub_approver")).approved_at is not None
    assert isinstance(send(strict), MessageView)


def test_the_approved_version_stays_in_force_while_a_newer_one_waits(strict: World) -> None:
    put(strict, "旧文")
    approve(strict, 1, OPERATOR)
    put(strict, "新文")
    assert send(strict).template_version == 1
    approve(strict, 2, OPERATOR)
    assert send(strict).template_version == 2


def test_an_older_version_that_is_approved_late_does_not_come_back(strict: World) -> None:
    put(strict, "旧文")
    put(strict, "新文")
    approve(strict, 2, OPERATOR)
    approve(strict, 1, OPERATOR)
    assert send(strict).template_version == 2


@pytest.mark.parametrize(("writer", "approver"), [
    (OPERATOR, OPERATOR),
    (APP._replace(acting=officer("sub_a", "transport", "approver")),
     called(APP._replace(acting=officer("sub_a", "transport", "approver")), "approve_template")),
])
def test_nobody_approves_what_they_wrote(strict: World, writer: CallContext, approver: CallContext) -> None:
    with strict.begin() as tx:
        view = put_template(tx, PutTemplate("code", "sms", "zh-CN", "正文"), writer)
        with pytest.raises(ApproverNotAllowed, match="another person"):
            approve_template(tx, ApproveTemplate("code", "sms", "zh-CN", 1, view.app or ""), approver)


def test_an_app_by_itself_approves_nothing(strict: World) -> None:
    put(strict, "正文")
    with pytest.raises(ApproverNotAllowed, match="without an officer") as there:
        approve(strict, 1, called(APP, "approve_template"))
    with pytest.raises(ApproverNotAllowed) as missing:
        approve(strict, 2, called(APP, "approve_template"))
    assert str(there.value) == str(missing.value), "which versions are there is not told"


def test_an_approver_at_another_app_approves_what_is_the_own_department_s_and_nothing_else(strict: World) -> None:
    """An officer works for the department, whose texts are those of all its apps: one desk serves for all."""
    put(strict, "正文")
    police = officer("sub_approver", "police", "approver")
    for stranger in (CallContext("app-police", "police", department="police", acting=police),
                     APP._replace(acting=police)):
        with pytest.raises(TemplateUnknown):
            approve(strict, 1, called(stranger, "approve_template"))
    assert isinstance(send(strict), TemplateNotApproved)
    desk = APP._replace(caller="app-desk", acting=officer("sub_approver", "transport", "approver"))
    assert approve(strict, 1, called(desk, "approve_template")).approved_at is not None


def test_another_app_reads_a_template_with_an_officer_of_the_department_alone(strict: World) -> None:
    put(strict, "正文")
    other = called(APP._replace(caller="app-other"), "get_template")
    wanted = GetTemplate("code", "sms", "zh-CN", app="app-till")
    with strict.begin() as tx:
        with pytest.raises(TemplateUnknown):
            get_template(tx, wanted, other)
        assert get_template(tx, wanted, other._replace(acting=officer("sub_a", "transport", "auditor"))).body == "正文"


def test_approving_again_changes_nothing_and_what_is_not_there_is_refused(strict: World) -> None:
    put(strict, "正文")
    first = approve(strict, 1, OPERATOR)
    assert approve(strict, 1, by("sub_b")) == first
    with pytest.raises(TemplateUnknown, match="version 2"):
        approve(strict, 2, OPERATOR)


def test_with_keys_of_the_sandbox_drafts_are_sent(strict: World) -> None:
    sandbox = APP._replace(caller="app-till-sandbox")
    put(strict, "草稿", sandbox)
    assert isinstance(send(strict, sandbox), MessageView)


def test_templates_of_services_come_approved_with_what_was_released(strict: World) -> None:
    with strict.begin() as tx:
        put_template(tx, PutTemplate("code", "sms", "zh-CN", "正文"), CallContext("matter", "transport"))
    assert isinstance(strict.send_as(CallContext("matter", "transport", op_id="op"), SMS), MessageView)


def test_a_preview_shows_what_waits_for_approval_and_how_long_it_is(strict: World) -> None:
    put(strict, "((a))" + "证" * 66)
    with strict.begin() as tx:
        shown = preview(tx, Preview("code", "sms", "zh-CN", {"a": ""}), called(APP, "preview"))
        assert shown.size is not None and (shown.size.characters, shown.size.parts) == (72, 2)
        abroad = preview(tx, Preview("code", "sms", "zh-CN", {"a": "x"}, "abroad"), called(APP, "preview"))
        assert abroad.size is not None and (abroad.size.characters, abroad.size.parts) == (67, 1)
        assert shown.approved_at is None


def read(world: World, version: int | None = None) -> TemplateDetailView:
    with world.begin() as tx:
        return get_template(tx, GetTemplate("code", "sms", "zh-CN", version), called(APP, "get_template"))


def test_each_version_can_be_read(world: World) -> None:
    put(world, "旧文")
    put(world, "新文")
    assert (read(world).body, read(world, 1).body) == ("新文", "旧文")
    with pytest.raises(TemplateUnknown, match="version 3"):
        read(world, 3)


class TestFiling:
    @pytest.fixture
    def filing(self, world: World) -> World:
        world.carriers = pool_of(FakeCarrier("first"), FakeCarrier("second"), filing=True)
        put(world, "((a))您好，((b))")
        return world

    def file(self, world: World, provider: str = "first", state: str = "filed", **given: Any) -> TemplateDetailView:
        with world.begin() as tx:
            return file_template(tx, FileTemplate(
                "code", "zh-CN", provider, "SMS_1", state, app="app-till", **given), OPERATOR)

    def test_what_no_carrier_has_filed_is_refused(self, filing: World) -> None:
        refused = send(filing, values={"a": "1", "b": "2"})
        assert isinstance(refused, TemplateNotFiled)
        assert refused.details["providers"] == ["first", "second"]
        self.file(filing, state="pending")
        assert isinstance(send(filing, values={"a": "1", "b": "2"}), TemplateNotFiled)

    def test_only_the_carriers_that_filed_it_take_it(self, filing: World) -> None:
        view = self.file(filing, "second", signature="浙里办", parameters=["b", "a"])
        assert [(one.provider, one.state, one.signature) for one in view.filings] == [("second", "filed", "浙里办")]
        sent = send(filing, values={"a": "甲", "b": "乙"})
        with filing.begin() as tx:
            (held,) = tx.messages.lock_many([("transport", sent.message_id)])
            sms = held.open().sms
        assert sms is not None and sms.values == {"a": "甲", "b": "乙"}
        (route,) = sms.routes
        assert (route.carrier, route.signature, route.template_id, list(route.parameters)) == (
            "second", "浙里办", "SMS_1", ["b", "a"])

    def test_a_filing_is_of_one_version(self, filing: World) -> None:
        self.file(filing)
        put(filing, "另一文")
        assert isinstance(send(filing), TemplateNotFiled)

    def test_a_later_state_takes_the_place_of_the_earlier(self, filing: World) -> None:
        self.file(filing)
        assert [one.state for one in self.file(filing, state="refused").filings] == ["refused"]

    def test_unknown_carriers_and_other_parameters_are_refused(self, filing: World) -> None:
        with pytest.raises(CarrierUnknown, match="configured are first, second"):
            self.file(filing, "third")
        with pytest.raises(TemplateInvalid, match="each once: a, b"):
            self.file(filing, parameters=["a", "c"])
