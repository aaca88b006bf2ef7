"""Credentials: how a person shows that an account is theirs."""
