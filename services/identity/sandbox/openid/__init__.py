"""An identity provider to practise with: an OpenID server whose persons are the sandbox's population.

Run it: `python -m services.identity.sandbox.openid --port 0`. It keeps everything in memory and knows nothing of our
services: they meet over HTTP only.
"""
