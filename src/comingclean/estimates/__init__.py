"""Pure functions from records and parameters to values with an interval. No file is opened here."""
