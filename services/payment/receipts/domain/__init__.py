"""Rules of receipts: no framework, no I/O, no clock of its own."""
