"""Who is who: the registry decided by hand, its corrections, and where each plant stands."""
