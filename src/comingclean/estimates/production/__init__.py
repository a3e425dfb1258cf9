"""Production per plant and year: one module an industry, and the totals that they must meet."""
