"""Templates: versions, placeholders, preview."""
