"""Fixtures of tests: private RabbitMQ and PostgreSQL servers on loopback, started from installed binaries."""
