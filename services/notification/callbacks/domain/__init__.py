"""Events that apps may be told of."""
