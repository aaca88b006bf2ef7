"""What a licence is and how it lives: no framework, no I/O."""
