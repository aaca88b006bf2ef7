"""Entrypoints of publishing: each calls one use case."""
from __future__ import annotations

from services.matter.common.callers import APPS
from services.matter.definitions.domain.errors import DefinitionInvalid
from services.matter.definitions.usecases.views import BootstrappedView, PublishedView
from services.matter.kinds.components import ComponentsFor
from services.matter.kinds.registry import KINDS
from services.matter.publishing import schemas
from services.matter.publishing.adapters.bootstrapping import bootstrap_tenant
from services.matter.publishing.adapters.definition_reader import read_file
from services.matter.publishing.usecases import publish_matter as publishing
from shared_components.bus import Transactions, rpc_method
from shared_components.kernel.calls import Call
from shared_components.kernel.method_rules import RuleArguments
from shared_components.security.authority.search import searched_tenant

ADMINISTERED: RuleArguments = {
    "basis": ["platform"], "resource": "matter", "about": [], "roles": [], "level": 0,
    "as_subject": False, "discloses": False, "composable": False,
}
PUBLISHED: RuleArguments = {**ADMINISTERED, "basis": ["own", "platform"], "roles": ["approver", "manager"]}


class PublishingEntrypoints:
    """Methods that publish matters."""

    @rpc_method(request=schemas.PublishDefinition, reply=schemas.PublishedMatter, callers=APPS, mutating=True,
                public=True, own_transactions=True, errors=[DefinitionInvalid],
        **PUBLISHED, zh="发布事项或其新版本；定义有误或引用的内容不存在时，逐条给出行号。")
    def publish_definition(
        self, transactions: Transactions, call: Call[publishing.PublishMatter],
    ) -> PublishedView:
        """Publish a matter, or a new version of one; every mistake, and all that is unknown, is told with its line."""
        components_for: ComponentsFor = transactions.provider.components_for
        # An officer publishes for the own department, whichever console the officer uses.
        tenant = searched_tenant(call.context)
        sources = transactions.provider.verify_callback.sources(tenant)
        return publishing.publish_matter(
            transactions, KINDS, components_for(tenant), sources, read_file, call.data,
            call.context._replace(tenant=tenant))

    @rpc_method(request=schemas.Bootstrap, reply=schemas.Bootstrapped, callers=["operator"], mutating=True,
                own_transactions=True,
        **ADMINISTERED, zh="发布随附的事项定义并写入其通知模板，重复执行不产生变化。")
    def bootstrap(self, transactions: Transactions, call: Call) -> BootstrappedView:
        """Publish the shipped definitions and put the templates of their notices; doing it again changes nothing."""
        return bootstrap_tenant(transactions, call.context.tenant)
