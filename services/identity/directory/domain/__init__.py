"""Realms, departments, officers and apps. No framework, no I/O, no clock."""
