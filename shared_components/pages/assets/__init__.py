"""Files that every page uses; a browser loads nothing from other servers."""
