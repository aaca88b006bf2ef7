"""Give one version of a template."""
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from services.notification.common.channels import check_channel
from services.notification.templates.domain.errors import TemplateUnknown
from services.notification.templates.domain.template import DEPARTMENT, Template, TemplateKey
from services.notification.templates.usecases.choose_template import owner
from services.notification.templates.usecases.filings import FilingsOf, filings_of
from services.notification.templates.usecases.views import TemplateDetailView, template_detail_view
from shared_components.kernel.bilingual import Bilingual

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


class TemplateVersions(Protocol):
    def version(self, context: CallContext, key: TemplateKey, version: int | None) -> Template | None:
        """A version for a call (None: the newest), or None where the call may see no such version."""
        ...


class GetTemplateTx(FilingsOf, Protocol):
    """The part of a transaction that reading a template needs."""

    @property
    def templates(self) -> TemplateVersions: ...


class NamesTemplate(Protocol):
    """A command about one version. app: whose template; None: the caller's own, else the department's."""

    @property
    def template_code(self) -> str: ...
    @property
    def channel(self) -> str: ...
    @property
    def locale(self) -> str: ...
    @property
    def version(self) -> int | None: ...
    @property
    def app(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class GetTemplate:
    template_code: str
    channel: str
    locale: str
    version: int | None = None
    app: str | None = None


def get_template(tx: GetTemplateTx, command: GetTemplate, context: CallContext) -> TemplateDetailView:
    """Raises ChannelNotBuilt, TemplateUnknown."""
    template = known_version(tx.templates, command, context)
    return template_detail_view(template, filings_of(tx, template))


def known_version(templates: TemplateVersions, command: NamesTemplate, context: CallContext) -> Template:
    """Raises ChannelNotBuilt, TemplateUnknown."""
    channel = check_channel(command.channel)
    owners = dict.fromkeys((owner(context), DEPARTMENT)) if command.app is None else [command.app]
    for app in owners:
        key = TemplateKey(context.tenant, app, command.template_code, channel, command.locale)
        found = templates.version(context, key, command.version)
        if found is not None:
            return found
    which = "" if command.version is None else f" version {command.version}"
    raise TemplateUnknown(Bilingual(
        f"template {command.template_code!r}{which} for channel {channel!r} in {command.locale} does not exist; "
        "list_templates names all",
        f"渠道 {channel}（{command.locale}）没有代码为“{command.template_code}”的模板"
        f"{'' if command.version is None else f'版本 {command.version}'}；可用 list_templates 查询已有模板"))
