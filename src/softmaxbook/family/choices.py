"""Choices: softmax as a model of what people take, fitted to what they took, and with nests."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from softmaxbook.family.gumbel import IntArray, Seed, gumbel_max
from softmaxbook.learning.descent import Product, newton
from softmaxbook.learning.labels import check_class_numbers, refuse
from softmaxbook.learning.losses import cross_entropy_and_gradient
from softmaxbook.numerics.arrays import FloatArray, as_array, as_floats, check_axis
from softmaxbook.numerics.logarithms import log_softmax, logsumexp
from softmaxbook.numerics.probabilities import softmax

TOLERANCE = 1e-10  # of the gradient of the mean log-likelihood
CERTAIN = 1e-6  # if every choice is predicted up to this, nothing holds the coefficients


def nested_logit(
    utilities: ArrayLike, nests: ArrayLike, dissimilarity: ArrayLike = 1.0
) -> FloatArray:
    r"""Return choice probabilities where alternatives of one nest are substitutes of one another.

    Parameters
    ----------
    utilities : array_like, shape (..., J)
        u of J alternatives. −inf: not available.
    nests : array_like of int, shape (J,)
        The nest of each alternative, numbered from 0 without gaps.
    dissimilarity : array_like, a number or shape (n_nests,)
        λ of each nest, in (0, 1]. With 1 the alternatives of a nest are as unlike as those of
        different nests; as λ → 0 they become one alternative under several names.

    Returns
    -------
    ndarray, shape (..., J)
        Probabilities with sum 1, in the floating-point type of the utilities.

    Raises
    ------
    TypeError
        If the utilities are not real numbers.
    ValueError
        If a utility is NaN or +inf, a row has nothing to choose, λ is not in (0, 1], or the nests
        are not one number for each alternative.

    Notes
    -----
    .. math:: P_j = \frac{e^{u_j / \lambda_k}}{e^{I_k}} \cdot
        \frac{e^{\lambda_k I_k}}{\sum_l e^{\lambda_l I_l}}, \qquad
        I_k = \log \sum_{i \in k} e^{u_i / \lambda_k},

    with k the nest of j: softmax within the nest, times softmax over the nests. The ratio of two
    probabilities of one nest depends on these two alone, as in softmax; that of alternatives of
    different nests also depends on what else is in the nests. All λ = 1 is softmax.

    K. E. Train, Discrete Choice Methods with Simulation, second edition, Cambridge University
    Press, 2009, section 4.2.

    Examples
    --------
    Car, red bus, blue bus, all equally liked; then the buses are of one nest.

    >>> nested_logit([0.0, 0.0, 0.0], nests=[0, 1, 1]).round(3)
    array([0.333, 0.333, 0.333])
    >>> nested_logit([0.0, 0.0, 0.0], nests=[0, 1, 1], dissimilarity=[1.0, 0.01]).round(3)
    array([0.498, 0.251, 0.251])

    Derived in the chapter *choices*.
    """
    u = as_floats(utilities, "utilities")
    check_axis(u, -1, "utilities")
    refuse(u, ~(u < np.inf), "is not finite or −inf", "utilities")
    refuse(u.max(axis=-1), u.max(axis=-1) == -np.inf, "leaves nothing to choose", "largest utility")
    groups, scales = _check_nests(nests, dissimilarity, u.shape[-1])
    wide = u.astype(np.result_type(u.dtype, np.float64))
    within, inclusive = np.full(wide.shape, -np.inf), np.empty((*u.shape[:-1], len(scales)))
    for nest, scale in enumerate(scales):
        own = groups == nest
        top = wide[..., own].max(axis=-1, keepdims=True)
        top = np.where(top > -np.inf, top, 0)  # a nest that cannot be chosen
        with np.errstate(over="ignore"):
            scaled = (wide[..., own] - top) / scale
        total = logsumexp(scaled)[..., None]
        inclusive[..., nest] = (top + scale * total)[..., 0]
        np.subtract(scaled, total, out=scaled, where=scaled > -np.inf)
        within[..., own] = scaled
    p: FloatArray = np.exp(within + log_softmax(inclusive)[..., groups])
    return p.astype(u.dtype)


def simulate_choices(
    features: ArrayLike, coefficients: ArrayLike, rng: Seed, available: ArrayLike | None = None
) -> IntArray:
    """Return what people choose whose utility is known up to a Gumbel-distributed taste.

    Parameters
    ----------
    features : array_like, shape (n, J, d)
        Of J alternatives in n choices.
    coefficients : array_like, shape (d,)
        β: what a unit of each feature adds to the utility.
    rng : numpy.random.Generator or int
        Where the tastes come from, or a seed.
    available : array_like of bool, shape (n, J) or (J,), optional
        What can be chosen. By default everything.

    Returns
    -------
    ndarray of int, shape (n,)
        The number of the chosen alternative: the one with the largest utility, taste included.

    Raises
    ------
    TypeError, ValueError
        As :func:`softmaxbook.family.choices.fit_choices`.

    Notes
    -----
    With independent tastes the chosen one has the probability softmax(features · β), see
    :func:`softmaxbook.gumbel_max`.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> simulate_choices(rng.normal(size=(8, 3, 2)), [2.0, -1.0], rng)
    array([1, 1, 2, 0, 0, 2, 1, 2])

    Used in the chapter *choices*.
    """
    x, open_ = _check_features(features, available)
    beta = as_floats(coefficients, "coefficients")
    if beta.shape != x.shape[2:]:
        raise ValueError(f"coefficients must have shape {x.shape[2:]}, got {beta.shape}")
    return gumbel_max(np.where(open_, x @ beta, -np.inf), rng)


@dataclass(frozen=True)
class ChoiceModel:
    """A multinomial logit model with its uncertainty.

    Parameters
    ----------
    coefficients : ndarray, shape (d,)
        The most likely β.
    covariance : ndarray, shape (d, d)
        The inverse of the Hessian of the negative log-likelihood, there.
    log_likelihood : float
        Of all choices, in nats.
    n_choices : int

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> features = rng.normal(size=(2000, 4, 2))
    >>> model = fit_choices(features, simulate_choices(features, [1.0, -0.5], rng))
    >>> model.intervals().round(2)
    array([[ 0.91,  1.05],
           [-0.52, -0.39]])

    Derived in the chapter *choices*.
    """

    coefficients: FloatArray
    covariance: FloatArray
    log_likelihood: float
    n_choices: int

    @property
    def standard_errors(self) -> FloatArray:
        """The standard deviation of each coefficient over repeated samples, roughly."""
        errors: FloatArray = np.sqrt(np.diag(self.covariance))
        return errors

    def intervals(self, confidence: float = 0.95) -> FloatArray:
        """Return the lower and upper limit of each coefficient, shape (d, 2).

        Raises
        ------
        ValueError
            If the confidence is not between 0 and 1.
        """
        if not 0 < confidence < 1:
            raise ValueError(f"confidence must be between 0 and 1, got {confidence}")
        half = NormalDist().inv_cdf((1 + confidence) / 2) * self.standard_errors
        return np.column_stack([self.coefficients - half, self.coefficients + half])

    def probabilities(self, features: ArrayLike, available: ArrayLike | None = None) -> FloatArray:
        """Return the probabilities of alternatives with the given features, shape (n, J).

        Raises
        ------
        TypeError, ValueError
            As :func:`softmaxbook.family.choices.fit_choices`.
        """
        x, open_ = _check_features(features, available)
        if x.shape[2:] != self.coefficients.shape:
            raise ValueError(f"the model has {len(self.coefficients)} features, got {x.shape[2]}")
        return softmax(np.where(open_, x @ self.coefficients, -np.inf))


def fit_choices(
    features: ArrayLike, choices: ArrayLike, available: ArrayLike | None = None
) -> ChoiceModel:
    r"""Return the multinomial logit model under which what was chosen is most likely.

    Parameters
    ----------
    features : array_like, shape (n, J, d)
        Of J alternatives in n choices. A feature that is the same for all alternatives of every
        choice says nothing and is refused; a constant for an alternative is a feature that is 1 for
        it and 0 for others.
    choices : array_like of int, shape (n,)
        The number of the chosen alternative.
    available : array_like of bool, shape (n, J) or (J,), optional
        What could be chosen. By default everything.

    Returns
    -------
    ChoiceModel

    Raises
    ------
    TypeError
        If features or choices are not numbers.
    ValueError
        If a choice is no alternative or was not available, features do not tell alternatives apart,
        or predict every choice: then the likelihood has no maximum.
    RuntimeError
        If no maximum is found.

    Notes
    -----
    .. math:: P(\text{choice } n \text{ is } j)
        = \operatorname{softmax}(X_n \beta)_j, \qquad
        H = \sum_n X_n^\top \left(\operatorname{diag}(p_n) - p_n p_n^\top\right) X_n

    The log-likelihood is concave, and −H its Hessian; H⁻¹ at the maximum estimates the covariance
    of the coefficients. D. McFadden, Conditional logit analysis of qualitative choice behavior, in
    P. Zarembka (editor), Frontiers in Econometrics, Academic Press, 1974, 105–142.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> features = rng.normal(size=(2000, 4, 2))
    >>> model = fit_choices(features, simulate_choices(features, [1.0, -0.5], rng))
    >>> print(model.coefficients.round(2), model.standard_errors.round(3))
    [ 0.98 -0.46] [0.036 0.031]

    Derived in the chapter *choices*.
    """
    x, open_ = _check_features(features, available)
    given = as_array(choices, "choices")
    if given.shape != x.shape[:1]:
        raise ValueError(f"choices must have shape {x.shape[:1]}, got {given.shape}")
    chosen = check_class_numbers(given, x.shape[1])
    refuse(chosen, ~open_[np.arange(len(x)), chosen], "was not available", "choices")
    x, units = _standardised(x, open_)
    _check_differences(x[open_])
    objective = _Likelihood(x, chosen, open_)
    found = newton(objective, np.zeros(x.shape[2]), tolerance=TOLERANCE)
    p = softmax(objective.utilities(found.parameters))
    if (p[np.arange(len(x)), chosen] > 1 - CERTAIN).all():
        raise ValueError("the features predict every choice: the likelihood has no maximum")
    if not found.converged:
        raise RuntimeError("no maximum of the likelihood was found")
    covariance = np.linalg.inv(_hessian(x, p)) / np.outer(units, units)
    log_likelihood = -len(x) * float(found.history[-1])
    return ChoiceModel(found.parameters / units, covariance, log_likelihood, len(x))


class _Likelihood:
    """The mean negative log-likelihood of choices, as an ``Objective`` has to be."""

    def __init__(self, x: FloatArray, chosen: IntArray, available: NDArray[np.bool_]) -> None:
        self.x, self.chosen, self.available = x, chosen, available

    def utilities(self, beta: FloatArray) -> FloatArray:
        return np.where(self.available, self.x @ beta, -np.inf)

    def value_and_gradient(self, parameters: FloatArray) -> tuple[float, FloatArray]:
        loss, slopes = cross_entropy_and_gradient(self.utilities(parameters), self.chosen)
        return float(loss), np.einsum("nj,njd->d", slopes, self.x)

    def curvature(self, parameters: FloatArray) -> tuple[Product, FloatArray]:
        hessian = _hessian(self.x, softmax(self.utilities(parameters))) / len(self.x)
        return hessian.__matmul__, np.diag(hessian)

    def smoothness(self) -> float:
        centred = self.x - self.x.mean(axis=1, keepdims=True)
        return float((centred**2).sum() / (2 * len(self.x)))


def _hessian(x: FloatArray, p: FloatArray) -> FloatArray:
    """Return Σ Xᵀ (diag p − ppᵀ) X, from features less their mean under p."""
    centred = x - np.einsum("nj,njd->nd", p, x)[:, None]
    hessian: FloatArray = np.einsum("njd,nj,nje->de", centred, p, centred, optimize=True)
    return hessian


def _check_features(
    features: ArrayLike, available: ArrayLike | None
) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Return features (n, J, d) in float64, and what is available (n, J)."""
    x = as_floats(features, "features").astype(np.float64)
    if x.ndim != 3 or not x.size:
        raise ValueError(f"features must have entries in the shape (n, J, d), got {x.shape}")
    open_ = as_array(True if available is None else available, "available")
    if open_.dtype.kind != "b" or open_.shape not in ((), x.shape[1:2], x.shape[:2]):
        raise ValueError(
            f"available must be truth values of shape {x.shape[:2]}, got {open_.dtype} of shape "
            f"{open_.shape}"
        )
    open_ = np.broadcast_to(open_, x.shape[:2])
    refuse(x, ~np.isfinite(x) & open_[..., None], "is not finite", "features")
    if not open_.any(axis=1).all():
        raise ValueError(f"nothing is available in choice {np.argmin(open_.any(axis=1))}")
    return x, open_


def _standardised(x: FloatArray, available: NDArray[np.bool_]) -> tuple[FloatArray, FloatArray]:
    """Return features less their mean in each choice, 0 where unavailable, in units of their size.

    Shares do not notice the mean, and the fit should not notice in which units a price is given.
    """
    open_ = available[..., None]
    shown = np.where(open_, x, 0)
    centred = np.where(
        open_, shown - shown.sum(axis=1, keepdims=True) / open_.sum(axis=1)[:, None], 0
    )
    units = np.sqrt(np.mean(centred**2, axis=(0, 1)))
    rounding = 8 * np.finfo(float).eps * np.abs(shown).max(axis=(0, 1))
    speaks = units > rounding
    units = np.where(speaks, units, 1)
    return np.where(speaks, centred / units, 0), units


def _check_differences(differences: FloatArray) -> None:
    """Refuse features of which some combination is the same for all alternatives."""
    rank, n_features = np.linalg.matrix_rank(differences), differences.shape[-1]
    if rank < n_features:
        raise ValueError(
            f"{n_features} features tell the alternatives apart in {rank} ways only: leave out "
            "what is the same for all alternatives, or follows from other features"
        )


def _check_nests(
    nests: ArrayLike, dissimilarity: ArrayLike, n_alternatives: int
) -> tuple[IntArray, FloatArray]:
    """Return the nest of each alternative, and λ of each nest."""
    groups = as_array(nests, "nests")
    if groups.shape != (n_alternatives,) or groups.dtype.kind not in "iu":
        raise ValueError(
            f"nests must be one whole number for each of {n_alternatives} alternatives, got "
            f"{groups.dtype} of shape {groups.shape}"
        )
    if sorted(set(groups.tolist())) != list(range(groups.max() + 1)):
        raise ValueError(f"nests must be numbered from 0 without gaps, got {groups.tolist()}")
    scales = as_floats(dissimilarity, "dissimilarity").astype(np.float64)
    n_nests = int(groups.max()) + 1
    if scales.shape not in ((), (n_nests,)):
        raise ValueError(f"dissimilarity must be a number or one for each of {n_nests} nests")
    refuse(scales, ~((scales > 0) & (scales <= 1)), "is not in (0, 1]", "dissimilarity")
    return groups.astype(np.intp), np.broadcast_to(scales, (n_nests,))
