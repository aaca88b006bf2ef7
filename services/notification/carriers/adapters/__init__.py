"""The ways to carriers, each in its folder, and which of them is taken."""
