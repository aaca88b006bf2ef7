"""The tables of subjects and evidence."""
