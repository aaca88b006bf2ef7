"""Rules of carriers: no framework, no I/O, no clock of its own."""
