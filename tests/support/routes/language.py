"""Second routes to the solutions of the exercises of *language*."""

import numpy as np

from softmaxbook.family.counts import CountModel, perplexity
from softmaxbook.family.samplers import min_p, nucleus, top_k


def counted(counts, alpha):
    """Return what the count model says after it has read the pairs one by one."""
    n_contexts, n_tokens = counts.shape
    rows = []
    for context in range(n_contexts):
        model = CountModel(n_tokens + n_contexts + 1, 2, "add", alpha, end=n_tokens + n_contexts)
        pairs = [
            [n_tokens + context, token]
            for token in range(n_tokens)
            for _ in range(int(counts[context, token]))
        ]
        p = model.fit(pairs).probabilities([n_tokens + context]) if pairs else np.ones(n_tokens)
        rows.append(p[:n_tokens] / p[:n_tokens].sum())
    return np.array(rows)


def reach(share, temperature):
    """Return the widest gap of two logits that min-p keeps, by bisection."""
    low, high = 0.0, 100.0
    for _ in range(60):
        middle = (low + high) / 2
        kept = min_p([0.0, -middle], share, temperature=temperature)[1] > 0
        low, high = (middle, high) if kept else (low, middle)
    return low


ROUTES = {
    "language": {
        "write-add-alpha": counted,
        "write-top-k": top_k,
        "write-the-nucleus": lambda p, share: nucleus(np.log(p), share),
        "mend-min-p": lambda p, share: min_p(np.log(p), share),
        "derive-the-reach-of-min-p": reach,
        "mend-the-perplexity": lambda log_p, lengths: perplexity(
            log_p, counted=np.arange(log_p.shape[1]) < lengths[:, None]
        ),
    },
}
"""Functions by the ids of the exercises, by chapter."""
