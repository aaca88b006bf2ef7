"""Suites of ports: what each adapter to the outside promises, for ours and for a supplier's own.

A supplier's test class inherits a suite and gives the fixture that it names. Source: docs/guides/contract-tests.md
"""
