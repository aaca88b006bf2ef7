"""Entrypoints of templates: each calls one use case."""
from __future__ import annotations

from collections.abc import Sequence

from services.notification.common.callers import OPEN
from services.notification.common.errors import ChannelNotBuilt, ControlCharacter, LineBreakInHeader
from services.notification.templates import schemas
from services.notification.templates.domain.errors import MessageTooLarge, TemplateInvalid, TemplateUnknown
from services.notification.templates.usecases import list_templates as listing
from services.notification.templates.usecases import preview as previewing
from services.notification.templates.usecases import put_template as putting
from services.notification.templates.usecases.choose_template import ChooseTemplateTx
from services.notification.templates.usecases.views import PreviewView, TemplateView
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
    def preview(self, tx: ChooseTemplateTx, call: Call[previewing.Preview]) -> PreviewView:
        """Show what a message would say, and which values it misses; nothing is sent."""
        return previewing.preview(tx, call.data, call.context)
