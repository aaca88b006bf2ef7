"""Complete cases of the demonstration matter: how many a second, and what a case costs in each part."""
