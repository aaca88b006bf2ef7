"""Templates of the login and the account."""
