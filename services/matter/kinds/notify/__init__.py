"""Kind `notify`: tell the applicant, by e-mail and in the inbox."""
