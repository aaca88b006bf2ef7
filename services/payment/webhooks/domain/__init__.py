"""Rules of webhooks: no framework, no I/O, no clock of its own."""
