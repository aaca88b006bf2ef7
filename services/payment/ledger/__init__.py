"""The ledger: double entry, its days, and what collecting units are owed."""
