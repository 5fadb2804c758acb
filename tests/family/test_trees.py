"""Hierarchical softmax: leaves sum to 1, ways agree with products, trees that are none."""

import itertools

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from softmaxbook import entropy, sigmoid, softmax
from softmaxbook.family.trees import (
    Tree,
    balanced_tree,
    hierarchical_softmax,
    huffman_tree,
    log_hierarchical_softmax,
    path_log_probability,
)

few = settings(max_examples=40)
COUNTS = st.lists(st.integers(0, 1000), min_size=1, max_size=40).filter(any)


@st.composite
def trees(draw):
    """Any tree: classes and parts of it, joined in any order."""
    n_classes = draw(st.integers(1, 30))
    parts, rng = list(range(n_classes)), draw(st.randoms(use_true_random=False))
    children = []
    while len(parts) > 1:
        rng.shuffle(parts)
        children.append([parts.pop(), parts.pop()])
        parts.append(n_classes + len(children) - 1)
    return Tree(np.array(children, int).reshape(-1, 2))


# identities


@few
@given(trees(), st.integers(0, 2**32), st.sampled_from([1.0, 40.0, 800.0]))
def test_leaves_sum_to_one(tree, seed, scale):
    logits = scale * np.random.default_rng(seed).normal(size=(3, tree.n_classes - 1))
    p = hierarchical_softmax(logits, tree)
    assert p.shape == (3, tree.n_classes)
    assert (p >= 0).all()
    assert_allclose(p.sum(axis=-1), 1, rtol=1e-13)


@few
@given(trees(), st.integers(0, 2**32))
def test_the_way_to_one_leaf_is_the_same_number(tree, seed):
    rng = np.random.default_rng(seed)
    x, w = rng.normal(size=(tree.n_classes, 4)), rng.normal(size=(tree.n_classes - 1, 4))
    labels = rng.permutation(tree.n_classes)
    everything = log_hierarchical_softmax(x @ w.T, tree)
    found = path_log_probability(x, w, tree, labels)
    assert_allclose(found, everything[np.arange(len(labels)), labels], rtol=1e-12, atol=1e-14)


@few
@given(trees())
def test_ways_have_the_length_of_the_depths(tree):
    _, signs = tree.paths(np.arange(tree.n_classes))
    assert_array_equal((signs != 0).sum(axis=1), tree.depths)
    assert (2.0**-tree.depths).sum() == 1  # Kraft's sum of a full tree
    assert_allclose(hierarchical_softmax(np.zeros(tree.n_classes - 1), tree), 2.0**-tree.depths)


@few
@given(COUNTS)
def test_huffman_is_within_one_bit_of_the_entropy_and_no_worse_than_balanced(counts):
    tree = huffman_tree(counts)
    bits = entropy(np.array(counts) / sum(counts)) / np.log(2)
    assert bits - 1e-9 <= tree.mean_depth(counts) < bits + 1 + 1e-9
    assert tree.mean_depth(counts) <= balanced_tree(len(counts)).mean_depth(counts) + 1e-12


# second routes


def all_depths(n_classes):
    """Yield the sorted depths of every full binary tree with so many leaves."""
    if n_classes == 1:
        yield (0,)
    for left in range(1, n_classes // 2 + 1):
        for a, b in itertools.product(all_depths(left), all_depths(n_classes - left)):
            yield tuple(sorted(depth + 1 for depth in a + b))


@pytest.mark.parametrize("counts", [[5, 9, 12, 13, 16, 45], [1, 1, 1, 1, 1], [0, 0, 3, 100, 1]])
def test_no_tree_is_better_than_huffmans(counts):
    common = sorted(counts, reverse=True)
    best = min(np.dot(common, depths) for depths in set(all_depths(len(counts))))
    assert huffman_tree(counts).mean_depth(counts) * sum(counts) == pytest.approx(best)


def test_two_leaves_are_a_sigmoid():
    z = np.linspace(-50, 50, 11)
    p = hierarchical_softmax(z[:, None], balanced_tree(2))
    assert_allclose(p, np.stack([sigmoid(z), sigmoid(-z)], axis=-1), rtol=1e-15)


@few
@given(trees(), st.integers(0, 2**32))
def test_can_say_whatever_softmax_says(tree, seed):
    """A node's logit is the log-sum-exp below its first child less that below its second."""
    p = softmax(np.random.default_rng(seed).normal(size=tree.n_classes))
    mass = np.append(p, np.zeros(tree.n_classes - 1))
    for level in reversed(tree.levels):
        mass[tree.n_classes + level] = mass[tree.children[level]].sum(axis=-1)
    first, second = mass[tree.children].T
    assert_allclose(hierarchical_softmax(np.log(first / second), tree), p, rtol=1e-12)


def test_nested_pairs_and_tables_describe_the_same():
    nested, table = Tree.from_nested((3, ((0, 1), [2, 4]))), Tree([[0, 1], [2, 4], [5, 6], [3, 7]])
    assert_array_equal(nested.depths, table.depths)
    assert_array_equal(table.depths, [3, 3, 3, 1, 3])
    assert Tree.from_nested(0).n_classes == Tree([]).n_classes == 1


# limits


def test_a_tree_of_one_class_is_certain():
    tree = balanced_tree(1)
    assert_array_equal(hierarchical_softmax(np.zeros((2, 0)), tree), [[1], [1]])
    assert_array_equal(path_log_probability(np.ones((2, 3)), np.ones((0, 3)), tree, [0, 0]), [0, 0])
    assert tree.mean_depth([1]) == 0


def test_depth_grows_like_the_logarithm():
    for n_classes in (10, 1000, 100_000):
        depths = balanced_tree(n_classes).depths
        assert np.ptp(depths) <= 1
        assert depths.max() == int(np.ceil(np.log2(n_classes)))


def test_infinite_node_logits_close_a_branch():
    p = hierarchical_softmax([np.inf, 0.0], Tree.from_nested(((0, 1), 2)))
    assert_array_equal(p, [0.5, 0.5, 0])
    assert_array_equal(log_hierarchical_softmax([-np.inf], balanced_tree(2)), [-np.inf, 0])
    assert np.isnan(hierarchical_softmax([np.nan], balanced_tree(2))).all()


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_keeps_the_type(dtype):
    assert hierarchical_softmax(np.ones(4, dtype), balanced_tree(5)).dtype == dtype
    assert hierarchical_softmax([1, 0], balanced_tree(3)).dtype == np.float64


def test_a_deep_tree_takes_a_loop():
    nested = 0
    for label in range(1, 3000):
        nested = (label, nested)
    tree = Tree.from_nested(nested)
    assert tree.depths.max() == 2999
    assert huffman_tree(2.0 ** np.arange(300)).depths.max() == 299


# errors


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: Tree.from_nested(((0, 1), 3)), ValueError, "class 2 has no leaf"),
        (lambda: Tree.from_nested(((0, 1), (2, 1))), ValueError, "class 1 has 2 leaves"),
        (lambda: Tree.from_nested((0, 1, 2)), ValueError, "two children, got 3"),
        (lambda: Tree.from_nested((0, "a")), TypeError, "class number or a pair, got 'a'"),
        (lambda: Tree.from_nested((0, -1)), ValueError, "numbered from 0, got -1"),
        (lambda: Tree([[0, 0], [1, 3]]), ValueError, "class 2 has no leaf"),
        (lambda: Tree([[0, 1], [2, 7]]), ValueError, "child 7 is neither"),
        (lambda: Tree([[0, 1], [2, 3], [4, 3]]), ValueError, "class 3 has 2 leaves"),
        (lambda: Tree([[0, 1], [2, 3], [5, 5], [4, 7]]), ValueError, "inner node 0 hangs at 2"),
        (lambda: Tree([[0, 1], [6, 2], [5, 3]]), ValueError, "ring"),
        (lambda: Tree([[0.0, 1.0]]), TypeError, "children must be integers"),
        (lambda: Tree([0, 1]), ValueError, r"shape \(K − 1, 2\)"),
        (lambda: balanced_tree(0), ValueError, "n_classes must be at least 1"),
        (lambda: huffman_tree([1, -2]), ValueError, "frequency -2.0 of class 1"),
        (lambda: huffman_tree([]), ValueError, "one number a class"),
        (lambda: huffman_tree([0, 0]), ValueError, "0 for every class"),
        (lambda: balanced_tree(3).mean_depth([1, 2]), ValueError, "2 frequencies for 3 classes"),
        (lambda: balanced_tree(3).paths([3]), ValueError, "is not a class"),
        (lambda: hierarchical_softmax([1.0], balanced_tree(3)), ValueError, "each of 2 inner"),
        (lambda: hierarchical_softmax(["a"], balanced_tree(2)), TypeError, "node_logits"),
        (lambda: path_log_probability([[1.0]], [[1.0, 2.0]], balanced_tree(2), [0]), ValueError,
         r"weights \(1, d\).* got \(1, 1\), \(1, 2\)"),
    ],
)  # fmt: skip
def test_errors_name_what_is_wrong(call, error, words):
    with pytest.raises(error, match=words):
        call()


def nested_in_itself():
    pair = [0, None]
    pair[1] = pair
    return pair


def deep(n_classes):
    nested = 0
    for number in range(1, n_classes):
        nested = nested, number
    return nested


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: Tree([[0, 1], [2]]), ValueError, "children must be rectangular"),
        (lambda: Tree(np.array([[0, 2**63]], np.uint64)), ValueError, "child 9223372036854775808"),
        (lambda: Tree(torch.zeros((1, 2), requires_grad=True)), TypeError, "children.detach"),
        (lambda: Tree.from_nested((0, 10**30)), ValueError, "class 1 has no leaf"),
        (lambda: Tree.from_nested((0, 10**11)), ValueError, "class 1 has no leaf"),
        (lambda: Tree.from_nested(nested_in_itself()), ValueError, "stands at two places"),
        (lambda: Tree.from_nested((deep(5000), 1, 2)), ValueError, "has two children, got 3"),
        (lambda: balanced_tree(3).paths(["a"]), TypeError, "labels must be numbers"),
    ],
)
def test_trees_that_cannot_be_are_refused_in_words(call, error, words):
    with pytest.raises(error, match=words):
        call()


def test_frequencies_may_be_as_large_as_floats_are():
    large = huffman_tree([1e308, 1e308, 1.7e308])
    small = huffman_tree([1.0, 1.0, 1.7])
    assert_array_equal(large.depths, small.depths)
    assert_allclose(large.mean_depth([1e308, 1e308, 1.7e308]), small.mean_depth([1.0, 1.0, 1.7]))
