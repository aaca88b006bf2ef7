"""Jobs: files of recipients, their checks, and rows that become messages once."""
