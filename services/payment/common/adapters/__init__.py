"""Parts of adapters that several topics share."""
