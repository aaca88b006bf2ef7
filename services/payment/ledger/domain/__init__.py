"""Rules of ledger: no framework, no I/O, no clock of its own."""
