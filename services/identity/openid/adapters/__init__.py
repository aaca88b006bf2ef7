"""Tables of OAuth and OpenID Connect in SQL, and signatures."""
