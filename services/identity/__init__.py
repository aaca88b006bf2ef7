"""Identity: persons and organisations, and how sure the state is of them."""
