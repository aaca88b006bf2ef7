"""Kind `check`: whether the applicant may have this."""
