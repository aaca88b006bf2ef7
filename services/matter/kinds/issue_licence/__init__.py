"""Kind `issue_licence`: the next version of a licence that the applicant holds; its compensation cancels it."""
