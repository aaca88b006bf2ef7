"""The sandbox channel, in development only."""
