"""The caller's side of the bus: blocking and asyncio clients, retry plan, coalescing."""
