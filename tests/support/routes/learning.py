"""Second routes to the solutions of Part II's exercises: the package, or differences."""

import numpy as np

import softmaxbook as sb
from softmaxbook.learning.calibration import expected_calibration_error
from softmaxbook.learning.decisions import coverage, precision_and_recall
from softmaxbook.learning.networks import ACTIVATIONS, Network
from softmaxbook.learning.objectives import LogisticObjective
from softmaxbook.learning.remedies import unweighted_probabilities


def slopes(function, point):
    """Return the gradient of a function to numbers, by finite differences."""
    point = np.asarray(point, dtype=float)
    flat = sb.finite_difference_jacobian(
        lambda moved: np.atleast_1d(function(moved.reshape(point.shape))), point.ravel()
    )
    return flat.reshape(point.shape)


def smoothed_by_the_gradient(labels, n_classes, smoothing):
    """Return p − gradient: the target that `cross_entropy_gradient` uses."""
    logits = np.zeros((len(labels), n_classes))
    used = sb.cross_entropy_gradient(logits, labels, "none", label_smoothing=smoothing)
    return 1 / n_classes - used


def weighted_by_the_package(losses, labels, class_weight):
    """Return the weighted mean of losses that are the surprises of logits made for them."""
    logits = np.full((len(losses), len(class_weight)), -np.inf)
    rows, others = np.arange(len(losses)), (labels + 1) % len(class_weight)
    logits[rows, labels], logits[rows, others] = 0.0, np.log(np.expm1(losses))
    return sb.cross_entropy(logits, labels, class_weight=class_weight)


def target_gradient(probabilities, targets):
    """Return the differences of −Σ t log p in the logits."""
    return slopes(lambda z: -np.sum(targets * sb.log_softmax(z)), np.log(probabilities))


def penalised_gradient(parameters, features, labels, penalty):
    """Return the gradient of the objective that `LogisticRegression` minimises."""
    objective = LogisticObjective(features, labels.astype(int), penalty, np.ones(2))
    return objective.value_and_gradient(parameters)[1]


def logistic_hessian(weights, features):
    """Return the differences of the gradient, whose labels do not matter."""
    return sb.finite_difference_jacobian(
        lambda w: features.T @ sb.sigmoid(features @ w) / len(features), weights
    )


def one_vs_rest(logits):
    """Return what `OneVsRest` computes through logarithms."""
    return sb.softmax(-np.logaddexp(0, -logits))


def first_layer(features, gradient, hidden_weight, output_weight):
    """Return the differences of the product of the given gradient and the network's logits."""
    network = Network(features.shape[1], len(hidden_weight), len(output_weight))
    network.parameters["output.weight"] = output_weight

    def product(weight):
        network.parameters["hidden.weight"] = weight
        return np.sum(gradient * network.logits(features))

    return slopes(product, hidden_weight)


def weight_gradient(inputs, gradient):
    """Return the differences of the product of the given gradient and the layer's outputs."""
    start = np.zeros((gradient.shape[1], inputs.shape[1]))
    return slopes(lambda weight: np.sum(gradient * (inputs @ weight.T)), start)


def calibration_error(confidence, right, n_bins):
    """Return the package's error for two classes or more, of which the first is the largest."""
    others = np.tile((1 - confidence) / 9, (9, 1))
    p = np.vstack([confidence, others]).T
    return expected_calibration_error(p, np.where(right == 1, 0, 1), n_bins)


def slope_in_beta(logits, labels, beta):
    """Return the difference of the loss in the inverse temperature."""
    return slopes(lambda b: sb.cross_entropy(b[0] * logits, labels), [beta])[0]


def rates_of_class(said, labels, k):
    """Return the package's rates of all classes, for one of them."""
    rates = precision_and_recall(said, labels, int(max(*said, *labels)) + 1)
    return rates.precision[k], rates.recall[k]


def coverage_and_error(probabilities, labels, threshold):
    """Return the package's coverage at a single threshold, with 0 for no answer."""
    answered, wrong = coverage(probabilities, labels, [threshold])
    return answered[0], np.nan_to_num(wrong[0])


ROUTES = {
    "losses": {
        "write-the-mean-loss": sb.cross_entropy,
        "write-its-gradient": sb.cross_entropy_gradient,
        "mend-the-binary-loss": lambda p, y: sb.binary_cross_entropy(
            np.log(p / (1 - p)), y, "none"
        ),
        "write-smoothed-targets": smoothed_by_the_gradient,
        "write-the-weighted-mean": weighted_by_the_package,
        "derive-the-weighted-gradient": target_gradient,
    },
    "regression": {
        "write-the-penalised-gradient": penalised_gradient,
        "mend-one-vs-rest": one_vs_rest,
        "derive-the-logistic-hessian": logistic_hessian,
    },
    "networks": {
        "mend-the-relu": lambda entered, slope: slope * ACTIVATIONS["relu"].derivative(entered),
        "write-the-weight-gradient": weight_gradient,
        "derive-the-first-layer": first_layer,
    },
    "remedies": {
        "write-precision-and-recall": rates_of_class,
        "undo-the-weights": unweighted_probabilities,
    },
    "calibration": {
        "write-the-threshold": coverage_and_error,
        "mend-the-ensemble": lambda logits: sb.softmax(logits).mean(axis=0),
        "write-the-calibration-error": calibration_error,
        "derive-the-pull-on-beta": slope_in_beta,
    },
}
"""Functions by the ids of the exercises, by chapter."""
