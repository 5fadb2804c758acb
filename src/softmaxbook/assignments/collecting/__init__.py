"""Who sent what, what can be read of it, and where in it the answers are."""
