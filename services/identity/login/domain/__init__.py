"""Rules of the login, without a framework, a clock or I/O."""
