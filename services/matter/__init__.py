"""Government matters (事项) as declarations that compose the other components."""
