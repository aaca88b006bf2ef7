"""Topic: OAuth 2.1 and OpenID Connect: clients, authorization requests, codes, tokens, consents to apps."""
