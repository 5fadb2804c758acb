"""Attention on a few words: the reader edits every number and decides who may look at whom."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import traitlets
from numpy.typing import NDArray

from softmaxbook import theme
from softmaxbook.family.lookup import attention_weights
from softmaxbook.numerics.arrays import FloatArray
from softmaxbook.numerics.probabilities import entropy, softmax
from softmaxbook.widgets.explorable import Explorable
from softmaxbook.widgets.modules import bundle
from softmaxbook.widgets.rows import is_number

LARGEST, MOST = 10, 6
FINITE = -1e9
"""What some programs write instead of −∞."""

BLANKS = ("zeros", "nan", "finite")

# Made by hand. The first three numbers of a key say "I am an article, a noun, a verb", the same
# three of a query "I look for one"; the last number says how early in the sentence.
EXAMPLE = {
    "query_rows": [[0, 3, 0, 0], [3, 0, 0, 1], [1, 3, 0, 0], [1, 1, 1, 1]],
    "key_rows": [[2, 0, 0, 1], [0, 2, 0, 0], [0, 0, 2, 0], [1, 1, 1, 1]],
    "value_rows": [[1, 0], [0, 2], [3, 1], [9, 9]],
}
NAMES = ("the", "cat", "sat", "pad")


class _Rows(traitlets.List[Any]):
    """A matrix as lists of rows, small enough to be read; numbers become floats."""

    def validate(self, obj: Any, value: Any) -> list[list[Any]]:
        return _checked(str(self.name), value)


class AttentionExplorer(Explorable):
    """Queries, keys and values of a few words, who may look at whom, and what each one sees.

    Parameters
    ----------
    query_rows, key_rows, value_rows : list of lists, optional
        One to six rows of one to six numbers from −10 to 10. A query is as wide as a key, and each
        key has a value. By default four words, made by hand. Their shapes stay as they are at the
        start.
    mask : list of lists of bool, optional
        A row a query: True where it may look at the key. By default it may look everywhere.
    causal : bool, optional
        Whether query i may look at keys 0 to i only.
    padding : int, optional
        How many keys at the end nobody may look at.
    scaled : bool, optional
        Whether scores are divided by the root of the width; True by default.
    blank : str, optional
        What becomes of a query that may look at nothing: ``"zeros"``, as in
        :func:`softmaxbook.attention`; ``"nan"``, as softmax alone has it; ``"finite"``, what comes
        of it where −1e9 stands for −∞.
    names : list of str, optional
        Of the keys; also of the queries, where there are as many.

    Raises
    ------
    traitlets.TraitError
        If a value is not of this form; the message says what is wanted.

    Examples
    --------
    >>> prices = {"key_rows": [[1, 0], [0, 1]], "value_rows": [[1], [2]]}
    >>> AttentionExplorer(query_rows=[[5, 0]], **prices).output.round(3)
    array([[1.028]])
    >>> AttentionExplorer(causal=True).weights.round(2)[:2].tolist()
    [[1.0, 0.0, 0.0, 0.0], [0.97, 0.03, 0.0, 0.0]]

    Used in the chapter *attention*.
    """

    module = "attention"
    _esm = bundle("attention")

    query_rows = _Rows().tag(sync=True)
    key_rows = _Rows().tag(sync=True)
    value_rows = _Rows().tag(sync=True)
    mask = _Rows().tag(sync=True)
    causal = traitlets.Bool(False).tag(sync=True)
    padding = traitlets.Int(0).tag(sync=True)
    scaled = traitlets.Bool(True).tag(sync=True)
    blank = traitlets.Enum(BLANKS, "zeros").tag(sync=True)
    names: traitlets.List[str] = traitlets.List(traitlets.Unicode()).tag(sync=True)

    def __init__(self, **values: Any) -> None:
        given = {name: value for name, value in values.items() if value is not None}
        rows = {name: _checked(name, given.pop(name, EXAMPLE[name])) for name in EXAMPLE}
        if not values.keys() & {*EXAMPLE, "names"}:
            given["names"] = list(NAMES)
        queries, keys, looked_up = (np.shape(each) for each in rows.values())
        if queries[1] != keys[1]:
            raise traitlets.TraitError(
                f"queries and keys must be of one width, got {queries[1]} and {keys[1]}"
            )
        if keys[0] != looked_up[0]:
            raise traitlets.TraitError(
                f"each key needs a value, got {keys[0]} keys and {looked_up[0]} values"
            )
        mask = given.pop("mask", [[True] * keys[0] for _ in range(queries[0])])
        self._shapes = {name: np.shape(each) for name, each in rows.items()}
        self._shapes["mask"] = (queries[0], keys[0])
        super().__init__(**rows, mask=mask, **given)

    @traitlets.validate(*EXAMPLE, "mask")
    def _same_shape(self, proposal: Any) -> list[list[Any]]:
        name, value = proposal["trait"].name, proposal["value"]
        wanted, shape = self._shapes[name], np.shape(value)
        if shape != wanted:
            rows, columns = wanted
            raise traitlets.TraitError(f"{name} must be {rows} rows of {columns}; got {shape}")
        return list(value)

    @traitlets.validate("padding")
    def _no_more_than_keys(self, proposal: Any) -> int:
        padding, n_keys = int(proposal["value"]), len(self.key_rows)
        if not 0 <= padding <= n_keys:
            raise traitlets.TraitError(f"padding must be from 0 to {n_keys} keys; got {padding}")
        return padding

    @traitlets.validate("names")
    def _no_more_names(self, proposal: Any) -> list[str]:
        names, n_keys = list(proposal["value"]), len(self.key_rows)
        if len(names) > n_keys:
            raise traitlets.TraitError(f"there are {n_keys} keys; got {len(names)} names")
        return names

    @property
    def allowed(self) -> NDArray[np.bool_]:
        """Who may look at whom, shape `(n, m)`: the mask, without later keys and padding."""
        allowed: NDArray[np.bool_] = np.array(self.mask)
        n, m = allowed.shape
        if self.causal:
            allowed &= np.arange(n)[:, None] >= np.arange(m)
        allowed &= np.arange(m) < m - self.padding
        return allowed

    @property
    def weights(self) -> FloatArray:
        """How much each query looks at each key as things stand now, shape `(n, m)`."""
        queries, keys = np.array(self.query_rows), np.array(self.key_rows)
        scale = 1 / math.sqrt(queries.shape[1]) if self.scaled else 1.0
        if self.blank == "zeros":
            return attention_weights(queries, keys, self.allowed, scale=scale)
        mark = FINITE if self.blank == "finite" else -np.inf
        return softmax(np.where(self.allowed, (queries * scale) @ keys.T, mark))

    @property
    def output(self) -> FloatArray:
        """What each query looks up, shape `(n, e)`."""
        output: FloatArray = self.weights @ np.array(self.value_rows)
        return output

    @property
    def entropies(self) -> FloatArray:
        """How widely each query looks, in nats, shape `(n,)`."""
        return np.asarray(entropy(self.weights))

    def picture(self) -> theme.Picture:
        """Return the weights as cells with numbers, hatched where a query may not look."""
        from matplotlib import pyplot as plt

        from softmaxbook import plots

        queries, keys = self._labels()
        size = (1.6 + 0.9 * len(keys), 0.9 + 0.45 * len(queries))
        with plt.rc_context(dict(theme.RC)):
            figure, ax = plt.subplots(figsize=size)
            plots.weight_cells(ax, self.weights, queries, keys, self.allowed)
        return theme.show(figure, alt=self._in_words(queries, keys))

    def _labels(self) -> tuple[list[str], list[str]]:
        n, m = self._shapes["mask"]
        keys = [*self.names, *(f"key {j + 1}" for j in range(len(self.names), m))]
        return (keys if n == m else [f"query {i + 1}" for i in range(n)]), keys

    def _in_words(self, queries: list[str], keys: list[str]) -> str:
        told = "How much each query looks at each key."
        for name, shares, allowed, values in zip(
            queries, self.weights, self.allowed, self.output, strict=True
        ):
            looks = (
                f"{key} {share:.2f}" if may else f"{key} hidden"
                for key, share, may in zip(keys, shares, allowed, strict=True)
            )
            told += f" {name}: {', '.join(looks)};"
            found = ", ".join(f"{value:.2f}" for value in values)
            told += f" looks up ({found}).".replace("-", "−")
        return told


def _checked(name: str, value: Any) -> list[list[Any]]:
    """Return a matrix as lists of floats, or of truth values for the mask; refuse anything else."""
    what = "truth values" if name == "mask" else f"numbers from −{LARGEST} to {LARGEST}"
    wanted = f"{name} must be 1 to {MOST} rows of 1 to {MOST} {what}, all of one length"
    try:
        rows = [list(row) for row in value]
    except TypeError:
        raise traitlets.TraitError(f"{wanted}; got {value!r}") from None
    right = _is_truth if name == "mask" else _is_small
    lengths = {len(row) for row in rows}
    if not 1 <= len(rows) <= MOST or len(lengths) != 1 or not 1 <= min(lengths) <= MOST:
        raise traitlets.TraitError(f"{wanted}; got {value!r}")
    if not all(right(entry) for row in rows for entry in row):
        raise traitlets.TraitError(f"{wanted}; got {value!r}")
    return [[bool(entry) if name == "mask" else float(entry) for entry in row] for row in rows]


def _is_truth(value: Any) -> bool:
    return isinstance(value, (bool, np.bool_))


def _is_small(value: Any) -> bool:
    return is_number(value) and abs(value) <= LARGEST
