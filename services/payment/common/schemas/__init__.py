"""Fields and their texts that several messages have."""
