"""Electronic licences: issue, present, verify, suspend, revoke."""
