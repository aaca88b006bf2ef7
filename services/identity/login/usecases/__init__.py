"""Use cases of the login and the account."""
