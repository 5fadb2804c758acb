"""Claims about attention: what a mask of truth values means."""

from __future__ import annotations

import torch
from torch.nn import functional

from softmaxbook.claims.claim import Claim, Finding

_WORDS = 4


def _mask_upside_down() -> Finding:
    words = torch.eye(_WORDS)[None]  # as values they say which key was looked at
    later = torch.triu(torch.ones(_WORDS, _WORDS), diagonal=1).bool()
    weights = functional.scaled_dot_product_attention(words, words, words, attn_mask=later)[0]
    ahead = float(torch.triu(weights, diagonal=1)[0].sum())
    back = float(torch.tril(weights).sum())
    return Finding(
        said="later words are hidden",
        computed=f"the first of {_WORDS} words gives {ahead:.0%} of its weight to the words that "
        f"follow; all words together give {back:g} to themselves and to earlier ones, and the "
        f"last one, with nothing left to see, looks up {float(weights[-1].sum()):g}",
        refuted=bool(ahead > 0.99 and back == 0),
    )


ATTENTION_CLAIMS = (
    Claim(
        name="mask-upside-down",
        kind="programs",
        quote="`scaled_dot_product_attention` with `torch.triu(ones, diagonal=1).bool()` is causal",
        source="LLMs",
        check=_mask_upside_down,
        truth="There True means that a query may look; the mask says the opposite. In "
        "`nn.MultiheadAttention`, for which it was right, True means hidden.",
        section="[Padding](attention.md#padding)",
    ),
)
"""Claims about masks."""
