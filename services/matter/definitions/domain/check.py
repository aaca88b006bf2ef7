"""Mistakes that a schema cannot see: how the parts of a definition refer to each other."""
from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from services.matter.definitions.domain.declared_step import (
    Data,
    check_condition,
    declared_steps,
    listed,
    step_graph,
)
from services.matter.definitions.domain.forms import LONGEST_TEXT, MAX_STEPS
from services.matter.definitions.domain.graph import ancestors, cycles
from services.matter.definitions.domain.kind_rules import Rules
from services.matter.definitions.domain.problems import Path, Problem
from shared_components.kernel.numbers import ItemCode, NumberError
from shared_components.kernel.patterns import ALLOWED as PATTERNS_ALLOWED
from shared_components.kernel.patterns import PatternInvalid, pattern_of

MOMENTS = ("submitted", "completed", "refused", "withdrawn")


def find_problems(data: Data, rules: Rules) -> list[Problem]:
    """Find every mistake in data that has the schema's shape."""
    return [problem for check in _CHECKS for problem in check(data, rules)]


def _item_code(data: Data, rules: Rules) -> Iterator[Problem]:
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


def _names(data: Data, rules: Rules) -> Iterator[Problem]:
    names = _step_names(data)
    for index, name in enumerate(names):
        if name in names[:index]:
            yield Problem(("steps", index, "step"), f"step {name!r} is there twice", "a name used by no other step")
        if name in MOMENTS:
            yield Problem(("steps", index, "step"), f"step is named {name!r}, a moment of the case", "another name")


def _after(data: Data, rules: Rules) -> Iterator[Problem]:
    names = _step_names(data)
    for index, step in enumerate(data["steps"]):
        for position, name in enumerate(step.get("after", ())):
            if name not in names:
                path = ("steps", index, "after", position)
                yield Problem(path, f"step {step['step']!r} comes after unknown step {name!r}", listed(names))


def _cycles(data: Data, rules: Rules) -> Iterator[Problem]:
    names, graph = _step_names(data), step_graph(data)
    in_cycles = {name for cycle in cycles(graph) for name in cycle}
    for cycle in cycles(graph):
        path = ("steps", names.index(cycle[0]), "after")
        text = " → ".join([*cycle, cycle[0]])
        yield Problem(path, f"steps {text} wait for each other in a cycle", "an order without cycles")
    for name in names:
        if name not in in_cycles and ancestors(graph, name) & in_cycles:
            path = ("steps", names.index(name), "after")
            yield Problem(path, f"step {name!r} is unreachable: it comes after a cycle", "steps that can be reached")


def _conditions(data: Data, rules: Rules) -> Iterator[Problem]:
    for index, step in enumerate(data["steps"]):
        if "when" in step:
            yield from check_condition(("steps", index, "when"), step["when"], "form", data["form"]["properties"])


def _settings(data: Data, rules: Rules) -> Iterator[Problem]:
    for step in declared_steps(data):
        yield from rules.of(step.kind).check(step)


def _compensations(data: Data, rules: Rules) -> Iterator[Problem]:
    for index, step in enumerate(data["steps"]):
        needed, given = rules.of(step["kind"]).compensation, step.get("compensation")
        if given == needed:
            continue
        path: Path = ("steps", index, "compensation") if given else ("steps", index)
        what = f"compensation {given!r}" if given else "no compensation"
        allowed = f"compensation: {needed}" if needed else "no compensation"
        yield Problem(path, f"step {step['step']!r} is of kind {step['kind']!r} and has {what}", allowed)


def _notifications(data: Data, rules: Rules) -> Iterator[Problem]:
    allowed = [*_step_names(data), *MOMENTS]
    for index, notice in enumerate(data.get("notifications", ())):
        if notice["on"] not in allowed:
            message = f"notification is told on {notice['on']!r}, which is no step and no moment"
            yield Problem(("notifications", index, "on"), message, listed(allowed))


def _forms(data: Data, rules: Rules) -> Iterator[tuple[Path, Data]]:
    """Every form: the applicant's, and those in the settings of steps."""
    yield ("form",), data["form"]
    for step in declared_steps(data):
        for path, form in rules.of(step.kind).forms(step.settings):
            yield step.path(*path), form


def _form_fields(data: Data, rules: Rules) -> Iterator[Problem]:
    for path, form in _forms(data, rules):
        properties, allowed = form["properties"], listed(form["properties"])
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


def _open_cases(data: Data, rules: Rules) -> Iterator[Problem]:
    field = data.get("open_cases", {}).get("object_field")
    if field is None:
        return
    required = data["form"].get("required", ())
    if field not in required:
        message = f"object_field is {field!r}, which the form does not require"
        yield Problem(("open_cases", "object_field"), message, listed(required))


def _patterns(data: Data, rules: Rules) -> Iterator[Problem]:
    """Patterns must be RE2's, and all of a form together within MAX_STEPS: a search holds up the whole process."""
    for path, form in _forms(data, rules):
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


def _step_names(data: Data) -> list[str]:
    return [step["step"] for step in data["steps"]]


_CHECKS: Sequence[Callable[[Data, Rules], Iterator[Problem]]] = (
    _item_code, _names, _after, _cycles, _conditions, _compensations, _settings, _notifications, _form_fields,
    _patterns, _open_cases,
)
