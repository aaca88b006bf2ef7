"""Rules of reconciliation: no framework, no I/O, no clock of its own."""
