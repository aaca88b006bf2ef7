"""Tables of sessions in SQL, the feed of what ended, and signatures."""
