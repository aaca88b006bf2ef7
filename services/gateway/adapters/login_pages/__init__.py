"""Pages of the login and of a person's account. What happens is decided by identity; here it is shown and sent."""
