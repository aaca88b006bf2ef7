"""Proofs of the person who acts: access tokens of sessions, and tickets between services.

Source: docs/adr/052-tokens-and-tickets.md, docs/wire-format.md
"""
