"""Client of the zhongtai platform: `Client("amqp://…").payment.create_order(…)`, typed, with errors as classes.

It needs none of the platform's services; what it shares with them are the files of `shared_components` in this wheel.
"""
from __future__ import annotations

from zhongtai_client.clients import AsyncClient, Client
from zhongtai_client.versions import check_versions

check_versions()

__all__ = ["AsyncClient", "Client"]
