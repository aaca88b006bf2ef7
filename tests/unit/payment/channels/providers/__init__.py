"""Local payment providers that sign with real keys: programs of their own, written from the providers' documents.

They import nothing of services/ and neither provider's package: what they agree with the channels on, they agree on
by the wire alone.
"""
