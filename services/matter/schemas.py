"""The contract with the world, and the service's settings."""
from __future__ import annotations

from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from services.matter.domain import states
from shared_components.contracts import Message, PageReply, PageRequest

PERSONAL = {"data_class": "personal"}
SENSITIVE = {"data_class": "sensitive"}
NAME = r"\A[a-z][a-z0-9-]{0,39}\Z"


def text(longest: int, **kwargs: Any) -> fields.String:
    return fields.String(validate=validate.Length(1, longest), **kwargs)


def matter_code(**kwargs: Any) -> fields.String:
    return fields.String(validate=validate.Regexp(NAME), **kwargs)


def form(**kwargs: Any) -> fields.Dict:
    return fields.Dict(
        keys=fields.String(validate=validate.Length(1, 64)), validate=validate.Length(max=100), metadata=PERSONAL,
        **kwargs,
    )


def moment() -> fields.AwareDateTime:
    return fields.AwareDateTime(allow_none=True)


class PublishDefinition(Message):
    definition_yaml = text(200_000, required=True)


class MatterSummary(Message):
    matter_code = fields.String(required=True)
    version = fields.Integer(required=True)
    item_code = fields.String()
    title_zh = fields.String()
    title_en = fields.String()
    department_code = fields.String()
    department_name = fields.String()
    published_at = fields.AwareDateTime()


class ListMatters(PageRequest):
    pass


class Matters(PageReply):
    items = fields.List(fields.Nested(MatterSummary), required=True)


class GetGuide(Message):
    matter_code = matter_code(required=True)


class GuideStep(Message):
    step = fields.String()
    kind = fields.String()
    title_zh = fields.String()
    title_en = fields.String()
    after = fields.List(fields.String())
    optional = fields.Boolean()
    limit_working_days = fields.Integer(allow_none=True)


class Guide(MatterSummary):
    """guide: texts in zh and en. form: the JSON Schema of the form."""

    applicant_kinds = fields.List(fields.String())
    applicant_level = fields.Integer()
    guide = fields.Dict()
    form = fields.Dict()
    steps = fields.List(fields.Nested(GuideStep))


class StartCase(Message):
    """form may be incomplete until the case is submitted."""

    matter_code = matter_code(required=True)
    applicant_subject = text(64, required=True)
    form = form(load_default=dict)


class SaveForm(Message):
    case_id = text(40, required=True)
    form = form(required=True)


class CaseId(Message):
    case_id = text(40, required=True)


class Step(Message):
    """duration_s: from its start until its end, or until now. limit_at: by when it is to be done."""

    step = fields.String(required=True)
    kind = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(states.TASK.states))
    state_label = fields.String(required=True)
    result = fields.Dict(required=True, metadata=PERSONAL)
    error = fields.Dict(required=True, allow_none=True)
    attempts = fields.Integer(required=True)
    started_at = moment()
    finished_at = moment()
    duration_s = fields.Float(allow_none=True)
    limit_at = moment()
    overdue = fields.Boolean(required=True)


class TimelineLine(Message):
    """text: in the caller's language."""

    at = fields.AwareDateTime(required=True)
    entry = fields.String(required=True)
    step = fields.String(required=True, allow_none=True)
    text = fields.String(required=True)
    zh = fields.String(required=True)
    en = fields.String(required=True)


class CaseSummary(Message):
    case_id = fields.String(required=True)
    matter_code = fields.String(required=True)
    version = fields.Integer(required=True)
    applicant_subject = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(states.CASE.states))
    state_label = fields.String(required=True)
    stuck = fields.Boolean(required=True)
    overdue = fields.Boolean(required=True)
    created_at = fields.AwareDateTime(required=True)
    submitted_at = moment()
    finished_at = moment()


class Case(CaseSummary):
    """outcome: empty while the case is open. compensations: what was undone, in the order it was undone."""

    form = fields.Dict(required=True, metadata=PERSONAL)
    steps = fields.List(fields.Nested(Step), required=True)
    compensations = fields.List(fields.Nested(Step), required=True)
    notices = fields.List(fields.Nested(Step), required=True)
    timeline = fields.List(fields.Nested(TimelineLine), required=True)
    outcome = fields.Dict(required=True)


class ListCases(PageRequest):
    applicant_subject = text(64, load_default=None, allow_none=True)
    matter_code = matter_code(load_default=None, allow_none=True)
    state = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(states.CASE.states))
    stuck = fields.Boolean(load_default=None, allow_none=True)


class Cases(PageReply):
    items = fields.List(fields.Nested(CaseSummary), required=True)


class ReceiveCallback(Message):
    """body: the raw bytes as they came, as text; what it says counts only because it is signed.

    signature: HMAC-SHA256 over timestamp + "." + body, in hex. timestamp: epoch seconds, ±300 s.
    The body is JSON: {"callback_id", "case_id", "step", "result": {…}}. result: if given, must be what the body says.
    """

    case_id = text(40, required=True)
    step = fields.String(required=True, validate=validate.Regexp(NAME))
    result = fields.Dict(load_default=None, allow_none=True, metadata=PERSONAL)
    key_id = text(64, required=True)
    timestamp = text(20, required=True)
    signature = text(128, required=True, metadata=SENSITIVE)
    body = text(65_536, required=True, metadata=PERSONAL)


class CallbackTaken(Message):
    """state: of the step, after the callback."""

    case_id = fields.String(required=True)
    step = fields.String(required=True)
    state = fields.String(required=True)


class RetryStep(Message):
    """step: the name of a step, compensation or notice that is stuck. reason: for the record."""

    case_id = text(40, required=True)
    step = text(64, required=True)
    reason = text(200, required=True)


class Bootstrap(Message):
    pass


class Bootstrapped(Message):
    definitions = fields.List(fields.Dict(), required=True)
    templates = fields.Integer(required=True)


class CaseEvent(Message):
    """What others learn of a case: no form, no name."""

    case_id = fields.String(required=True)
    matter_code = fields.String(required=True)
    version = fields.Integer(required=True)
    applicant_subject = fields.String(required=True)
    state = fields.String(required=True)
    reason_code = fields.String(required=True, allow_none=True)
    submitted_at = fields.AwareDateTime(required=True, allow_none=True)
    finished_at = fields.AwareDateTime(required=True, allow_none=True)


class StepDue(Message):
    """For the engine itself."""

    case_id = fields.String(required=True)
    step_id = fields.String(required=True)


class CallbackKey(Schema):
    class Meta:
        unknown = RAISE

    key_id = fields.String(
        required=True, validate=validate.Length(1, 64), metadata={
            "allowed": "the key's id, 1 to 64 characters", "meaning": "What header `X-Zhongtai-Key-Id` says"}
    )
    source = fields.String(
        required=True, validate=validate.Regexp(NAME), metadata={
            "allowed": "who signs, as definitions name it", "meaning": "The outside system, such as `hospital`"}
    )
    tenants = fields.List(
        fields.String(validate=validate.Length(1, 64)), load_default=None, allow_none=True,
        validate=validate.Length(1, 500), metadata={
            "allowed": "a list of 1 to 500 tenants' names",
            "meaning": "Whose cases it may answer; without it, every tenant's"},
    )
    secret = fields.String(
        required=True, validate=validate.Length(16, 256),
        metadata={"allowed": "16 to 256 characters, shared with the source", "data_class": "sensitive",
                  "meaning": "Signs its callbacks; from `${ENV}`"},
    )


def _ids_differ(keys: list[dict[str, str]]) -> None:
    ids = [key["key_id"] for key in keys]
    if len(set(ids)) != len(ids):
        raise ValidationError("a key_id is there twice; every key needs its own")


class MatterSettings(Schema):
    """Section services.matter. callback_keys: who may answer callback steps; two keys while one is being replaced."""

    class Meta:
        unknown = RAISE

    callback_keys = fields.List(
        fields.Nested(CallbackKey), load_default=list, validate=_ids_differ,
        metadata={"allowed": "a list of mappings with key_id, source and secret",
                  "meaning": "Who may answer callback steps; two keys of one source while one is being replaced"},
    )
    bootstrap_tenants = fields.List(
        fields.String(validate=validate.Length(1, 64)), load_default=list,
        metadata={"allowed": "a list of tenants' names",
                  "meaning": "Tenants that get the shipped definitions and templates at start"},
    )
    stuck_after_attempts = fields.Integer(
        load_default=12, validate=validate.Range(1, 1000), metadata={
            "allowed": "a whole number from 1 to 1000", "meaning": "Tries after which a step waits for people"}
    )
    payment_poll_s = fields.Float(
        load_default=300.0, validate=validate.Range(1, 86_400), metadata={
            "allowed": "a number from 1 to 86400", "meaning": "How often the state of an unpaid order is asked for"}
    )
    holidays = fields.List(
        fields.Date(), load_default=list, metadata={
            "allowed": "a list of days, YYYY-MM-DD", "meaning": "Days off beside the weekends"}
    )
    make_up_days = fields.List(
        fields.Date(), load_default=list, metadata={
            "allowed": "a list of days, YYYY-MM-DD", "meaning": "Weekend days that are worked (调休上班日)"}
    )
    unpaid_violations = fields.Dict(
        keys=fields.String(), values=fields.Integer(strict=True, validate=validate.Range(-1, 1000)),
        load_default=None, allow_none=True, metadata={
            "allowed": "a mapping from an identity number to a whole number from -1 to 1000",
            "meaning": "For the sandbox authority: how many violations are unpaid, -1 for no answer",
            "data_class": "sensitive",
        },
    )
