"""Files that the pages use; nothing is loaded from anywhere else."""
