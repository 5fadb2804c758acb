"""Exercises on the page `relatives`: sparse maps, Gumbel noise, trees, samples, mixtures."""

# From easy to hard; the page shows them in this order.
EXERCISES = (
    "what-does-sparsemax-give",
    "what-a-lower-temperature-moves",
    "the-cost-of-a-label",
    "write-sparsemax",
    "draw-with-gumbel-noise",
    "mend-the-leaf",
    "mend-the-halving",
    "write-the-mixture",
    "derive-the-sparse-product",
    "write-the-sampled-loss",
)
