"""Development only: private servers, sandbox providers, seed, demo."""
