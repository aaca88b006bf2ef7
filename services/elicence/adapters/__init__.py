"""All I/O of elicence: its tables and its keys."""
