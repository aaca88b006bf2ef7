"""Kind `stamp`, which no service has: an office stamps a document. One folder is all that a kind is."""
