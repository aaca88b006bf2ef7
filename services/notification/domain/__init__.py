"""Templates and messages, their rules and ports: no framework, no I/O."""
