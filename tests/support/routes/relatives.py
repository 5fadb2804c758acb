"""Second routes to the solutions of the exercises on relatives of softmax and on machines."""

import numpy as np

import softmaxbook as sb
from softmaxbook.family.mixtures import mixture_of_softmaxes
from softmaxbook.family.parallel import Summary, gradient_of_part, merge
from softmaxbook.family.sampled import sampled_cross_entropy
from softmaxbook.family.sparse import entmax, entmax_vjp
from softmaxbook.family.trees import Tree, path_log_probability


def race(logits, uniforms, temperature):
    """Return who comes first, if class k waits for an event at the rate exp(z / T)."""
    return np.argmin(-np.log(uniforms) * np.exp(-logits / temperature), axis=-1)


def along_a_chain(node_logits, signs):
    """Return the probability of the deepest leaf of a tree that is one long way."""
    z, s = np.atleast_2d(node_logits), np.atleast_2d(signs)
    depth = z.shape[-1]
    found = []
    for row, sign in zip(z, s, strict=True):
        # Class `step` hangs beside the way at every node, and class `depth` at its end.
        below = depth
        for step in reversed(range(depth)):
            below = (below, step) if sign[step] > 0 else (step, below)
        tree = Tree.from_nested(below)
        nodes, _ = tree.paths([depth])
        weights = np.empty((depth, depth))
        weights[nodes[0][::-1]] = np.diag(row)
        found.append(np.exp(path_log_probability(np.ones((1, depth)), weights, tree, [depth]))[0])
    return np.reshape(found, np.shape(node_logits)[:-1])


def back_through_sparsemax(probabilities, cotangent):
    """Return the package's product at logits that sparsemax turns into these probabilities."""
    logits = np.where(probabilities > 0, probabilities, -5.0)
    return entmax_vjp(logits, cotangent, 2)


def among_many(label_logit, sample_logits, proposal):
    """Return the package's loss for as many classes as there are draws, and the label."""
    many = 1000
    logits, q = np.zeros((1, many)), np.full(many, 0.0)
    samples = np.arange(1, 1 + len(sample_logits))
    logits[0, 0], logits[0, samples] = label_logit, sample_logits
    q[samples] = (
        proposal / 4
    )  # so that all sum to less than 1; m q stays if m is four times as many
    q[-1] = 1 - q.sum()
    logits[0, -1] = -np.inf
    drawn = np.concatenate([samples, np.full(3 * len(samples), many - 1)])
    return sampled_cross_entropy(logits, [0], drawn, q)[0]


def merged(maxima, sums):
    """Return what the package makes of maxima and sums."""
    pairs = zip(maxima, sums, strict=True)
    return merge(Summary(np.float64(m), np.float64(s)) for m, s in pairs)


def share(logits, maxima, sums):
    """Return the probabilities of a part through its log-probabilities."""
    return np.exp(logits - merged(maxima, sums).log_normaliser)


def part_gradient(probabilities, labels, first_class):
    """Return the package's gradient at logits that are these probabilities' logarithms."""
    rows = len(probabilities)
    whole = Summary(np.zeros(rows), np.ones(rows))
    return gradient_of_part(np.log(probabilities), labels, first_class, whole)


ROUTES = {
    "relatives": {
        "write-sparsemax": lambda z: entmax(z, 2),
        "draw-with-gumbel-noise": race,
        "mend-the-leaf": along_a_chain,
        "mend-the-halving": sb.entmax15,
        "write-the-mixture": lambda z, w: mixture_of_softmaxes(z, np.log(w)),
        "derive-the-sparse-product": back_through_sparsemax,
        "write-the-sampled-loss": among_many,
    },
    "machines": {
        "mend-the-merge": share,
        "derive-the-gradient-of-a-part": part_gradient,
        "write-the-loss-of-a-part": lambda z, m, s: merged(m, s).log_normaliser - z,
    },
}
"""Functions by the ids of the exercises, by chapter."""
