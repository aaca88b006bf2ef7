"""Requests, replies and events of channels."""
from services.payment.channels.schemas.channels import Channels, ConfiguredChannel, ListChannels
from services.payment.channels.schemas.sandbox_settings import SandboxSettings
from services.payment.channels.schemas.settings import AlipaySettings, ChannelSettings, WechatSettings

__all__ = [
    "AlipaySettings",
    "ChannelSettings",
    "Channels",
    "ConfiguredChannel",
    "ListChannels",
    "SandboxSettings",
    "WechatSettings",
]
