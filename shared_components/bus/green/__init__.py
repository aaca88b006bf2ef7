"""All that exists because services run on eventlet. Nothing else imports eventlet."""
