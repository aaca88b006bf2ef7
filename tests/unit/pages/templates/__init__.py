"""Templates of the tests."""
