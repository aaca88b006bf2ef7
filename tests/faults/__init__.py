"""The fault laboratory: real servers and services are broken on purpose, and the books are compared afterwards."""
