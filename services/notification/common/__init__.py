"""Parts that several topics of notification share."""
