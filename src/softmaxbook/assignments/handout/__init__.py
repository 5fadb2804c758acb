"""What students get: notebooks, the package without exercises, and a search for what leaks."""
