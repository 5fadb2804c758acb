"""Exercises on the page `outlook`: what is beyond the book."""

# From easy to hard; the page shows them in this order.
EXERCISES = ("which-yardstick-notices",)
