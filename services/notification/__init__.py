"""Notification: templates, e-mail, inbox."""
