"""What a broker is deployed with: users, rights, policies, exchanges, queues."""
