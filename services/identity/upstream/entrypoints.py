"""Entrypoints of links with other identity providers: each calls one use case."""
from __future__ import annotations

from services.identity.upstream import schemas
from services.identity.upstream.domain.errors import LinkNotFound
from services.identity.upstream.usecases import links
from shared_components.bus import Transactions, every, rpc_method
from shared_components.kernel.calls import Call
from shared_components.kernel.method_rules import RuleArguments

PURGE_INTERVAL_S = 300.0
PERSONS = ["gateway", "app"]
OWN: RuleArguments = {
    "basis": ["holder"], "resource": "credential", "about": ["subject"], "roles": [], "level": 0,
    "as_subject": True, "discloses": True, "composable": False,
}


class UpstreamEntrypoints:
    """Methods about the acting person's identities at other providers."""

    @rpc_method(
        request=schemas.ListLinks, reply=schemas.Links, callers=PERSONS, public=True, **OWN,
        zh="列出本人绑定的其他身份认证渠道。")
    def list_upstream_links(self, tx: links.ListLinksTx, call: Call[links.ListLinks]) -> links.LinksView:
        """The acting person's identities at other providers."""
        return links.list_links(tx, call.data, call.context)

    @rpc_method(
        request=schemas.ByLink, reply=schemas.Links, errors=[LinkNotFound], callers=PERSONS, mutating=True,
        public=True, **OWN, zh="解除与其他身份认证渠道的绑定。")
    def remove_upstream_link(self, tx: links.UnlinkTx, call: Call[links.ByLink]) -> links.LinksView:
        """Remove one of the acting person's identities at other providers."""
        return links.unlink(tx, call.data, call.context)

    @every(seconds=PURGE_INTERVAL_S)
    def purge_upstream_sign_ins(self, transactions: Transactions) -> None:
        """Delete sign-ins that nobody finished."""
        with transactions.begin() as tx:
            tx.upstream_sign_ins.purge(transactions.clock.now(), most=1000)
