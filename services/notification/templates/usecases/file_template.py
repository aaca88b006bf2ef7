"""Record how a version of a text template is filed with a carrier."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from services.notification.carriers.domain.errors import CarrierUnknown
from services.notification.carriers.domain.ports import HasCarrierFacts
from services.notification.common.channels import SMS
from services.notification.templates.domain.errors import TemplateInvalid
from services.notification.templates.domain.filing import Filing
from services.notification.templates.domain.template import Template, placeholders
from services.notification.templates.usecases.filings import ReadsFilings, filings_of
from services.notification.templates.usecases.get_template import TemplateVersions, known_version
from services.notification.templates.usecases.views import TemplateDetailView, template_detail_view
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.transactions import HasClock

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

class KeepsFilings(ReadsFilings, Protocol):
    def put(self, filing: Filing) -> None:
        """Keep it in place of an earlier one of the same version and provider."""
        ...


class FileTemplateTx(HasCarrierFacts, HasClock, Protocol):
    """The part of a transaction that filing a template needs."""

    @property
    def templates(self) -> TemplateVersions: ...

    @property
    def filings(self) -> KeepsFilings: ...


@dataclass(frozen=True, slots=True)
class FileTemplate:
    """version: None is the newest. parameters: None takes the order of the body."""

    template_code: str
    locale: str
    provider: str
    provider_template_id: str
    state: str
    version: int | None = None
    app: str | None = None
    signature: str | None = None
    parameters: Sequence[str] | None = None
    channel: str = SMS


def file_template(tx: FileTemplateTx, command: FileTemplate, context: CallContext) -> TemplateDetailView:
    """Raises TemplateUnknown, TemplateInvalid, CarrierUnknown."""
    available = list(tx.carriers.configured())
    if command.provider not in available:
        raise CarrierUnknown(
            Bilingual(
                f"provider {command.provider!r} is not configured; configured are {', '.join(available) or 'none'}",
                f"短信服务商“{command.provider}”未配置；已配置：{'、'.join(available) or '无'}"),
            details={"provider": command.provider, "available": available})
    template = known_version(tx.templates, command, context)
    tx.filings.put(Filing(
        template.key, template.version, command.provider, command.provider_template_id,
        command.signature or tx.carriers.signature, _parameters(template, command.parameters), command.state,
        tx.clock.now()))
    return template_detail_view(template, filings_of(tx, template))


def _parameters(template: Template, given: Sequence[str] | None) -> Sequence[str]:
    """Raises TemplateInvalid for other names than the template's."""
    names = list(placeholders(template))
    if given is None:
        return names
    if sorted(given) != sorted(names):
        raise TemplateInvalid(Bilingual(
            f"parameters are {', '.join(given) or 'none'}; allowed are those of the template, each once: "
            f"{', '.join(names) or 'none'}",
            f"参数为 {'、'.join(given) or '无'}；只允许模板中的占位符，各一次：{'、'.join(names) or '无'}"))
    return list(given)
