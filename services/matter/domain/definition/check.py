"""Mistakes that a schema cannot see: how the parts of a definition refer to each other."""
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from services.matter.domain.conditions import parse_condition
from services.matter.domain.definition.graph import ancestors, cycles
from services.matter.domain.errors import ConditionNotSupported
from services.matter.domain.forms import LONGEST_TEXT, MAX_STEPS
from services.matter.domain.problems import Path, Problem
from shared_components.kernel.numbers import ItemCode, NumberError
from shared_components.kernel.patterns import ALLOWED as PATTERNS_ALLOWED
from shared_components.kernel.patterns import PatternInvalid, pattern_of

Data = Mapping[str, Any]

COMPENSATIONS: Mapping[str, str] = {"pay": "refund", "issue_licence": "cancel_licence"}
MOMENTS = ("submitted", "completed", "refused", "withdrawn")


def find_problems(data: Data) -> list[Problem]:
    """Every mistake in data that has the schema's shape."""
    return [problem for check in _CHECKS for problem in check(data)]


def _item_code(data: Data) -> Iterator[Problem]:
    try:
        code = ItemCode.parse(data["item_code"])
    except NumberError as error:
        yield Problem(("item_code",), error.message, "18 characters of the department, 1 of the level, 12 digits")
        return
    if code.department != data["department"]["code"]:
        yield Problem(
            ("item_code",), f"item code begins with {code.department!r}, another department's code",
            f"one that begins with {data['department']['code']!r}",
        )


def _names(data: Data) -> Iterator[Problem]:
    names = _step_names(data)
    for index, name in enumerate(names):
        if name in names[:index]:
            yield Problem(("steps", index, "step"), f"step {name!r} is there twice", "a name used by no other step")
        if name in MOMENTS:
            yield Problem(("steps", index, "step"), f"step is named {name!r}, a moment of the case", "another name")


def _after(data: Data) -> Iterator[Problem]:
    names = _step_names(data)
    for index, step in enumerate(data["steps"]):
        for position, name in enumerate(step.get("after", ())):
            if name not in names:
                path = ("steps", index, "after", position)
                yield Problem(path, f"step {step['step']!r} comes after unknown step {name!r}", _listed(names))


def _cycles(data: Data) -> Iterator[Problem]:
    names, graph = _step_names(data), _graph(data)
    in_cycles = {name for cycle in cycles(graph) for name in cycle}
    for cycle in cycles(graph):
        path = ("steps", names.index(cycle[0]), "after")
        text = " → ".join([*cycle, cycle[0]])
        yield Problem(path, f"steps {text} wait for each other in a cycle", "an order without cycles")
    for name in names:
        if name not in in_cycles and ancestors(graph, name) & in_cycles:
            path = ("steps", names.index(name), "after")
            yield Problem(path, f"step {name!r} is unreachable: it comes after a cycle", "steps that can be reached")


def _conditions(data: Data) -> Iterator[Problem]:
    for index, step in enumerate(data["steps"]):
        if "when" in step:
            yield from _condition(("steps", index, "when"), step["when"], "form", data["form"]["properties"])
        if "pass_when" in step.get("with", {}):
            result = step["with"]["result"]["properties"]
            yield from _condition(("steps", index, "with", "pass_when"), step["with"]["pass_when"], "result", result)


def _condition(path: Path, text: str, root: str, fields: Data) -> Iterator[Problem]:
    try:
        condition = parse_condition(text)
    except ConditionNotSupported as error:
        yield Problem(path, error.message, "`form.<field> == <literal>`")
        return
    if condition.root != root:
        yield Problem(path, f"condition reads {condition.root!r}, which is not known here", f"{root}.<field>")
    elif condition.field not in fields:
        yield Problem(path, f"condition reads unknown field {condition.field!r}", _listed(fields))
    else:
        allowed = fields[condition.field].get("enum")
        if allowed is not None and condition.literal not in allowed:
            message = f"condition compares with {condition.literal!r}, which {condition.field!r} never is"
            yield Problem(path, message + ", so that the step is unreachable or always there", _listed(allowed))


def _compensations(data: Data) -> Iterator[Problem]:
    for index, step in enumerate(data["steps"]):
        needed, given = COMPENSATIONS.get(step["kind"]), step.get("compensation")
        if given == needed:
            continue
        path: Path = ("steps", index, "compensation") if given else ("steps", index)
        what = f"compensation {given!r}" if given else "no compensation"
        why = "moves money or issues a licence" if needed else f"is of kind {step['kind']!r}"
        allowed = f"compensation: {needed}" if needed else "no compensation"
        yield Problem(path, f"step {step['step']!r} {why} and has {what}", allowed)


def _pay_channels(data: Data) -> Iterator[Problem]:
    for index, step in enumerate(data["steps"]):
        given = [name for name in ("channel", "channels") if step["kind"] == "pay" and name in step["with"]]
        if step["kind"] == "pay" and len(given) != 1:
            yield Problem(
                ("steps", index, "with"), f"step {step['step']!r} has {' and '.join(given) or 'neither'}",
                "either channel (one, opened at once) or channels (the applicant chooses)",
            )


def _prior_licences(data: Data) -> Iterator[Problem]:
    """A licence is renewed on the ground of one that an earlier check has found."""
    graph = _graph(data)
    for index, step in enumerate(data["steps"]):
        if step["kind"] != "issue_licence":
            continue
        before, type_code = ancestors(graph, step["step"]), step["with"]["type_code"]
        found = [s["step"] for s in data["steps"] if _finds_licence(s, type_code)]
        if step["with"]["prior"] not in set(found) & before:
            message = f"step {step['step']!r} renews the licence that {step['with']['prior']!r} found"
            yield Problem(
                ("steps", index, "with", "prior"), f"{message}, which is no earlier check of this licence type",
                _listed([name for name in found if name in before]),
            )


def _notifications(data: Data) -> Iterator[Problem]:
    allowed = [*_step_names(data), *MOMENTS]
    for index, notice in enumerate(data.get("notifications", ())):
        if notice["on"] not in allowed:
            message = f"notification is told on {notice['on']!r}, which is no step and no moment"
            yield Problem(("notifications", index, "on"), message, _listed(allowed))


def _deliveries(data: Data) -> Iterator[Problem]:
    for index, step in enumerate(data["steps"]):
        field = step.get("with", {}).get("address_field") if step["kind"] == "deliver" else None
        if field is not None and field not in data["form"]["properties"]:
            path = ("steps", index, "with", "address_field")
            yield Problem(path, f"address is read from unknown field {field!r}", _listed(data["form"]["properties"]))


def _forms(data: Data) -> Iterator[tuple[Path, Data]]:
    """Every form: the applicant's, and the result of each callback."""
    yield ("form",), data["form"]
    for index, step in enumerate(data["steps"]):
        if step["kind"] == "callback":
            yield ("steps", index, "with", "result"), step["with"]["result"]


def _form_fields(data: Data) -> Iterator[Problem]:
    for path, form in _forms(data):
        properties, allowed = form["properties"], _listed(form["properties"])
        for place, name in _fields_named(form):
            if name not in properties:
                word = "reads" if "properties" in place else "requires"
                yield Problem((*path, *place), f"form {word} unknown field {name!r}", allowed)


def _fields_named(form: Data) -> Iterator[tuple[Path, str]]:
    """Where a form names a field."""
    for index, name in enumerate(form.get("required", ())):
        yield ("required", index), name
    for index, rule in enumerate(form.get("allOf", ())):
        for position, name in enumerate(rule["then"]["required"]):
            yield ("allOf", index, "then", "required", position), name
        for position, name in enumerate(rule["if"]["required"]):
            yield ("allOf", index, "if", "required", position), name
        for name in rule["if"]["properties"]:
            yield ("allOf", index, "if", "properties", name), name


def _open_cases(data: Data) -> Iterator[Problem]:
    field = data.get("open_cases", {}).get("object_field")
    if field is None:
        return
    required = data["form"].get("required", ())
    if field not in required:
        message = f"object_field is {field!r}, which the form does not require"
        yield Problem(("open_cases", "object_field"), message, _listed(required))


def _patterns(data: Data) -> Iterator[Problem]:
    """Patterns must be RE2's, and all of a form together within MAX_STEPS: a search holds up the whole process."""
    for path, form in _forms(data):
        steps = 0
        for name, field in form["properties"].items():
            place = (*path, "properties", name, "pattern")
            if "pattern" not in field:
                continue
            try:
                steps += pattern_of(field["pattern"]).steps(field.get("maxLength", LONGEST_TEXT))
            except PatternInvalid as invalid:
                yield Problem(place, f"field {name!r}: {invalid}", PATTERNS_ALLOWED)
                continue
            if steps > MAX_STEPS:
                yield Problem(
                    place, f"field {name!r}: the form's patterns up to here may take {steps:,} steps on long values",
                    f"{MAX_STEPS:,} steps: a smaller maxLength, or a pattern with fewer repetitions",
                )
                return


def _finds_licence(step: Data, type_code: str) -> bool:
    return bool(step["kind"] == "check" and step["with"].get("licence", {}).get("type_code") == type_code)


def _step_names(data: Data) -> list[str]:
    return [step["step"] for step in data["steps"]]


def _graph(data: Data) -> dict[str, tuple[str, ...]]:
    names = set(_step_names(data))
    return {s["step"]: tuple(n for n in s.get("after", ()) if n in names) for s in data["steps"]}


def _listed(names: Sequence[Any] | Mapping[str, Any]) -> str:
    return ", ".join(str(name) for name in names) or "none is possible here"


_CHECKS: Sequence[Callable[[Data], Iterator[Problem]]] = (
    _item_code, _names, _after, _cycles, _conditions, _compensations, _pay_channels, _prior_licences, _deliveries,
    _notifications, _form_fields, _patterns, _open_cases,
)
