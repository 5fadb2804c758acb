"""Claims about trees, texts and attention."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch.nn import functional

from softmaxbook.claims.claim import Claim, Finding, Heard, Verdict
from softmaxbook.claims.sources import paper
from softmaxbook.family.lookup import attention, attention_in_blocks
from softmaxbook.family.trees import balanced_tree, path_log_probability
from softmaxbook.numerics.derivatives import jacobian
from softmaxbook.numerics.probabilities import softmax

_WORDS = 4


def _exponentials(n_classes: int) -> int:
    """Count the exponentials that the formula takes."""
    taken = 0

    def exp(z: float) -> float:
        nonlocal taken
        taken += 1
        return math.exp(z)

    weights = [exp(z) for z in np.zeros(n_classes)]
    total = sum(weights)
    [weight / total for weight in weights]
    return taken


def _many_classes() -> Finding:
    """Count the work, then spoil one class and see which labels notice."""
    few, many = 1_000, 100_000
    ratio = _exponentials(many) / _exponentials(few)
    weights = np.ones((many, 1))
    weights[-1] = np.nan  # one class of all, and not the label
    needs_all = bool(np.isnan(softmax(np.ones((1, 1)) @ weights.T)[0, 0]))
    return Finding(
        f"{many:,} classes take {ratio:g} times as many exponentials as {few:,}, and no more. But "
        "for the probability of a single label all logits are read: with the weights of one other "
        f"class spoilt, that probability is {'spoilt too' if needs_all else 'still right'}",
        as_said=ratio <= many / few,
        as_understood=not needs_all,
    )


def _tree_nodes() -> Finding:
    n_classes, label = 10**5, [12_345]
    tree = balanced_tree(n_classes)
    nodes, signs = tree.paths(label)
    rest = np.full((n_classes - 1, 1), np.nan)
    rest[nodes[signs != 0]] = 1
    one = path_log_probability(np.ones((1, 1)), rest, tree, label)
    for_one = int(np.count_nonzero(signs))
    all_nodes, all_signs = tree.paths(np.arange(n_classes))
    for_all = len(np.unique(all_nodes[all_signs != 0]))
    return Finding(
        f"in a balanced tree over {n_classes:,} words (log₂ is {np.log2(n_classes):.1f}), the "
        f"probability of one word needs {for_one} nodes"
        f"{', and is found with all others spoilt' if np.isfinite(one).all() else ''}; the "
        f"distribution over all words needs {for_all:,}",
        as_said=for_all < 2 * np.log2(n_classes),
        in_a_sense=bool(np.isfinite(one).all() and for_one <= np.ceil(np.log2(n_classes))),
    )


def _greedy_text() -> Finding:
    first = softmax(np.log([0.6, 0.4]))
    after_the_first = softmax(np.log([1.0, 1.0, 1.0]))
    after_the_second = softmax(np.log([0.9, 0.1]))
    greedy = first[0] * after_the_first.max()
    best = max(greedy, first[1] * after_the_second.max())
    return Finding(
        f"let *a* come first with probability {first[0]:.1f} and *b* with {first[1]:.1f}; let "
        "three words be equally probable after *a*, and one have "
        f"{after_the_second.max():.1f} after *b*. Word by word, the most probable choice makes a "
        f"text with probability {greedy:.2f}; there is one with {best:.2f}",
        as_said=bool(greedy >= best),
    )


def _small_gradients() -> Finding:
    rng = np.random.default_rng(0)
    widths, slopes, variances = (4, 512), {}, []
    for d in widths:
        queries, keys = rng.normal(size=(200, d)), rng.normal(size=(64, d))
        scores = queries @ keys.T
        variances.append(float(scores.var()))
        slopes[d] = [
            float(np.median(np.linalg.norm(jacobian(scores * by), axis=(1, 2))))
            for by in (1, d**-0.5)
        ]
    narrow, wide = (slopes[d] for d in widths)
    return Finding(
        f"for random queries and keys of width {widths[0]} and {widths[1]}, the scores have a "
        f"variance of {variances[0]:.1f} and {variances[1]:.0f}. The median size of softmax's "
        f"Jacobian over 64 keys is {narrow[0]:.2f} and {wide[0]:.1e} without the scale, "
        f"{narrow[1]:.2f} and {wide[1]:.2f} with it",
        as_said=bool(wide[0] < 0.01 * narrow[0] and wide[1] > 0.5 * narrow[1]),
    )


def _exact_attention() -> Finding:
    rng = np.random.default_rng(0)
    q, k, v = rng.normal(size=(3, 1000, 16))
    whole, blocks = attention(q, k, v), attention_in_blocks(q, k, v, block_size=64)
    off = float(np.abs(whole - blocks).max())
    equal = int((whole == blocks).sum())
    return Finding(
        "with a thousand random queries and keys in blocks of 64, the method with one pass and "
        f"the plain formula differ by at most {off:.0e}, the size of a rounding in float64; "
        f"{equal:,} of {whole.size:,} numbers agree in every bit",
        as_said=off < 1e-14,
    )


def _mask_upside_down() -> Finding:
    words = torch.eye(_WORDS)[None]  # as values they say which key was looked at
    later = torch.triu(torch.ones(_WORDS, _WORDS), diagonal=1).bool()
    weights = functional.scaled_dot_product_attention(words, words, words, attn_mask=later)[0]
    ahead = float(torch.triu(weights, diagonal=1)[0].sum())
    back = float(torch.tril(weights).sum())
    return Finding(
        f"the first of {_WORDS} words gives {ahead:.0%} of its weight to the words that "
        f"follow; all words together give {back:g} to themselves and to earlier ones, and the "
        f"last one, with nothing left to see, looks up {float(weights[-1].sum()):g}",
        as_said=ahead < 0.01,
    )


FAMILY_CLAIMS = (
    Claim(
        name="many-classes",
        kind="family",
        words="Softmax is simple to compute, so many classes are no difficulty.",
        source=Heard(),
        verdict=Verdict.MISLEADING,
        check=_many_classes,
        truth="Simple it is: the work grows in proportion to the number of classes. But it is done "
        "for every example, also where one probability is all that is wanted.",
        section="[What a million classes cost](relatives.md#what-a-million-classes-cost)",
    ),
    Claim(
        name="tree-nodes",
        kind="family",
        words="instead of evaluating W output nodes in the neural network to obtain the "
        "probability distribution, it is needed to evaluate only about log2(W) nodes",
        source=paper(
            "Mikolov and others, Distributed representations of words and phrases",
            "1310.4546",
            "section 2.1, on hierarchical softmax, as quoted in several summaries",
        ),
        verdict=Verdict.IN_A_SENSE,
        check=_tree_nodes,
        truth="It holds for the probability of *one* word, which is what training needs, in a tree "
        "that is about balanced. The whole distribution takes every inner node.",
        section="[A tree of yes-or-no questions](relatives.md#a-tree-of-yes-or-no-questions)",
    ),
    Claim(
        name="greedy-text",
        kind="family",
        words="Taking the most probable word at each step gives the most probable text.",
        source=Heard(),
        verdict=Verdict.FALSE,
        check=_greedy_text,
        truth="A choice that is good now can lead where nothing is probable.",
        section="[Why not the most probable token?](language.md#why-not-the-most-probable-token)",
    ),
    Claim(
        name="small-gradients",
        kind="family",
        words="for large values of $d_k$, the dot products grow large in magnitude, pushing the "
        "softmax function into regions where it has extremely small gradients",
        source=paper(
            "Vaswani and others, Attention is all you need",
            "1706.03762",
            "section 3.2.1, in copies of the text",
        ),
        verdict=Verdict.TRUE,
        check=_small_gradients,
        truth="The paper writes “we suspect”, and it was right. Its assumption matters: entries of "
        "queries and keys that are independent, with variance 1.",
        section="[The scale](attention.md#the-scale)",
    ),
    Claim(
        name="exact-attention",
        kind="family",
        words="an IO-aware exact attention algorithm",
        source=paper("Dao and others, FlashAttention", "2205.14135", "abstract, in copies of it"),
        verdict=Verdict.TRUE,
        check=_exact_attention,
        truth="*Exact* stands against methods that approximate attention: on paper the result is "
        "the same. The roundings differ. The method was judged, in the book's own form, and not "
        "the program.",
        section="[In one pass](attention.md#in-one-pass)",
    ),
    Claim(
        name="mask-upside-down",
        kind="family",
        words="`scaled_dot_product_attention` is causal with the mask "
        "`torch.triu(ones, diagonal=1).bool()`.",
        source=Heard(
            "found in a program, reported and mended: "
            "[issue 1061](https://github.com/rasbt/LLMs-from-scratch/issues/1061)"
        ),
        verdict=Verdict.FALSE,
        check=_mask_upside_down,
        truth="There True means that a query may look; the mask says the opposite. In "
        "`nn.MultiheadAttention`, for which it is right, True means hidden.",
        section="[Padding](attention.md#padding)",
    ),
)
"""The claims that Part III checks, in the order of the page."""
