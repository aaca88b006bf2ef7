"""Use cases of the Notify API."""
