"""Deployment of a broker: users, rights, policies, exchanges, queues."""
