"""Views: they read the database and nothing else."""
