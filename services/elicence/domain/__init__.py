"""Licences, their states and rules: no framework, no I/O."""
