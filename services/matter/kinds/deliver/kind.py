"""The record of kind `deliver`."""
from __future__ import annotations

from collections.abc import Iterator

from services.matter.cases.usecases.kind import Kind
from services.matter.definitions.domain.declared_step import DeclaredStep, listed
from services.matter.definitions.domain.kind_rules import HANDS_OVER, KindRules
from services.matter.definitions.domain.problems import Problem
from services.matter.kinds.deliver.ports import DeliverComponents
from services.matter.kinds.deliver.run import run_deliver
from services.matter.kinds.deliver.settings import SETTINGS
from shared_components.kernel.bilingual import Bilingual


def check(step: DeclaredStep) -> Iterator[Problem]:
    """The address is a field of the form."""
    field = step.settings["address_field"]
    if field not in step.form_fields:
        message = Bilingual(f"address is read from unknown field {field!r}", f"地址取自不存在的字段“{field}”")
        yield Problem(step.path("address_field"), message, listed(step.form_fields))


KIND = Kind[DeliverComponents](
    rules=KindRules(
        name="deliver", settings=SETTINGS, leaves_effect=True, outcome=("waybill",), check=check, phase=HANDS_OVER),
    run=run_deliver,
)
