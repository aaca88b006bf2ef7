"""Templates of the sandbox's pages."""
