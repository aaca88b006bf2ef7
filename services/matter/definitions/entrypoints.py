"""Entrypoints of matters: each calls one use case."""
from __future__ import annotations

from services.matter.common.callers import APPS
from services.matter.definitions import schemas
from services.matter.definitions.domain.errors import MatterNotFound
from services.matter.definitions.domain.ports import HasLatestDefinitions
from services.matter.definitions.usecases import read_matters, views
from shared_components.bus import rpc_method
from shared_components.kernel.calls import Call
from shared_components.kernel.load_classes import LISTS
from shared_components.kernel.method_rules import RuleArguments
from shared_components.kernel.paging import PageView

CATALOGUE: RuleArguments = {
    "basis": ["own", "public", "platform"], "resource": "matter", "about": [], "roles": [], "level": 0,
    "as_subject": False, "discloses": False, "composable": False,
}


class MatterEntrypoints:
    """Methods about matters."""

    @rpc_method(request=schemas.ListMatters, reply=schemas.Matters, callers=APPS, public=True,
        **CATALOGUE, load_class=LISTS, zh="查询各事项的最新版本。")
    def list_matters(
        self, tx: read_matters.ListMattersTx, call: Call[read_matters.ListMatters],
    ) -> PageView[views.MatterView]:
        """The newest version of every matter."""
        return read_matters.list_matters(tx, call.data, call.context)

    @rpc_method(request=schemas.GetGuide, reply=schemas.Guide, callers=APPS, public=True,
                errors=[MatterNotFound],
        **CATALOGUE, zh="查询办事指南：谁可申请、需要什么、申请表及办理步骤。")
    def get_guide(self, tx: HasLatestDefinitions, call: Call[read_matters.GetGuide]) -> views.GuideView:
        """Give a matter's guide (办事指南): who may apply, what is needed, the form, the steps."""
        return read_matters.get_guide(tx, call.data, call.context)
