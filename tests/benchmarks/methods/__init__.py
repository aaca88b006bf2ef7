"""`make bench ONLY=methods`: every method of every service, read off the registry, with many calls in flight."""
