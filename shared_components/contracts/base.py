"""The base of every schema that crosses the bus."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, is_dataclass
from dataclasses import fields as dataclass_fields
from typing import Any, ClassVar

from marshmallow import RAISE, Schema, ValidationError, fields, missing, validate, validates_schema
from marshmallow.schema import SchemaMeta

from shared_components.contracts.rules import Rule
from shared_components.contracts.strict_fields import SubjectId, strict
from shared_components.kernel.apps import APP_NAME

PUBLIC, PERSONAL, SENSITIVE, SECRET = "public", "personal", "sensitive", "secret"


def text(en: str, zh: str, **more: object) -> dict[str, object]:
    """The metadata of a field that is described in both languages: `fields.String(metadata=text("…", "…"))`.

    more: other metadata of the field, for example data_class.
    """
    return {"en": en, "zh": zh, **more}


def app_served() -> fields.String:
    """The app for which a service makes something; it is then that app's own."""
    name = validate.Regexp(rf"\A{APP_NAME}\Z")
    return fields.String(load_default=None, allow_none=True, validate=name, metadata=text(
        "For services: the app that this is made for and that owns it, such as app-demo. An app leaves it out: what it "
        "makes is its own.",
        "仅供服务使用：代哪个应用办理，归该应用所有，如 app-demo。应用自行调用时不填，所建数据归调用方所有。"))


def optional_subject(metadata: Mapping[str, object]) -> SubjectId:
    """A subject's id in a request, None where it is left out."""
    return SubjectId(load_default=None, allow_none=True, validate=validate.Length(1, 64), metadata=metadata)


class _MessageClass(SchemaMeta):
    """Makes every declared field strict, and checks that the message's fields build its command."""

    @classmethod
    def get_declared_fields(mcs, klass: Any, *given: Any, **named: Any) -> dict[str, Any]:
        declared = super().get_declared_fields(klass, *given, **named)
        return {name: strict(name, field) for name, field in declared.items()}

    def __init__(cls, name: str, bases: tuple[type, ...], attributes: dict[str, Any]) -> None:
        super().__init__(name, bases, attributes)  # type: ignore[no-untyped-call]
        command = getattr(cls, "command", None)
        if command is not None:
            _check_command(name, command, cls._declared_fields)


def _check_command(name: str, command: type[Any], declared: Mapping[str, Any]) -> None:
    """Raises TypeError when the fields of a message cannot build its command."""
    where = f"{name}.command is {command.__name__}"
    parameters = getattr(command, "__dataclass_params__", None)
    if not is_dataclass(command) or parameters is None or not parameters.frozen or "__slots__" not in vars(command):
        raise TypeError(f"{where}; only a dataclass with frozen=True and slots=True is allowed")
    accepted = {field.name: field for field in dataclass_fields(command) if field.init}
    loaded = {field.attribute or key: field for key, field in declared.items() if not field.dump_only}
    if unknown := sorted(set(loaded) - set(accepted)):
        raise TypeError(f"{where}, which does not have the fields {unknown}; it has {sorted(accepted)}")
    always = {key for key, field in loaded.items() if field.required or field.load_default is not missing}
    needed = {
        key for key, field in accepted.items() if field.default is MISSING and field.default_factory is MISSING}
    if lacking := sorted(needed - always):
        raise TypeError(f"{where}, which needs {lacking}; give them a load_default here or a default there")


class Message(Schema, metaclass=_MessageClass):
    """A request, a reply or an event's data: unknown fields are refused, declaration order is kept.

    Fields take what their JSON Schema says and nothing else, though they are declared as marshmallow's: whole numbers
    are no text and have no fraction, dates are `YYYY-MM-DD`, times are RFC 3339's. A kind that cannot be so is refused.

    A field that holds personal data says so: `fields.String(metadata={"data_class": "personal"})`
    (`sensitive` for identity numbers, contact addresses; `secret` for keys, passwords, codes); logs redact it by
    that class.
    One that holds a file, in base64, says of what kind: `metadata={"media_type": "application/pdf"}`.
    """

    rules: ClassVar[tuple[Rule, ...]] = ()
    """What holds over several fields: `rules = (ExactlyOne(("code", "identifier")),)`."""

    command: ClassVar[type[Any] | None] = None
    """A frozen, slotted dataclass with the message's fields: `load` then gives it instead of a dict."""

    class Meta:
        unknown = RAISE

    def load(self, data: Any, **options: Any) -> Any:
        """Load as marshmallow does, and build the command from the result when the message has one."""
        loaded = super().load(data, **options)
        build = self.command
        if build is None:
            return loaded
        return [build(**item) for item in loaded] if isinstance(loaded, list) else build(**loaded)

    @validates_schema(skip_on_field_errors=True)
    def keep_rules(self, data: Mapping[str, Any], **_: Any) -> None:
        for rule in self.rules:
            if errors := rule.errors(data):
                raise ValidationError(errors)


def rules_of(schema: Schema) -> tuple[Rule, ...]:
    return schema.rules if isinstance(schema, Message) else ()


def command_of(schema: Schema) -> type[Any] | None:
    """The dataclass that loading the schema gives, or None for a dict."""
    return schema.command if isinstance(schema, Message) else None


def has_hooks(schema: Schema) -> bool:
    """Whether it has hooks of its own, beside the rules that every message may have."""
    return any(
        hook[0] != Message.keep_rules.__name__ for hooks in schema._hooks.values() for hook in hooks)


def secret_fields(message: type[Schema]) -> frozenset[str]:
    """Names of a request's fields that are secret, or hold something that is."""
    return frozenset(
        name for name, field in message().fields.items()
        if field.metadata.get("data_class") == SECRET or any(of == SECRET for _, of in _classes_inside(field)))


def _classes_inside(field: Any) -> Iterator[tuple[str, str]]:
    inner = field.inner if isinstance(field, fields.List) else field
    if isinstance(inner, fields.Nested):
        yield from field_classes(inner.schema)
    elif inner is not field:
        yield "", inner.metadata.get("data_class", PUBLIC)


def field_classes(schema: Schema) -> Iterator[tuple[str, str]]:
    """Every (field name, data class) in a schema, nested ones included."""
    for name, field in schema.fields.items():
        yield name, field.metadata.get("data_class", PUBLIC)
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, fields.Nested):
            yield from field_classes(inner.schema)
