"""Hierarchical softmax: a class is a leaf of a binary tree, and found by a few yes-or-no questions.

Inner nodes have numbers from 0 to K − 2, one logit each. Among the children of a node, a number
below K is a class, and K + i is the inner node i.
"""

from __future__ import annotations

import reprlib
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from softmaxbook.learning.labels import check_class_numbers
from softmaxbook.numerics.arrays import FloatArray, as_array, as_floats
from softmaxbook.numerics.probabilities import sigmoid
from softmaxbook.numerics.rows import working_dtype

IntArray = NDArray[np.intp]


class Tree:
    """A binary tree with one leaf for each class.

    Parameters
    ----------
    children : array_like of int, shape (K − 1, 2)
        The two children of each inner node: a class k, or K + i for the inner node i.

    Attributes
    ----------
    n_classes
        K, the number of leaves.
    children
        As given.
    root
        The number of the inner node at the top; −1 in a tree of one class.
    depths
        How many decisions lead to each class, shape (K,).
    levels
        The inner nodes from the top down: an array for each depth.

    Raises
    ------
    TypeError
        If the children are not integers.
    ValueError
        If a class has no leaf or several, a node hangs at two places, or nodes hang at one another
        in a ring.

    Examples
    --------
    >>> tree = Tree([[1, 2], [0, 3]])  # inner node 1 is the root, and 3 stands for inner node 0
    >>> tree.depths
    array([1, 2, 2])

    Derived in the chapter *relatives*.
    """

    def __init__(self, children: ArrayLike) -> None:
        pairs = as_array(children, "children")
        if not pairs.size:
            pairs = np.empty((0, 2), np.intp)
        if pairs.dtype.kind not in "iu":
            raise TypeError(f"children must be integers, got {pairs.dtype}")
        if pairs.ndim != 2 or pairs.shape[1] != 2:
            raise ValueError(f"children must be pairs, shape (K − 1, 2), got {pairs.shape}")
        self.n_classes = len(pairs) + 1
        n_nodes = self.n_classes + len(pairs)
        _check_range(pairs, n_nodes)
        self.children: IntArray = pairs.astype(np.intp)
        counts = np.bincount(self.children.ravel(), minlength=n_nodes)
        if len(pairs):
            _check_leaves(counts[: self.n_classes])
        self.root = _root(counts[self.n_classes :])
        self._parents = np.full(n_nodes, -1, np.intp)
        self._parents[self.children] = np.arange(len(pairs))[:, None]
        self._signs = np.zeros(n_nodes, np.int8)
        self._signs[self.children] = [1, -1]
        self.levels = list(self._descend())
        self.depths = self._measure_depths(n_nodes)

    @classmethod
    def from_nested(cls, nested: Any) -> Tree:
        """Return the tree that nested pairs of class numbers describe.

        Parameters
        ----------
        nested : int or pair
            A class, or a pair of what stands on the first and on the second side.

        Raises
        ------
        TypeError, ValueError
            If something is neither a class nor a pair, a class is missing or doubled, or a pair
            stands at two places, perhaps within itself.

        Examples
        --------
        >>> Tree.from_nested(((0, 1), 2)).depths
        array([2, 2, 1])
        """
        pairs: list[list[Any]] = []
        leaves, waiting, met = [], [(nested, -1, 0)], set()
        while waiting:
            node, above, side = waiting.pop()
            if isinstance(node, int | np.integer):
                leaves.append(int(node))
            else:
                _check_pair(node)
                if id(node) in met:
                    raise ValueError(f"the pair {reprlib.repr(node)} stands at two places")
                met.add(id(node))
                pairs.append([None, None])
                waiting += [(node[1], len(pairs) - 1, 1), (node[0], len(pairs) - 1, 0)]
            if above >= 0:
                inner = not isinstance(node, int | np.integer)
                pairs[above][side] = ("inner", len(pairs) - 1) if inner else ("leaf", int(node))
        if min(leaves) < 0:
            raise ValueError(f"classes are numbered from 0, got {min(leaves)}")
        known = [leaf for leaf in leaves if leaf < len(leaves)]
        beyond = len(leaves) if len(known) < len(leaves) else 0  # then one of them has no leaf
        _check_leaves(np.bincount(known, minlength=beyond))
        first = {"leaf": 0, "inner": len(leaves)}
        return cls([[first[kind] + number for kind, number in pair] for pair in pairs])

    def _descend(self) -> Iterator[IntArray]:
        """Yield the inner nodes of each depth, from the root down."""
        level = np.array([self.root] if self.root >= 0 else [], np.intp)
        while len(level):
            yield level
            below = self.children[level].ravel()
            level = below[below >= self.n_classes] - self.n_classes

    def _measure_depths(self, n_nodes: int) -> IntArray:
        """Return the depth of every leaf; refuse nodes that no way leads to."""
        depths = np.full(n_nodes, -1, np.intp)
        if self.root < 0:
            return depths + 1
        for depth, level in enumerate(self.levels):
            depths[self.children[level]] = depth + 1
        depths[self.n_classes + self.root] = 0
        lost = np.flatnonzero(depths < 0)
        if len(lost):
            names = [self._name(node) for node in lost[:5]]
            raise ValueError(f"no way leads from the root to {', '.join(names)}: there is a ring")
        return depths[: self.n_classes]

    def _name(self, node: int) -> str:
        """Return what a number among the children means, in words."""
        inner = node >= self.n_classes
        return f"inner node {node - self.n_classes}" if inner else f"class {node}"

    def paths(self, labels: ArrayLike) -> tuple[IntArray, NDArray[np.int8]]:
        """Return the ways from the root's side to some classes, climbing from their leaves.

        Parameters
        ----------
        labels : array_like of int, shape (n,)
            Class numbers.

        Returns
        -------
        tuple of (ndarray of int, ndarray of int8), both of shape (n, longest way)
            The inner nodes from the leaf up, and which way leads down: 1 for the first child, −1
            for the second. Where a way has ended the sign is 0, and the node is any.

        Raises
        ------
        ValueError
            If a label is no class.

        Examples
        --------
        >>> nodes, signs = Tree.from_nested(((0, 1), 2)).paths([1])
        >>> print(nodes, signs)
        [[1 0]] [[-1  1]]
        """
        numbers = check_class_numbers(np.atleast_1d(as_array(labels, "labels")), self.n_classes)
        nodes, signs, here = [], [], numbers
        for _ in range(int(self.depths[numbers].max(initial=0))):
            signs.append(self._signs[here])
            above = self._parents[here]
            nodes.append(np.maximum(above, 0))
            here = np.where(above < 0, here, above + self.n_classes)
        shape = (len(numbers), len(nodes))
        return (
            np.array(nodes, np.intp).T.reshape(shape),
            np.array(signs, np.int8).T.reshape(shape),
        )

    def mean_depth(self, frequencies: ArrayLike) -> float:
        """Return how many decisions a class takes on average: logits that have to be computed.

        Parameters
        ----------
        frequencies : array_like, shape (K,)
            How often each class comes, up to a factor.

        Examples
        --------
        >>> frequencies = [8, 4, 2, 1, 1]
        >>> huffman_tree(frequencies).mean_depth(frequencies)
        1.875
        >>> balanced_tree(5).mean_depth(frequencies)
        2.125
        """
        shares = check_frequencies(frequencies, self.n_classes)
        return float(shares @ self.depths / shares.sum())


def balanced_tree(n_classes: int) -> Tree:
    """Return a tree whose leaves have the same depth, up to one.

    Parameters
    ----------
    n_classes : int
        K, at least 1. The depth is ⌈log₂ K⌉ at most.

    Raises
    ------
    ValueError
        If there are no classes.

    Examples
    --------
    >>> balanced_tree(1000).depths.min(), balanced_tree(1000).depths.max()
    (np.int64(9), np.int64(10))

    Derived in the chapter *relatives*.
    """
    if n_classes < 1:
        raise ValueError(f"n_classes must be at least 1, got {n_classes}")
    # A heap: the children of place i are at 2 i + 1 and 2 i + 2, and inner nodes come first.
    n_inner = n_classes - 1
    places = 2 * np.arange(n_inner)[:, None] + [1, 2]
    return Tree(np.where(places < n_inner, places + n_classes, places - n_inner))


def huffman_tree(frequencies: ArrayLike) -> Tree:
    """Return the tree with the smallest mean depth: frequent classes are near the root.

    Parameters
    ----------
    frequencies : array_like, shape (K,)
        Non-negative numbers, how often each class comes.

    Returns
    -------
    Tree
        With shares p of the classes, its mean depth d obeys H(p) ≤ d < H(p) + 1 in bits, and no
        tree has a smaller one.

    Raises
    ------
    ValueError
        If there are no frequencies, or one is negative or not finite.

    Notes
    -----
    The two rarest are joined, again and again. Joined ones come in rising order, so that one sorted
    list and one queue are enough.

    D. A. Huffman, A method for the construction of minimum-redundancy codes, Proceedings of the
    IRE 40, 1098–1101, 1952, doi 10.1109/JRPROC.1952.273898. For softmax: T. Mikolov and others,
    Distributed representations of words and phrases and their compositionality, NeurIPS 2013,
    arXiv:1310.4546, section 2.1.

    Examples
    --------
    >>> huffman_tree([8, 4, 2, 1, 1]).depths
    array([1, 2, 3, 4, 4])

    Derived in the chapter *relatives*.
    """
    weights = check_frequencies(frequencies)
    n_classes = len(weights)
    order = np.argsort(weights, kind="stable")
    alone = list(zip(weights[order].tolist(), order.tolist(), strict=True))[::-1]
    joined: list[tuple[float, int]] = []
    taken, children = 0, []

    def rarest() -> tuple[float, int]:
        nonlocal taken
        if taken == len(joined) or (alone and alone[-1][0] <= joined[taken][0]):
            return alone.pop()
        taken += 1
        return joined[taken - 1]

    for number in range(n_classes - 1):
        (first, left), (second, right) = rarest(), rarest()
        children.append((left, right))
        joined.append((first + second, n_classes + number))
    return Tree(np.array(children, np.intp))


def hierarchical_softmax(node_logits: ArrayLike, tree: Tree) -> FloatArray:
    """Return the probabilities of all classes from one logit a node of a tree.

    Parameters
    ----------
    node_logits : array_like, shape (..., K − 1)
        For each inner node the logit of its first child against its second.
    tree : Tree
        With K leaves.

    Returns
    -------
    ndarray, shape (..., K)
        Products of the probabilities on the ways to the leaves, with sum 1 whatever the logits
        are. In the floating-point type of the logits (float64 for integers).

    Raises
    ------
    TypeError
        If the logits are not real numbers.
    ValueError
        If there is not one logit for each inner node.

    Notes
    -----
    The sum over the two leaves of a node is the probability of the node, so that all sums collapse
    into 1 at the root. Its logarithm: ``log_hierarchical_softmax``.

    Examples
    --------
    >>> hierarchical_softmax([0.0, np.log(3)], Tree.from_nested(((0, 1), 2)))
    array([0.375, 0.125, 0.5  ])

    Derived in the chapter *relatives*.
    """
    z, wide = _node_logits(node_logits, tree)
    return _down(tree, sigmoid(wide), sigmoid(-wide), np.multiply).astype(z.dtype)


@np.errstate(all="ignore")
def log_hierarchical_softmax(node_logits: ArrayLike, tree: Tree) -> FloatArray:
    r"""Return the log-probabilities of all classes from one logit a node of a tree.

    Parameters
    ----------
    node_logits, tree
        As for :func:`softmaxbook.hierarchical_softmax`.

    Returns
    -------
    ndarray, shape (..., K)

    Raises
    ------
    TypeError, ValueError
        As :func:`softmaxbook.hierarchical_softmax`.

    Notes
    -----
    .. math:: \log p_k = \sum_{n\, \text{on the way to}\, k} \log \sigma(\pm z_n),

    with + where the way goes to the first child. F. Morin and Y. Bengio, Hierarchical
    probabilistic neural network language model, AISTATS 2005.

    Examples
    --------
    >>> log_hierarchical_softmax([1000.0], balanced_tree(2))
    array([    0., -1000.])

    Derived in the chapter *relatives*.
    """
    z, wide = _node_logits(node_logits, tree)
    steps = -np.logaddexp(0, -wide), -np.logaddexp(0, wide)
    return _down(tree, *steps, np.add).astype(z.dtype)


@np.errstate(all="ignore")
def path_log_probability(
    features: ArrayLike, weights: ArrayLike, tree: Tree, labels: ArrayLike
) -> FloatArray:
    """Return the log-probabilities of some labels, computing only the logits on their ways.

    Parameters
    ----------
    features : array_like, shape (n, d)
    weights : array_like, shape (K − 1, d)
        A row for each inner node; its product with the features is the node's logit.
    tree : Tree
        With K leaves.
    labels : array_like of int, shape (n,)
        Class numbers.

    Returns
    -------
    ndarray, shape (n,)
        The same as ``log_hierarchical_softmax(features @ weights.T, tree)`` at the labels, from
        ``tree.depths[labels] * d`` multiplications in place of (K − 1) d for each row.

    Raises
    ------
    TypeError
        If features or weights are not real numbers.
    ValueError
        If a label is no class, or the shapes do not fit.

    Examples
    --------
    >>> tree, weights = balanced_tree(4), np.eye(3)
    >>> path_log_probability([[0.0, 2.0, 7.0]], weights, tree, [1]).round(6)
    array([-2.820075])

    Derived in the chapter *relatives*.
    """
    x, w = as_floats(features, "features"), as_floats(weights, "weights")
    n, d = x.shape if x.ndim == 2 else (-1, -1)
    if n < 0 or w.shape != (tree.n_classes - 1, d) or np.shape(labels) != (n,):
        raise ValueError(
            f"features (n, d), weights ({tree.n_classes - 1}, d) and labels (n,) are needed, got "
            f"{x.shape}, {w.shape} and {np.shape(labels)}"
        )
    nodes, signs = tree.paths(labels)
    steps = np.vecdot(w[nodes], x[:, None, :]) if nodes.size else np.zeros(nodes.shape)
    surprise = np.where(signs == 0, 0, np.logaddexp(0, -signs * steps))
    total: FloatArray = -surprise.sum(axis=-1)
    return total


def check_frequencies(frequencies: ArrayLike, n_classes: int | None = None) -> FloatArray:
    """Return one finite number ≥ 0 a class, not all 0 if there are several; name what is wrong.

    Examples
    --------
    >>> check_frequencies([2, 1])
    array([2., 1.])
    """
    weights = as_floats(frequencies, "frequencies").astype(np.float64)
    if weights.ndim != 1 or not len(weights):
        raise ValueError(f"frequencies must be one number a class, got shape {weights.shape}")
    if n_classes is not None and len(weights) != n_classes:
        raise ValueError(f"got {len(weights)} frequencies for {n_classes} classes")
    wrong = np.flatnonzero(~((weights >= 0) & np.isfinite(weights)))
    if len(wrong):
        raise ValueError(f"frequency {weights[wrong[0]]} of class {wrong[0]} is not finite and ≥ 0")
    if not weights.any():
        raise ValueError("frequencies must not be 0 for every class")
    room = max(0, int(np.frexp(weights.max())[1]) + len(weights).bit_length() - 1024)
    return np.ldexp(weights, -room) if room else weights  # their sum stays finite


def _node_logits(node_logits: ArrayLike, tree: Tree) -> tuple[FloatArray, FloatArray]:
    """Return the logits, checked, as they are and in the type to compute with."""
    z = as_floats(node_logits, "node_logits")
    if z.ndim == 0 or z.shape[-1] != tree.n_classes - 1:
        raise ValueError(
            f"node_logits must have one logit for each of {tree.n_classes - 1} inner nodes, "
            f"their shape is {z.shape}"
        )
    return z, z.astype(working_dtype(z.dtype, 1.0), copy=False)


def _down(tree: Tree, first: FloatArray, second: FloatArray, combine: np.ufunc) -> FloatArray:
    """Combine, level by level, what the steps to the first and second children say."""
    n_classes = tree.n_classes
    shape = (*first.shape[:-1], 2 * n_classes - 1)
    reached = np.full(shape, combine.identity, first.dtype)
    for level in tree.levels:
        above = reached[..., n_classes + level]
        for child, steps in zip(tree.children[level].T, (first, second), strict=True):
            reached[..., child] = combine(above, steps[..., level])
    return reached[..., :n_classes]


def _check_pair(node: Any) -> None:
    """Refuse what is neither a class nor a pair."""
    if not isinstance(node, tuple | list):
        raise TypeError(f"a node is a class number or a pair, got {reprlib.repr(node)}")
    if len(node) != 2:
        many = f"{len(node)}: {reprlib.repr(node)}"  # which would not end if it held itself
        raise ValueError(f"an inner node has two children, got {many}")


def _check_range(children: NDArray[np.integer[Any]], n_nodes: int) -> None:
    """Refuse numbers that stand for nothing."""
    wrong = children[(children < 0) | (children >= n_nodes)]
    if len(wrong):
        raise ValueError(
            f"child {wrong[0]} is neither a class nor an inner node: {(n_nodes + 1) // 2} classes "
            f"have the numbers below {n_nodes}"
        )


def _check_leaves(counts: IntArray) -> None:
    """Refuse a class without a leaf, or with several."""
    missing, doubled = np.flatnonzero(counts == 0), np.flatnonzero(counts > 1)
    if len(missing):
        raise ValueError(f"class {missing[0]} has no leaf: its probability would be undefined")
    if len(doubled):
        place = doubled[0]
        raise ValueError(f"class {place} has {counts[place]} leaves, it must have one")


def _root(counts: IntArray) -> int:
    """Return the one inner node that is nobody's child; −1 if there is no inner node."""
    if not len(counts):
        return -1
    doubled = np.flatnonzero(counts > 1)
    if len(doubled):
        raise ValueError(f"inner node {doubled[0]} hangs at {counts[doubled[0]]} places")
    return int(np.flatnonzero(counts == 0)[0])
