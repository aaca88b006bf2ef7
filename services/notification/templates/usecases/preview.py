"""Show what a message would say."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from services.notification.carriers.domain.ports import HasCarrierFacts
from services.notification.common.channels import check_channel
from services.notification.templates.domain.template import missing_values, placeholders, render_present
from services.notification.templates.usecases.choose_template import (
    ChooseTemplateTx,
    Wish,
    choose_templates,
    owner,
    require,
)
from services.notification.templates.usecases.views import PreviewView, preview_view

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

MAINLAND, ABROAD = "mainland", "abroad"


@dataclass(frozen=True, slots=True)
class Preview:
    template_code: str
    channel: str
    locale: str
    values: Mapping[str, str] = field(repr=False)
    destination: str = MAINLAND


class PreviewTx(ChooseTemplateTx, HasCarrierFacts, Protocol):
    """The part of a transaction that a preview needs."""


def preview(tx: PreviewTx, command: Preview, context: CallContext) -> PreviewView:
    """Show what a message would say, what it misses, and which of the values it has no place for.

    What is not approved yet is shown, too: a preview is what its approver looks at.

    Raises ChannelNotBuilt, TemplateUnknown, LineBreakInHeader, ControlCharacter, MessageTooLarge.
    """
    channel, values = check_channel(command.channel), command.values
    wish = Wish(context.tenant, owner(context), command.template_code, channel, command.locale)
    (chosen,) = choose_templates(tx, [(context, wish)], drafts=True)
    template = require(chosen)
    return preview_view(
        template, render_present(template, values), missing=missing_values(template, values),
        unused=sorted(set(values) - set(placeholders(template))), signature=tx.carriers.signature,
        mainland=command.destination == MAINLAND,
    )
