"""The rules of payment: states, prices, postings and errors. No framework, no I/O, no clock of its own."""
