"""Jobs and their files: states, columns, what is wrong with a row."""
