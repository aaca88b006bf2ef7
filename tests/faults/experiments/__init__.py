"""One experiment a file: ID, TITLE, TARGET, OPERATIONS and `run(lab, report)`; see tests/faults/README.md."""
