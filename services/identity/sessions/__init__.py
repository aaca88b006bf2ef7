"""Topic: sessions of persons, the tokens that apps get for them, and the keys that sign these."""
