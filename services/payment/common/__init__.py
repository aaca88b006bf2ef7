"""Parts that several topics of payment share."""
