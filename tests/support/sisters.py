"""Exercises that share a step: an answer to one, put into the solution of the other.

Each function takes an answer to the first exercise and returns one to the second, which is right
if the first is.
"""

import numpy as np

from softmaxbook.exercises import exercise


def solution(id):
    return exercise(id).exercise.solution


def one_hot(labels, n):
    return np.eye(n)[labels]


def same(f):
    return f


def each_row(f):
    return lambda z: np.apply_along_axis(f, -1, np.asarray(z, float))


def flattened(f):
    return lambda z: f(np.reshape(z, (-1, z.shape[-1]))).reshape(z.shape)


def descent(f):
    def answer(features, labels, n_classes, rate, n_steps):
        weight = np.zeros((n_classes, features.shape[1]))
        for _ in range(n_steps):
            weight = weight - rate * f(features @ weight.T, labels).T @ features
        return weight

    return answer


def slopes(f):
    return lambda z, labels: (f(z) - one_hot(labels, z.shape[1])) / len(labels)


def log_softmax_by(f):
    return lambda z: z - f(z)[..., None]


def at_labels(log_p, labels):
    return log_p[np.arange(len(labels)), labels]


def first_of_two(f):
    def answer(x):
        pairs = [f(np.array([0.0, value]))[1] for value in np.ravel(x)]
        return np.reshape(pairs, np.shape(x))

    return answer


def penalised(f):
    def answer(parameters, features, labels, penalty):
        weights = parameters[:-1]
        error = f(features @ weights + parameters[-1]) - labels
        return np.append(features.T @ error + penalty * weights, np.sum(error)) / len(labels)

    return answer


def hessian(f):
    def answer(weights, features):
        p = f(features @ weights)
        return features.T @ (features * (p * (1 - p))[:, None]) / len(features)

    return answer


def causal(f):
    def answer(queries, keys, values):
        scores = queries @ keys.T / np.sqrt(queries.shape[1])
        n, m = scores.shape
        return f(np.where(np.arange(n)[:, None] >= np.arange(m), scores, -np.inf)) @ values

    return answer


def choices(f):
    def answer(coefficients, features, taken):
        p = f(features @ coefficients)
        chosen = features[np.arange(len(taken)), taken]
        return np.sum(chosen - np.sum(p[:, :, None] * features, axis=1), axis=0)

    return answer


def of_a_query(product):
    """Return an answer that has its scores' slopes from p and the gains v · g."""

    def answer(query, keys, values, gradient):
        scores = keys @ query / np.sqrt(len(query))
        return product(scores, values @ gradient) @ keys / np.sqrt(len(query))

    return answer


def first_layer(f):
    def answer(features, slopes, hidden_weight, output_weight):
        entered = features @ hidden_weight.T
        return f(features, (slopes @ output_weight) * (entered > 0))

    return answer


def relu_inside(f):
    def answer(features, slopes, hidden_weight, output_weight):
        return f(features @ hidden_weight.T, slopes @ output_weight).T @ features

    return answer


def merged(f, maxima, sums):
    maximum, total = maxima[:1], sums[:1]
    for one, two in zip(maxima[1:], sums[1:], strict=True):
        maximum, total = f(maximum, total, np.array([one]), np.array([two]))
    return maximum[0], total[0]


def own_part(f):
    def answer(logits, maxima, sums):
        maximum, total = merged(f, maxima, sums)
        return np.exp(logits - maximum) / total

    return answer


def part_of_the_loss(f):
    def answer(label_logit, maxima, sums):
        maximum, total = merged(f, maxima, sums)
        return np.log(total) + (maximum - label_logit)

    return answer


def block_by_block(f):
    def answer(scores, values):
        width = values.shape[-1]
        maximum, sums = np.full(1 + width, -np.inf), np.zeros(1 + width)
        for z, v in zip(scores, values, strict=True):
            top = np.max(z)
            e = np.exp(z - (top if np.isfinite(top) else 0.0))
            maximum, sums = f(maximum, sums, np.full(1 + width, top), np.append(e.sum(), e @ v))
        return sums[1:] / sums[0] if sums[0] > 0 else sums[1:]

    return answer


def log_jacobian_by(f):
    return lambda p: f(np.log(p)) / p[:, None]


def product_by(f):
    return lambda p, g: np.einsum("...ij,...i->...j", f(p), g)


def by_temperature(f):
    def answer(z, temperature):
        p = f(z, temperature)
        return p * (np.sum(p * z) - z) / temperature**2

    return answer


ONE, BATCH, HOT = "softmax-of-one-vector", "softmax-of-a-batch", "a-temperature"
PROGRAM, JACOBIAN, BATCHED = (
    "mend-the-batch-program",
    "write-the-jacobian",
    "mend-the-batched-jacobian",
)
PRODUCT, QUERY = "a-cotangent-through-softmax", "derive-the-gradient-of-a-query"
LSE, LOG, LOSS, SOFT = (
    "write-log-sum-exp", "write-log-softmax", "write-the-mean-loss", "write-the-soft-loss",
)  # fmt: skip
GRADIENT, HEAD, FEATURES = "write-its-gradient", "train-a-head", "derive-the-slope-at-the-features"
SIGMOID, MERGE, LAYER = "write-the-sigmoid", "merge-two-sums", "derive-the-first-layer"

SISTERS = (
    (BATCH, ONE, same),
    (BATCH, PROGRAM, same),
    (PROGRAM, BATCH, flattened),
    (ONE, BATCH, each_row),
    (BATCH, HOT, lambda f: lambda z, t: f(z / t)),
    (ONE, HOT, lambda f: lambda z, t: each_row(f)(z / t)),
    (HOT, BATCH, lambda f: lambda z: f(z, 1.0)),
    (ONE, JACOBIAN, lambda f: lambda z: np.diag(f(z)) - np.outer(f(z), f(z))),
    (BATCHED, JACOBIAN, lambda f: lambda z: f(solution(ONE)(z))),
    (JACOBIAN, "the-log-jacobian", log_jacobian_by),
    (BATCHED, PRODUCT, product_by),
    (PRODUCT, QUERY, lambda f: of_a_query(lambda z, gains: f(solution(ONE)(z), gains))),
    (ONE, QUERY, lambda f: of_a_query(lambda z, gains: f(z) * (gains - f(z) @ gains))),
    (HOT, "the-temperature-derivative", by_temperature),
    (LSE, LOG, log_softmax_by),
    (LSE, LOSS, lambda f: lambda z, y: -np.mean(at_labels(log_softmax_by(f)(z), y))),
    (LOG, LOSS, lambda f: lambda z, y: -np.mean(at_labels(f(z), y))),
    (LOG, SOFT, lambda f: lambda z, t: -np.mean(np.sum(t * f(z), axis=-1))),
    (SOFT, LOSS, lambda f: lambda z, y: f(z, one_hot(y, z.shape[1]))),
    (ONE, SIGMOID, first_of_two),
    (BATCH, GRADIENT, slopes),
    (
        "derive-the-weighted-gradient",
        GRADIENT,
        lambda f: lambda z, y: f(solution(BATCH)(z), one_hot(y, z.shape[1])) / len(y),
    ),
    (GRADIENT, HEAD, descent),
    (GRADIENT, FEATURES, lambda f: lambda x, w, b, y: f(x @ w.T + b, y) @ w),
    (BATCH, HEAD, lambda f: descent(slopes(f))),
    (BATCH, FEATURES, lambda f: lambda x, w, b, y: slopes(f)(x @ w.T + b, y) @ w),
    (BATCH, "mend-the-ensemble", lambda f: lambda z: np.mean(f(z), axis=0)),
    (BATCH, "write-the-mixture", lambda f: lambda z, w: w @ f(z)),
    (BATCH, "write-causal-attention", causal),
    (BATCH, "mend-the-slope", choices),
    (SIGMOID, "mend-one-vs-rest", lambda f: lambda z: f(z) / f(z).sum(-1, keepdims=True)),
    (SIGMOID, "mend-the-leaf", lambda f: lambda z, signs: np.prod(f(signs * z), axis=-1)),
    (SIGMOID, "write-the-penalised-gradient", penalised),
    (SIGMOID, "derive-the-logistic-hessian", hessian),
    ("write-the-weight-gradient", LAYER, first_layer),
    ("mend-the-relu", LAYER, relu_inside),
    (
        "write-epsilon-greedy",
        "write-smoothed-targets",
        lambda f: lambda y, k, e: np.stack([f(row, e) for row in one_hot(y, k)]),
    ),
    (MERGE, "mend-the-merge", own_part),
    (MERGE, "write-the-loss-of-a-part", part_of_the_loss),
    (MERGE, "write-attention-in-one-pass", block_by_block),
)

SHAPE = "the verdict says what shape comes back"
RAISES = "the verdict says what is raised, and why"
LOST = "`nan` or `inf` comes back, and the verdict says where that comes from"
SUMS = "the verdict says which sum is not what it should be"
PART = "the verdict says which part is right"
CLOSE = "the verdict says how close it is"
FACTOR = "the verdict says that a factor is missing"
KNOWN = "softmax is asked for by its name there, and was written before"
FORMULA = "the statement gives the formula of the sigmoid"
OTHER = "the step is made in another way there"

_INSIDE = ("shift after the exponential", "only shifted", "no exponentials", "logarithm of it")
_OF_SIGMOIDS = dict.fromkeys(("tangent unscaled", "logarithm", "slope", "softmax of all"), FORMULA)

# Why a mistake of the first exercise is not named in the second.
REASONS = {
    (BATCH, ONE): {"first axis kept only": SHAPE},
    (BATCH, PROGRAM): {"only shifted": SUMS},
    (ONE, BATCH): {"shift after the exponential": KNOWN},
    (BATCH, HOT): {"keepdims forgotten": RAISES, "first axis kept only": SHAPE},
    (ONE, HOT): {"shift after the exponential": KNOWN, "divided by the largest": SUMS},
    (ONE, JACOBIAN): {
        "shift after the exponential": KNOWN,
        "only shifted": SUMS,
        "logarithm of it": SUMS,
        "sign reversed": KNOWN,
        "divided by the largest": SUMS,
        "shifted by the smallest": LOST,
    },
    (BATCHED, JACOBIAN): {"as printed": PART},
    (JACOBIAN, "the-log-jacobian"): {
        "sign on the diagonal": PART,
        "diagonal formula everywhere": PART,
        "identity without p": PART,
        "a vector": PART,
        "of the logits": SUMS,
        "of the logarithms": OTHER,
        "squares for the outer product": PART,
        "inner for the outer product": SUMS,
    },
    (BATCHED, PRODUCT): {
        "as printed": SUMS,
        "outer of everything": RAISES,
        "diagonal by column": RAISES,
        "sum over the batch": OTHER,
    },
    (PRODUCT, QUERY): {"p missing before the cotangent": OTHER},
    (ONE, QUERY): dict.fromkeys(_INSIDE, KNOWN),
    (HOT, "the-temperature-derivative"): {
        "outside the exponential": SUMS,
        "above the line only": SUMS,
        "no exponentials": KNOWN,
        "only shifted": SUMS,
    },
    (LSE, LOG): {
        "axis kept": SHAPE,
        "logarithm forgotten": OTHER,
    },
    (LSE, LOSS): {
        "maximum subtracted again": OTHER,
        "axis kept": RAISES,
        "logarithm forgotten": OTHER,
    },
    (LOG, LOSS): {"maximum subtracted twice": OTHER},
    (LOG, SOFT): {"maximum subtracted twice": OTHER},
    (SOFT, LOSS): {
        **dict.fromkeys(
            ("log of softmax", "shift forgotten", "shifted by the smallest", "one maximum for all"),
            LOST,
        ),
        "roles exchanged": OTHER,
    },
    (ONE, SIGMOID): {
        **dict.fromkeys(_INSIDE[:3], OTHER),
        "divided by the largest": OTHER,
    },
    (BATCH, GRADIENT): {"sign reversed": KNOWN, "only shifted": SUMS},
    (BATCH, "mend-the-ensemble"): {"only shifted": SUMS},
    ("derive-the-weighted-gradient", GRADIENT): {"sum over the batch": SUMS},
    (GRADIENT, HEAD): {"in the probabilities": OTHER, "labels for one hot rows": RAISES},
    (GRADIENT, FEATURES): {"in the probabilities": OTHER, "labels for one hot rows": RAISES},
    (BATCH, HEAD): {"keepdims forgotten": RAISES, "only shifted": KNOWN},
    (BATCH, FEATURES): {"divided by the largest": KNOWN, "only shifted": KNOWN},
    (BATCH, "write-the-mixture"): {"keepdims forgotten": RAISES, "only shifted": SUMS},
    (BATCH, "write-causal-attention"): {
        "one maximum for all": LOST,
        "shifted by the smallest": LOST,
        "sign reversed": LOST,
        "only shifted": LOST,
    },
    (BATCH, "mend-the-slope"): {"keepdims forgotten": RAISES, "only shifted": KNOWN},
    (SIGMOID, "mend-one-vs-rest"): dict.fromkeys(
        ("tangent unscaled", "logarithm", "slope"), FORMULA
    ),
    (SIGMOID, "mend-the-leaf"): {**_OF_SIGMOIDS, "an epsilon added": CLOSE},
    (SIGMOID, "write-the-penalised-gradient"): _OF_SIGMOIDS,
    (SIGMOID, "derive-the-logistic-hessian"): _OF_SIGMOIDS,
    ("write-the-weight-gradient", LAYER): {
        "wrong one transposed": RAISES,
        "sums before the product": OTHER,
        "one for each example": SHAPE,
        "entry by entry": RAISES,
    },
    ("write-epsilon-greedy", "write-smoothed-targets"): {
        "worst taken": OTHER,
        "temperature for epsilon": OTHER,
        "an arm for its chance": OTHER,
    },
    (MERGE, "mend-the-merge"): {
        "first sum only rescaled": FACTOR,
        "second sum only rescaled": FACTOR,
        "second maximum taken": LOST,
        "shift undone": FACTOR,
    },
    (MERGE, "write-the-loss-of-a-part"): {
        "first sum only rescaled": OTHER,
        "second sum only rescaled": OTHER,
        "second maximum taken": LOST,
        "shift undone": OTHER,
    },
    (MERGE, "write-attention-in-one-pass"): {
        "sums added": OTHER,
        "rescaled the wrong way": LOST,
        "first sum only rescaled": OTHER,
        "second maximum taken": LOST,
        "minimum for maximum": LOST,
    },
}

# What a verdict has to say where a reason says so.
SAID = {
    SHAPE: "shape",
    RAISES: "It raises |it raises ",
    LOST: "where the result is finite",
    SUMS: "add up to",
    PART: "right; |is right|are right",
    CLOSE: "It is close",
    FACTOR: "factor",
}
