"""Rules of OAuth and OpenID Connect. No framework, no I/O, no clock."""
