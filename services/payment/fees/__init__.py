"""Fee items: what may be charged, for how much, by whom and when."""
