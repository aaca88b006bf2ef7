"""Entrypoints of templates: each calls one use case."""
from __future__ import annotations

from collections.abc import Sequence

from services.notification.carriers.domain.errors import CarrierUnknown
from services.notification.common.callers import OPEN
from services.notification.common.errors import ChannelNotBuilt, ControlCharacter, LineBreakInHeader
from services.notification.templates import schemas
from services.notification.templates.domain.errors import (
    ApproverNotAllowed,
    MessageTooLarge,
    TemplateInvalid,
    TemplateUnknown,
)
from services.notification.templates.usecases import approve_template as approving
from services.notification.templates.usecases import file_template as filing
from services.notification.templates.usecases import get_template as reading
from services.notification.templates.usecases import list_templates as listing
from services.notification.templates.usecases import preview as previewing
from services.notification.templates.usecases import put_template as putting
from services.notification.templates.usecases.views import PreviewView, TemplateDetailView, TemplateView
from shared_components.bus import rpc_method
from shared_components.kernel.calls import Call
from shared_components.kernel.errors import AppError
from shared_components.kernel.method_rules import RuleArguments
from shared_components.kernel.paging import PageView

CALLERS = ("matter", "identity", *OPEN)
KEPT: RuleArguments = {
    "basis": ["own", "platform"], "resource": "template", "about": [], "roles": [], "level": 0,
    "as_subject": False, "discloses": False, "composable": False,
}
APPROVED: RuleArguments = {**KEPT, "roles": ["approver"]}
READ: RuleArguments = {**KEPT, "roles": ["handler", "approver", "auditor"]}


class TemplateEntrypoints:
    """Methods about templates."""

    @rpc_method(
        request=schemas.PutTemplate, reply=schemas.Template, mutating=True, public=True, callers=CALLERS,
        errors=[TemplateInvalid, LineBreakInHeader, ControlCharacter, ChannelNotBuilt],
        **KEPT, zh="保存模板的新版本；与最新版本内容相同则不产生新版本。")
    def put_template(self, tx: putting.PutTemplateTx, call: Call[putting.PutTemplate]) -> TemplateView:
        """Keep a new version of a template; text equal to the newest version's makes none."""
        return putting.put_template(tx, call.data, call.context)

    @rpc_method(request=schemas.ListTemplates, reply=schemas.TemplateList, public=True, bulk=True, callers=CALLERS,
        **KEPT, zh="查询各模板的最新版本。")
    def list_templates(
        self, tx: listing.ListTemplatesTx, calls: Sequence[Call[listing.ListTemplates]],
    ) -> Sequence[PageView[TemplateView] | AppError]:
        """The newest version of every template."""
        return listing.list_templates(tx, calls)

    @rpc_method(
        request=schemas.Preview, reply=schemas.PreviewReply, public=True, callers=CALLERS,
        errors=[TemplateUnknown, LineBreakInHeader, ControlCharacter, MessageTooLarge, ChannelNotBuilt],
        **KEPT, zh="预览消息内容并列出缺少的内容，不发送。")
    def preview(self, tx: previewing.PreviewTx, call: Call[previewing.Preview]) -> PreviewView:
        """Show what a message would say, and which values it misses; nothing is sent."""
        return previewing.preview(tx, call.data, call.context)

    @rpc_method(
        request=schemas.GetTemplate, reply=schemas.TemplateDetail, public=True, callers=CALLERS,
        errors=[TemplateUnknown, ChannelNotBuilt],
        **READ, zh="查询一个模板的某一版本及其报备情况。")
    def get_template(self, tx: reading.GetTemplateTx, call: Call[reading.GetTemplate]) -> TemplateDetailView:
        """One version of a template, and how it is filed with providers."""
        return reading.get_template(tx, call.data, call.context)

    @rpc_method(
        request=schemas.ApproveTemplate, reply=schemas.TemplateDetail, mutating=True, public=True, callers=OPEN,
        errors=[TemplateUnknown, ChannelNotBuilt, ApproverNotAllowed],
        **APPROVED, zh="审核通过一个模板版本，审核人不得是编写人；生产环境只发送审核通过的版本。")
    def approve_template(
        self, tx: approving.ApproveTemplateTx, call: Call[approving.ApproveTemplate],
    ) -> TemplateDetailView:
        """Approve a version as another person than its writer; production sends approved versions only."""
        return approving.approve_template(tx, call.data, call.context)

    @rpc_method(
        request=schemas.FileTemplate, reply=schemas.TemplateDetail, mutating=True, callers=["operator"],
        errors=[TemplateUnknown, TemplateInvalid, CarrierUnknown],
        **KEPT, zh="登记一个短信模板版本在服务商的报备编号、签名和状态。")
    def file_template(self, tx: filing.FileTemplateTx, call: Call[filing.FileTemplate]) -> TemplateDetailView:
        """Record how a version of a text template is filed with a provider: its number, signature and state."""
        return filing.file_template(tx, call.data, call.context)
