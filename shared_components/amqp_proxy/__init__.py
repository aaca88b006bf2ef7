"""The edge of the bus, between RabbitMQ and the apps: it lets nothing through that would keep others waiting.

docs/adr/024-an-edge-for-apps.md tells why.
"""
