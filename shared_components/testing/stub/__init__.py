"""A stub of services for an app's tests: it answers from contracts, without broker, database and services."""
