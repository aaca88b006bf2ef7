"""Carriers of text messages: what may be sent through whom, what they answered, and what they report later."""
