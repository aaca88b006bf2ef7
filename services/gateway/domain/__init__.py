"""What the gateway decides by itself: who an app is, what it may call, what is refused at the door."""
