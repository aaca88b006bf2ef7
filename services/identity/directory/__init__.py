"""Topic: departments of a realm, officers, apps and their keys."""
