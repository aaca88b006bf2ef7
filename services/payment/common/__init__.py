"""What several topics of payment share."""
