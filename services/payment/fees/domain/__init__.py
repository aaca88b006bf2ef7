"""Rules of fees: no framework, no I/O, no clock of its own."""
