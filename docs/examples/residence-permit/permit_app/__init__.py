"""居住证换领: a residence permit is renewed. A citizen applies and pays, an officer decides, a shop verifies."""
