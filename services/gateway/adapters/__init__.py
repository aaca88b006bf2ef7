"""HTTP on the one side, the bus on the other."""
