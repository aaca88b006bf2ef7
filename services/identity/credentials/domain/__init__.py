"""Rules of credentials, without a framework, a clock or I/O."""
