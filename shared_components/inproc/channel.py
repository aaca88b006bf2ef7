"""The client's side of a channel: declaring, publishing, consuming and acknowledging."""
from __future__ import annotations

from shared_components.inproc.consuming import ConsumingMethods
from shared_components.inproc.declaring import DeclaringMethods
from shared_components.inproc.publishing import PublishingMethods


class Channel(DeclaringMethods, PublishingMethods, ConsumingMethods):
    """A channel with py-amqp's methods and exceptions.

    With the connection's `confirm_publish`, basic_publish waits for the broker's confirm.
    """

    def close(self) -> None:
        connection = self.connection
        if connection is None:
            return
        with self._host.lock:
            self.session.close()
            self.detach()
        connection.channels.pop(self.channel_id, None)

    def detach(self) -> None:
        self.is_open = False
        self.connection = None
        self.callbacks.clear()
        self.cancel_callbacks.clear()
        self.no_ack_consumers.clear()
