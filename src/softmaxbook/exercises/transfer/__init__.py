"""Exercises on the page `transfer`: what is transferred, and how to tell that it helped."""

# From easy to hard; the page shows them in this order.
EXERCISES = (
    "half-of-the-pixels-moved",
    "who-notices-the-shuffle",
    "where-the-curves-meet",
    "what-is-evidence",
    "standardise-by-the-training-part",
    "mend-the-interval",
    "derive-the-pull-to-the-source",
)
