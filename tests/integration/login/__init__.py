"""The login and the account in a real browser."""
