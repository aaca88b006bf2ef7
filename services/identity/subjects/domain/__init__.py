"""Subjects, their documents, evidence and levels. No framework, no I/O, no clock."""
