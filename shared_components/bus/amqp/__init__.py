"""What AMQP needs: connections, frames, the wire format, names, topology."""
