"""Parts of use cases that several topics share."""
