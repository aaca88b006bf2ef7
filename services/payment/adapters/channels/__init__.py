"""Payment channels behind one port."""
from services.payment.adapters.channels.registry import ChannelRegistry

__all__ = ["ChannelRegistry"]
