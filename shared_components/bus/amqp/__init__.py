"""AMQP: connections, frames, the wire format, names, topology."""
