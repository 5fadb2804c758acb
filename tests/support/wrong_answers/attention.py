"""Wrong answers to the exercises on attention that nobody registered, and words of their verdicts.

Each exercise is solved badly in at least two ways, as learners write.
"""

import numpy as np

WRONG = []

VALUES = {
    "what-width-does": [("b and d", "one of the letters"), (256, "one of the letters")],
    "the-scale-of-a-score": [
        (30, "Check: the square of your answer"),
        ("8", "mistake: only the width"),
        ("1/32", "mistake: multiplied for divided"),
        (-32, "Look at the sign"),
    ],
    "which-mask-is-causal": [("np.tril", "one of the letters"), (0, "one of the letters")],
    "weights-behind-a-mask": [
        ([0.95, 0.05], "asks for 3 numbers; here are 2"),
        ([1, 0, 0], "Check: the weights add up to 1"),
        (["95 %", 0, "5 %"], "more digits"),
        ([0.7054, 0, 0.0351], "mistake: mask after softmax"),
    ],
}
WRONG += [(id, value, words) for id, values in VALUES.items() for value, words in values]


def wrong(id, words):
    def keep(answer):
        WRONG.append((id, answer, words))
        return answer

    return keep


def softmax(z, axis=-1):
    e = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


@wrong("write-causal-attention", "mistake: keys ask the queries")
def transposed_scores(q, k, v):
    s = k @ q.T / np.sqrt(q.shape[1])
    s[np.triu_indices(len(s), 1)] = -np.inf
    return softmax(s) @ v


@wrong("write-causal-attention", "the first part is right")
def mean_of_the_past(q, k, v):
    return np.cumsum(v, axis=0) / np.arange(1, len(v) + 1)[:, None]


@wrong("write-causal-attention", "the first word sees nothing but itself")
def in_a_loop_without_itself(q, k, v):
    out = np.zeros(v.shape)
    for i in range(len(q)):
        s = k[:i] @ q[i] / np.sqrt(q.shape[1])
        if i:
            out[i] = softmax(s) @ v[:i]
    return out


@wrong("write-causal-attention", "what fails: large scores")
def exp_without_a_shift(q, k, v):
    e = np.exp(q @ k.T / np.sqrt(q.shape[1])) * np.tril(np.ones((len(q), len(k))))
    return e / e.sum(1, keepdims=True) @ v


@wrong("write-causal-attention", "`values` were left out of a matrix product")
def weights_returned(q, k, v):
    s = q @ k.T / np.sqrt(q.shape[1])
    return softmax(np.where(np.tril(np.ones(s.shape)) > 0, s, -np.inf))


@wrong("mend-the-padding", "mistake: masked after softmax")
def mended_the_mask_only_at_the_end(q, k, v, lengths):
    s = q @ np.swapaxes(k, 1, 2) / np.sqrt(q.shape[-1])
    hidden = np.arange(k.shape[1]) >= lengths[:, None]
    p = softmax(s) * ~hidden[:, None, :]
    return p @ v


@wrong("mend-the-padding", "mistake: one key too many")
def nan_to_num_at_the_end(q, k, v, lengths):
    s = q @ np.swapaxes(k, 1, 2) / np.sqrt(q.shape[-1])
    hidden = np.arange(k.shape[1]) > lengths[:, None]
    return np.nan_to_num(softmax(np.where(hidden[:, None, :], -np.inf, s)) @ v)


@wrong("mend-the-padding", "shows where they leak")
def first_length_for_all(q, k, v, lengths):
    n = lengths[0]
    s = q @ np.swapaxes(k, 1, 2)[:, :, :n] / np.sqrt(q.shape[-1])
    return softmax(s) @ v[:, :n] if n else np.zeros(v.shape)


@wrong("derive-the-gradient-of-a-query", "One axis too many")
def key_gradient(q, k, v, g):
    p = softmax(k @ q / np.sqrt(len(q)))
    return np.outer(p * (v @ g - p @ v @ g), q) / np.sqrt(len(q))


@wrong("derive-the-gradient-of-a-query", "has shape (2,) where (4,)")
def stops_at_the_scores(q, k, v, g):
    p = softmax(k @ q / np.sqrt(len(q)))
    return p * (v @ g - p @ v @ g)


@wrong("derive-the-gradient-of-a-query", "It is close")
def numerical(q, k, v, g):
    def value(q):
        return softmax(k @ q / np.sqrt(len(q))) @ v @ g

    return np.array([(value(q + h) - value(q)) / 1e-3 for h in 1e-3 * np.eye(len(q))])


@wrong("write-attention-in-one-pass", "“last block only”")
def state_forgotten(scores, values):
    out = np.zeros(values.shape[-1])
    for z, v in zip(scores, values, strict=True):
        out = softmax(z) @ v
    return out


@wrong("write-attention-in-one-pass", "“divided in every block”")
def divided_in_every_block(scores, values):
    m, s, a = -np.inf, 0.0, 0.0
    for z, v in zip(scores, values, strict=True):
        new = max(m, z.max())
        s = s * np.exp(m - new) + np.exp(z - new).sum()
        a = (a * np.exp(m - new) + np.exp(z - new) @ v) / s
        m = new
    return a


@wrong("write-attention-in-one-pass", "mistake: shifted by the first block")
def maximum_of_the_first_block(scores, values):
    m = scores[0].max()
    e = np.exp(scores - m)
    return np.einsum("bk,bke->e", e, values) / e.sum()


@wrong("write-attention-in-one-pass", "maximum begun at zero")
def maximum_from_zero(scores, values):
    top, total, weighted = 0.0, 0.0, 0.0
    for z, v in zip(scores, values, strict=True):
        new = max(top, z.max())
        total = total * np.exp(top - new) + np.exp(z - new).sum()
        weighted = weighted * np.exp(top - new) + np.exp(z - new) @ v
        top = new
    return weighted / total if total else weighted


@wrong("write-attention-in-one-pass", "begin at −∞, which any score exceeds")
def maximum_from_minus_a_hundred(scores, values):
    top, total, weighted = -100.0, 0.0, 0.0
    for z, v in zip(scores, values, strict=True):
        new = max(top, z.max())
        total = total * np.exp(top - new) + np.exp(z - new).sum()
        weighted = weighted * np.exp(top - new) + np.exp(z - new) @ v
        top = new
    return weighted / total
