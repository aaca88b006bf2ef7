"""Mandates (授权经办): a person acts for an organisation, or for another person."""
