"""Ratings (好差评): how applicants rate a matter, and how the department answers a bad one."""
