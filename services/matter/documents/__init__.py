"""Documents (文书): what the department issues in a case, numbered, dated, and given as PDF."""
