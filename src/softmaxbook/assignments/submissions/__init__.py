"""What students handed in, as it is stored after mending, and what has to be looked at."""
