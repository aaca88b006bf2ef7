"""Commands and queries of matter, one file a topic."""
