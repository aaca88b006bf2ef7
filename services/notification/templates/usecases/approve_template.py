"""Approve a version of a template."""
from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from services.notification.templates.domain.errors import ApproverNotAllowed
from services.notification.templates.domain.template import Template
from services.notification.templates.usecases.filings import FilingsOf, filings_of
from services.notification.templates.usecases.get_template import TemplateVersions, known_version
from services.notification.templates.usecases.views import TemplateDetailView, template_detail_view
from shared_components.kernel.acting import OFFICER
from shared_components.kernel.apps import is_app
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.transactions import HasClock

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


class ApprovedTemplates(TemplateVersions, Protocol):
    def version_alone(self, context: CallContext, template: Template) -> Template:
        """The same version as it is once no other call changes or approves versions of its key."""
        ...

    def approve(self, template: Template) -> None:
        """Keep the approval; the version takes effect unless a newer one has."""
        ...


class ApproveTemplateTx(FilingsOf, HasClock, Protocol):
    """The part of a transaction that approving a template needs."""

    @property
    def templates(self) -> ApprovedTemplates: ...


@dataclass(frozen=True, slots=True)
class ApproveTemplate:
    """version: the one that was read; what was put since is not approved with it."""

    template_code: str
    channel: str
    locale: str
    version: int
    app: str | None = None


def author(context: CallContext) -> str:
    """Name the writer or approver of a template: the officer who acts, else the caller."""
    return context.caller if context.acting is None else context.acting.subject


def approve_template(tx: ApproveTemplateTx, command: ApproveTemplate, context: CallContext) -> TemplateDetailView:
    """Approve a version; approving it again changes nothing. Raises TemplateUnknown, ApproverNotAllowed."""
    _check_approver(context)
    template = tx.templates.version_alone(context, known_version(tx.templates, command, context))
    if not template.is_approved:
        if template.written_by == author(context):
            raise ApproverNotAllowed(Bilingual(
                f"template {template.key.code!r} version {template.version} was written by the one who approves it; "
                "another person is allowed",
                f"模板“{template.key.code}”版本 {template.version} 由审核人本人编写；须由他人审核"))
        template = replace(template, approved_by=author(context), approved_at=tx.clock.now())
        tx.templates.approve(template)
    return template_detail_view(template, filings_of(tx, template))


def _check_approver(context: CallContext) -> None:
    """An app by itself approves nothing: a person looks at the text."""
    acting = context.acting
    if is_app(context.caller) and (acting is None or acting.kind != OFFICER):
        raise ApproverNotAllowed(Bilingual(
            "an app approves a template without an officer; an approver's session, or operations, is allowed",
            "应用不能自行审核模板；须由具有审核职责的工作人员登录后审核，或由运维审核"))
