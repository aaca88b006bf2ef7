"""Pure building blocks: errors, ids, money, time, state machines, number rules. No I/O, no framework."""
