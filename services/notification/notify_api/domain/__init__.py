"""Rules of Notify keys and of the tokens that they sign."""
