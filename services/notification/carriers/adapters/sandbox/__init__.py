"""The sandbox carrier, in development only."""
