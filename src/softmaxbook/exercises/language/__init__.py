"""Exercises on the page `language`: next tokens, samplers, perplexity, an adapter."""

# From easy to hard; the page shows them in this order.
EXERCISES = (
    "after-forty-tokens",
    "what-the-nucleus-keeps",
    "a-hotter-pair",
    "three-tokens-foreseen",
    "how-large-is-an-adapter",
    "write-add-alpha",
    "write-top-k",
    "write-the-nucleus",
    "mend-min-p",
    "derive-the-reach-of-min-p",
    "mend-the-perplexity",
)
