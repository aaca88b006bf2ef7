"""The kinds of steps, each a folder: it asks components outside any transaction, and tells the outcome."""
