"""Commands and queries of webhooks."""
