"""Templates: versions, placeholders, what is refused."""
from __future__ import annotations

from typing import Any

import pytest
from marshmallow import ValidationError

from services.notification.common.errors import ChannelNotBuilt, LineBreakInHeader
from services.notification.messages.schemas import Send
from services.notification.templates import schemas
from services.notification.templates.domain.errors import TemplateInvalid, TemplateUnknown
from services.notification.templates.usecases.list_templates import ListTemplates, list_templates
from services.notification.templates.usecases.preview import preview
from services.notification.templates.usecases.views import PreviewView
from shared_components.contracts import Message
from shared_components.contracts.fast_load import loader
from shared_components.kernel.calls import Call
from shared_components.kernel.paging import PageView
from tests.unit.notification.world import MATTER, World


def previewed(world: World, **given: Any) -> PreviewView:
    data = schemas.Preview().load({"template_code": "paid", "channel": "email", **given})
    with world.begin() as tx:
        return preview(tx, data, MATTER)


def test_a_changed_template_is_a_new_version_and_the_same_text_is_not(world: World) -> None:
    assert [world.put(body=body).version for body in ("a", "b", "b", "a")] == [1, 2, 2, 3]
    with world.begin() as tx:
        (page,) = list_templates(tx, [Call(ListTemplates(), MATTER)])
    assert isinstance(page, PageView)
    (listed,) = page.items
    assert (listed.version, listed.body) == (3, "a")


def test_a_template_says_which_values_it_takes(world: World) -> None:
    template = world.put(subject="((amount))元", body="((name))您好((note?)) ((amount?)) (单括号)")
    assert template.placeholders == ["amount", "name"]
    assert template.optional_placeholders == ["note"]


def test_a_preview_lists_what_is_missing_and_what_has_no_place(world: World) -> None:
    world.put(body="((name))您好,已缴((amount))元((note?))")
    shown = previewed(world, values={"amount": 10, "colour": "red"})
    assert shown.body == "((name))您好,已缴10元"
    assert shown.missing == ["name"]
    assert shown.unused == ["colour"]


def test_a_value_is_put_in_as_it_is_and_never_read_as_a_template(world: World) -> None:
    world.put(body="((name))|((secret?))")
    hostile = "((secret)){{7*7}}<b>%s$x"
    assert previewed(world, values={"name": hostile, "secret": "s"}).body == f"{hostile}|s"


@pytest.mark.parametrize(
    "body", ["((", "a)) b", "((two words))", "((9))", "((a)(b))", "(({x}))", "((" + "a" * 41 + "))"]
)
def test_braces_that_are_no_placeholder_are_refused(world: World, body: str) -> None:
    with pytest.raises(TemplateInvalid, match="no placeholder"):
        world.put(body=body)


def test_an_email_needs_a_subject_of_one_line(world: World) -> None:
    with pytest.raises(ValidationError, match="Required while channel is 'email'"):
        world.put(subject=None)
    assert world.put(channel="inbox", subject=None).subject is None
    with pytest.raises(LineBreakInHeader):
        world.put(subject="缴费\r\nBcc: other@example.cn")


@pytest.mark.parametrize("channel", ["webhook"])
def test_a_channel_that_is_only_planned_says_so(world: World, channel: str) -> None:
    with pytest.raises(ChannelNotBuilt, match="not built yet; allowed are email, inbox"):
        world.put(channel=channel)


@pytest.mark.parametrize("channel", ["webhook"])
@pytest.mark.parametrize("schema", [Send, schemas.PutTemplate, schemas.Preview])
def test_a_channel_that_is_only_planned_is_told_before_what_else_is_wrong(
    schema: type[Message], channel: str,
) -> None:
    with pytest.raises(ChannelNotBuilt, match="not built yet"):
        schema().load({"channel": channel, "mobile": "13800138000", "template_code": "?"})
    load = loader(schema())
    with pytest.raises(ChannelNotBuilt):
        load([{"channel": "email"}, {"channel": channel, "mobile": "13800138000"}])


def test_a_channel_that_does_not_exist_is_an_invalid_field() -> None:
    with pytest.raises(ValidationError, match="Must be one of"):
        schemas.Preview().load({"channel": "pigeon", "template_code": "paid"})


def test_a_template_of_another_tenant_does_not_exist(world: World) -> None:
    world.put()
    data = schemas.Preview().load({"template_code": "paid", "channel": "email"})
    with world.begin("health") as tx, pytest.raises(TemplateUnknown):
        preview(tx, data, MATTER._replace(tenant="health"))


def test_a_locale_that_is_not_there_falls_back_to_the_one_that_is(world: World) -> None:
    world.put(body="中文")
    assert previewed(world, locale="en").locale == "zh-CN"
    world.put(body="English", locale="en")
    assert previewed(world, locale="en").body == "English"


def test_a_float_is_no_value_since_it_has_no_one_way_to_be_written() -> None:
    with pytest.raises(ValidationError):
        Send().load({"template_code": "paid", "channel": "email", "values": {"amount": 0.1}})
