"""How each kind of task is done: it asks the components, outside any transaction, and tells what came of it."""
