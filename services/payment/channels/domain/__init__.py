"""Rules of channels: no framework, no I/O, no clock of its own."""
