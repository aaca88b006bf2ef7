"""The tables of mandates, and their part of the feed."""
