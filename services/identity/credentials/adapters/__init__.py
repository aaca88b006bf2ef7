"""Tables of credentials, and what computes with them."""
