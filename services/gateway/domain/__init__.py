"""Decisions of the gateway itself: who an app is, what it may call, what is refused at the door."""
