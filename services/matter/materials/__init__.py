"""Materials (材料): files that applicants give, and officers look at."""
