"""Endpoints of OAuth and OpenID Connect over HTTP; what is answered, identity decides."""
