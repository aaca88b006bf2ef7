"""What people are told: templates, e-mail, inbox."""
