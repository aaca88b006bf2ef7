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
from services.matter.definitions.domain.documents import document_problems
from services.matter.definitions.domain.forms import LONGEST_TEXT, MAX_STEPS
from services.matter.definitions.domain.graph import ancestors, cycles
from services.matter.definitions.domain.kind_rules import Rules
from services.matter.definitions.domain.limits import ProcedureRules
from services.matter.definitions.domain.problems import Path, Problem
from services.matter.definitions.domain.variables import form_variables
from shared_components.kernel.bilingual import Bilingual, listed_zh
from shared_components.kernel.numbers import ItemCode, NumberError
from shared_components.kernel.patterns import ALLOWED as PATTERNS_ALLOWED
from shared_components.kernel.patterns import PatternInvalid, pattern_of

NO_COMPENSATION = Bilingual("no compensation", "不设撤销动作")
MOMENTS = (
    "submitted", "completed", "refused", "withdrawn", "terminated", "supplement", "accepted", "extended",
    "clock-stopped", "clock-restarted")


def find_problems(data: Data, rules: Rules) -> list[Problem]:
    """Find every mistake in data that has the schema's shape."""
    return [problem for check in _CHECKS for problem in check(data, rules)]


def _item_code(data: Data, rules: Rules) -> Iterator[Problem]:
    try:
        code = ItemCode.parse(data["item_code"])
    except NumberError as error:
        yield Problem(("item_code",), error.text, Bilingual(
            "18 characters of the department, 1 of the level, 12 digits",
            "部门统一社会信用代码 18 位、层级 1 位、数字 12 位"))
        return
    if code.department != data["department"]["code"]:
        yield Problem(
            ("item_code",), Bilingual(
                f"item code begins with {code.department!r}, another department's code",
                f"事项编码以其他部门的代码“{code.department}”开头"),
            Bilingual(
                f"one that begins with {data['department']['code']!r}", f"以“{data['department']['code']}”开头的编码"),
        )


def _names(data: Data, rules: Rules) -> Iterator[Problem]:
    names = _step_names(data)
    for index, name in enumerate(names):
        if name in names[:index]:
            yield Problem(
                ("steps", index, "step"), Bilingual(f"step {name!r} is there twice", f"步骤“{name}”重复"),
                Bilingual("a name used by no other step", "其他步骤未使用的名称"))
        if name in MOMENTS:
            yield Problem(
                ("steps", index, "step"), Bilingual(
                    f"step is named {name!r}, a moment of the case", f"步骤名称“{name}”与办件节点重名"),
                Bilingual("another name", "其他名称"))


def _after(data: Data, rules: Rules) -> Iterator[Problem]:
    names = _step_names(data)
    for index, step in enumerate(data["steps"]):
        for position, name in enumerate(step.get("after", ())):
            if name not in names:
                path = ("steps", index, "after", position)
                yield Problem(path, Bilingual(
                    f"step {step['step']!r} comes after unknown step {name!r}",
                    f"步骤“{step['step']}”的前置步骤“{name}”不存在"), listed(names))


def _cycles(data: Data, rules: Rules) -> Iterator[Problem]:
    names, graph = _step_names(data), step_graph(data)
    in_cycles = {name for cycle in cycles(graph) for name in cycle}
    for cycle in cycles(graph):
        path = ("steps", names.index(cycle[0]), "after")
        text = " → ".join([*cycle, cycle[0]])
        yield Problem(path, Bilingual(
            f"steps {text} wait for each other in a cycle", f"步骤 {text} 互相等待，形成循环"),
            Bilingual("an order without cycles", "没有循环的顺序"))
    for name in names:
        if name not in in_cycles and ancestors(graph, name) & in_cycles:
            path = ("steps", names.index(name), "after")
            yield Problem(path, Bilingual(
                f"step {name!r} is unreachable: it comes after a cycle", f"步骤“{name}”在循环之后，无法到达"),
                Bilingual("steps that can be reached", "可以到达的步骤"))


def _conditions(data: Data, rules: Rules) -> Iterator[Problem]:
    for step, declared in zip(data["steps"], rules.declared(data), strict=True):
        if "when" in step:
            path = ("steps", declared.index, "when")
            yield from check_condition(path, step["when"], declared.variables, declared.form_fields)


def _settings(data: Data, rules: Rules) -> Iterator[Problem]:
    for step in rules.declared(data):
        yield from rules.of(step.kind).check(step)


def _compensations(data: Data, rules: Rules) -> Iterator[Problem]:
    for index, step in enumerate(data["steps"]):
        needed, given = rules.of(step["kind"]).compensation, step.get("compensation")
        if given == needed:
            continue
        path: Path = ("steps", index, "compensation") if given else ("steps", index)
        what = Bilingual(f"compensation {given!r}", f"撤销动作“{given}”") if given else NO_COMPENSATION
        allowed = Bilingual(f"compensation: {needed}", f"compensation: {needed}") if needed else NO_COMPENSATION
        yield Problem(path, Bilingual(
            f"step {step['step']!r} is of kind {step['kind']!r} and has {what}",
            f"步骤“{step['step']}”的类型为 {step['kind']}，其设置：{what.zh}"), allowed)


def _notifications(data: Data, rules: Rules) -> Iterator[Problem]:
    allowed = [*_step_names(data), *MOMENTS]
    for index, notice in enumerate(data.get("notifications", ())):
        if notice["on"] not in allowed:
            message = Bilingual(
                f"notification is told on {notice['on']!r}, which is no step and no moment",
                f"通知时机“{notice['on']}”既不是步骤，也不是办件节点")
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
                word, zh = ("reads", "读取") if "properties" in place else ("requires", "要求")
                yield Problem((*path, *place), Bilingual(
                    f"form {word} unknown field {name!r}", f"申请表{zh}不存在的字段“{name}”"), allowed)


def _titles_of_choices(data: Data, rules: Rules) -> Iterator[Problem]:
    """Titles are of all choices or of none: a page would show some in words and some as codes."""
    for path, form in _forms(data, rules):
        for name, field in form["properties"].items():
            titled, choices = field.get("x-titles"), [str(choice) for choice in field.get("enum", ())]
            if titled is not None and sorted(titled) != sorted(choices):
                yield Problem((*path, "properties", name, "x-titles"), Bilingual(
                    f"field {name!r} has titles for {', '.join(titled)}, not for exactly its choices",
                    f"字段“{name}”的 x-titles 为 {listed_zh(titled)}，与选项不一致"), listed(choices))


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
        message = Bilingual(
            f"object_field is {field!r}, which the form does not require",
            f"object_field 为“{field}”，而申请表未将其列为必填")
        yield Problem(("open_cases", "object_field"), message, listed(required))


def _procedure(data: Data, rules: Rules) -> Iterator[Problem]:
    declared = data.get("procedure", {})
    accepted_by, names = declared.get("accepted_by"), _step_names(data)
    if accepted_by is not None and accepted_by not in names:
        yield Problem(("procedure", "accepted_by"), Bilingual(
            f"application is accepted by unknown step {accepted_by!r}",
            f"受理步骤“{accepted_by}”不存在"), listed(names))
    limits = ProcedureRules.of(declared)
    if limits.promised.unit == limits.legal.unit and limits.promised.amount > limits.legal.amount:
        yield Problem(("procedure", "promised_limit", limits.promised.unit), Bilingual(
            f"promised limit is {limits.promised.amount}, longer than the legal one",
            f"承诺时限为 {limits.promised.amount}，长于法定时限"),
            Bilingual(f"at most {limits.legal.amount}", f"不超过 {limits.legal.amount}"))


def _materials(data: Data, rules: Rules) -> Iterator[Problem]:
    names = [one["material"] for one in data.get("materials", ())]
    for index, one in enumerate(data.get("materials", ())):
        path = ("materials", index)
        if one["material"] in names[:index]:
            yield Problem((*path, "material"), Bilingual(
                f"material {one['material']!r} is there twice", f"材料“{one['material']}”重复"),
                Bilingual("a name used by no other material", "其他材料未使用的名称"))
        if "required_when" in one:
            yield from check_condition(
                (*path, "required_when"), one["required_when"], form_variables(data["form"]),
                data["form"]["properties"])


def _documents(data: Data, rules: Rules) -> Iterator[Problem]:
    yield from document_problems(data)


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
                yield Problem(place, Bilingual(
                    f"field {name!r}: {invalid}", f"字段“{name}”的正则表达式有误：{invalid}"), PATTERNS_ALLOWED)
                continue
            if steps > MAX_STEPS:
                yield Problem(
                    place, Bilingual(
                        f"field {name!r}: the form's patterns up to here may take {steps:,} steps on long values",
                        f"字段“{name}”：申请表的正则表达式对长文本可能需要 {steps:,} 步"),
                    Bilingual(
                        f"{MAX_STEPS:,} steps: a smaller maxLength, or a pattern with fewer repetitions",
                        f"{MAX_STEPS:,} 步以内：请减小 maxLength 或减少重复"),
                )
                return


def _step_names(data: Data) -> list[str]:
    return [step["step"] for step in data["steps"]]


_CHECKS: Sequence[Callable[[Data, Rules], Iterator[Problem]]] = (
    _item_code, _names, _after, _cycles, _conditions, _compensations, _settings, _notifications, _form_fields,
    _titles_of_choices,
    _patterns, _open_cases, _procedure,
    _materials, _documents,
)
