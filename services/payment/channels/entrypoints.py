"""Entrypoints of channels."""
from __future__ import annotations

from services.payment.channels import schemas
from services.payment.channels.domain.ports import HasChannels
from services.payment.channels.usecases import list_channels
from services.payment.channels.usecases.list_channels import ChannelsView
from services.payment.common.domain.callers import APPS_AND_MATTER
from shared_components.bus import rpc_method
from shared_components.kernel.calls import Call
from shared_components.kernel.method_rules import RuleArguments

CATALOGUE: RuleArguments = {
    "basis": ["own", "public", "platform"], "resource": "channel", "about": [], "roles": [], "level": 0,
    "as_subject": False, "discloses": False, "composable": False,
}


class ChannelEntrypoints:
    """Tells which payment channels there are."""

    @rpc_method(request=schemas.ListChannels, reply=schemas.Channels, callers=APPS_AND_MATTER, bulk=True, public=True,
        **CATALOGUE, zh="查询已配置的支付渠道。")
    def list_channels(self, tx: HasChannels, calls: list[Call]) -> list[ChannelsView]:
        """The payment channels that are configured."""
        return [list_channels.list_channels(tx)] * len(calls)
