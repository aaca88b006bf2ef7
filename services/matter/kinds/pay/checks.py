"""Mistakes in the settings of a payment, and the channels and fee items that they name."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from services.matter.definitions.domain.declared_step import DeclaredStep
from services.matter.definitions.domain.expressions import TEXT, WHOLE, Variable, Variables
from services.matter.definitions.domain.problems import Path, Problem
from services.matter.definitions.usecases.references import Lookup, Reference, ReferenceKind, unknown_unless
from services.matter.kinds.pay.ports import PaymentCatalogue
from shared_components.kernel.bilingual import Bilingual


def check(step: DeclaredStep) -> Iterator[Problem]:
    """Either one channel or several to choose from."""
    given = [name for name in ("channel", "channels") if name in step.settings]
    if len(given) != 1:
        yield Problem(
            step.path(), Bilingual(
                f"step {step.name!r} has {' and '.join(given) or 'neither'}",
                f"步骤 {step.name} 的设置：{'、'.join(given) or '两者皆无'}"),
            Bilingual(
                "either channel (one, opened at once) or channels (the applicant chooses)",
                "channel（单一渠道，立即打开）或 channels（由申请人选择），二者取一"),
        )


def results(settings: Mapping[str, Any]) -> Variables:
    return {
        "order_id": Variable(TEXT), "amount_minor": Variable(WHOLE), "currency": Variable(TEXT),
        "paid_at": Variable(TEXT)}


def references(settings: Mapping[str, Any], path: Path) -> Iterator[Reference]:
    if "channel" in settings:
        yield Reference(PAY_CHANNEL, settings["channel"], (*path, "channel"))
    for position, channel in enumerate(settings.get("channels", ())):
        yield Reference(PAY_CHANNEL, channel, (*path, "channels", position))
    for position, line in enumerate(settings["lines"]):
        yield Reference(FEE_ITEM, line["item_code"], (*path, "lines", position, "item_code"))


def _find_channel(lookup: Lookup, reference: Reference) -> Bilingual | None:
    catalogue: PaymentCatalogue = lookup.components.payments
    return unknown_unless(reference.name in lookup.once("pay channels", catalogue.channels), reference)


def _find_fee_item(lookup: Lookup, reference: Reference) -> Bilingual | None:
    catalogue: PaymentCatalogue = lookup.components.payments
    return unknown_unless(catalogue.has_fee_item(reference.name), reference)


PAY_CHANNEL = ReferenceKind(
    Bilingual("payment channel", "支付渠道"), Bilingual(
        "one of payment.list_channels: a channel that services.payment configures",
        "payment.list_channels 列出的渠道，即 services.payment 已配置的渠道"), _find_channel)
FEE_ITEM = ReferenceKind(
    Bilingual("fee item", "收费项目"),
    Bilingual("one of payment.list_fee_items", "payment.list_fee_items 列出的收费项目"), _find_fee_item)
