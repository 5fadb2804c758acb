"""Second routes to the solutions of exercises: other formulas, other libraries."""
