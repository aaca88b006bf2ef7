"""`make bench`: what the bus does in a second, beside stock nameko, on private RabbitMQ and PostgreSQL servers."""
