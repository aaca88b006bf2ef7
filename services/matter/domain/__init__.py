"""Rules of matters and cases: no framework, no I/O."""
