"""The HTTP edge: every public method of every service, providers' callbacks, documentation."""
