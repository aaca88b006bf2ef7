"""Rules of sessions, grants, refresh tokens and signing keys. No framework, no I/O, no clock."""
