"""Exercises on the page `probabilities`: the definition, its properties, temperature, entropy."""

# From easy to hard; the page shows them in this order.
EXERCISES = (
    "who-pays",
    "softmax-by-hand",
    "what-changes-nothing",
    "softmax-of-one-vector",
    "softmax-of-a-batch",
    "a-temperature",
    "write-the-sigmoid",
    "temperature-for-a-probability",
    "logits-from-probabilities",
    "mend-the-batch-program",
    "entropy-with-zeros",
)
