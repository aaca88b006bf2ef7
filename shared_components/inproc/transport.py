"""What kombu asks of a transport."""
from __future__ import annotations

from typing import Any

import amqp
from kombu.transport import base

from shared_components.inproc import hosts
from shared_components.inproc.channel import Channel
from shared_components.inproc.connection import Connection


class Transport(base.Transport):
    """The errors are py-amqp's: nameko and kombu then take the same way as with RabbitMQ."""

    connection_errors = amqp.Connection.connection_errors
    channel_errors = amqp.Connection.channel_errors
    recoverable_connection_errors = amqp.Connection.recoverable_connection_errors
    recoverable_channel_errors = amqp.Connection.recoverable_channel_errors

    driver_type = "inproc"
    driver_name = "inproc"

    def establish_connection(self) -> Connection:
        client: Any = self.client
        options = client.transport_options or {}
        connection = Connection(
            hosts.virtual_host(hosts.host_name(client.hostname, client.virtual_host)),
            userid=client.userid,
            confirm_publish=bool(options.get("confirm_publish")),
        )
        connection.client = client
        return connection

    def driver_version(self) -> str:
        return "1"

    def create_channel(self, connection: Connection) -> Channel:
        return connection.channel()

    def drain_events(self, connection: Connection, **options: Any) -> None:
        connection.drain_events(**options)

    def verify_connection(self, connection: Connection) -> bool:
        return connection.connected

    def close_connection(self, connection: Connection) -> None:
        connection.client = None
        connection.close()

    def _collect(self, connection: Connection | None) -> None:
        if connection is not None:
            connection.collect()
