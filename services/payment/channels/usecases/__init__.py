"""Commands and queries of channels."""
