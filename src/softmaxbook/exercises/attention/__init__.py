"""Exercises on the page `attention`: scale, masks, padding, gradients, one pass."""

# From easy to hard; the page shows them in this order.
EXERCISES = (
    "what-width-does",
    "the-scale-of-a-score",
    "which-mask-is-causal",
    "weights-behind-a-mask",
    "write-causal-attention",
    "mend-the-padding",
    "derive-the-gradient-of-a-query",
    "write-attention-in-one-pass",
)
