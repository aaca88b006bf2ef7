"""The service's side of the bus: entrypoints, consumers, batches, load shedding, dead letters."""
