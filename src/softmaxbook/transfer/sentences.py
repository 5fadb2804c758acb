"""Which part of the book is a sentence from? The language model as a backbone, and an adapter."""

from __future__ import annotations

import math
from collections.abc import Sequence
from copy import deepcopy
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from softmaxbook.family.gumbel import IntArray
from softmaxbook.family.snapshot import SIDES, Snapshot, on_side, read_snapshot
from softmaxbook.family.tokens import Vocabulary
from softmaxbook.family.torch_language import LanguageModel, NextToken, windows_of
from softmaxbook.numerics.arrays import FloatArray

PARTS = ("Part I: Softmax", "Part II: Learning", "Part IV: Transfer")
"""The classes: what stood in the book when the language model was trained."""


class Sentences(NamedTuple):
    """Sentences and the parts that they are from.

    Parameters
    ----------
    tokens : tuple of list of str
    labels : ndarray of int, shape (n_sentences,)
        Numbers of `PARTS`.
    """

    tokens: tuple[list[str], ...]
    labels: IntArray


def part_sentences(snapshot: Snapshot | None = None) -> dict[str, Sentences]:
    """Return the sentences of the three parts by side: "train", "validation" and "test".

    Parameters
    ----------
    snapshot : Snapshot, optional
        By default the stored one.

    Examples
    --------
    >>> {side: len(part.labels) > 100 for side, part in part_sentences().items()}
    {'train': True, 'validation': True, 'test': True}

    Used in the chapter *language*.
    """
    chapters = (read_snapshot() if snapshot is None else snapshot).chapters
    found = {}
    for side in SIDES:
        pairs = [
            (tokens, PARTS.index(chapter.part))
            for chapter in chapters
            if chapter.part in PARTS
            for tokens in on_side(chapter.sentences, side)
        ]
        labels = np.array([label for _, label in pairs], dtype=np.intp)
        found[side] = Sentences(tuple(tokens for tokens, _ in pairs), labels)
    return found


def few_sentences(part: Sentences, per_class: int, seed: int) -> Sentences:
    """Return sentences drawn at random, as many of each class.

    Raises
    ------
    ValueError
        If a class has fewer.

    Examples
    --------
    >>> np.bincount(few_sentences(part_sentences()["train"], 5, seed=0).labels)
    array([5, 5, 5])

    Used in the chapter *language*.
    """
    rng = np.random.default_rng(seed)
    rows: list[int] = []
    for label in np.unique(part.labels):
        there = np.flatnonzero(part.labels == label)
        if len(there) < per_class:
            raise ValueError(f"class {label} has {len(there)} sentences, not {per_class}")
        rows.extend(rng.choice(there, per_class, replace=False))
    return Sentences(tuple(part.tokens[row] for row in rows), part.labels[rows])


def bag_of_words(sentences: Sequence[Sequence[str]], vocabulary: Vocabulary) -> FloatArray:
    """Return which tokens each sentence has, 1 or 0, whatever their order.

    Returns
    -------
    ndarray, shape (n_sentences, K)

    Examples
    --------
    >>> bag_of_words([["a", "b", "a"]], Vocabulary(["a", "b", "c"]))
    array([[0., 0., 1., 1., 0.]])

    Used in the chapter *language*.
    """
    bags = np.zeros((len(sentences), len(vocabulary)))
    for row, tokens in enumerate(sentences):
        bags[row, vocabulary.encode(tokens)] = 1
    return bags


class SentenceClassifier(nn.Module):
    """A language model's network with a head for whole sentences.

    Parameters
    ----------
    body : NextToken
    n_classes : int

    Notes
    -----
    The head reads two means over all places of a sentence: of the vectors of the tokens, and of the
    hidden layer. Its weights begin at 0, so that every class has the same probability at first.

    Used in the chapter *language*.
    """

    def __init__(self, body: NextToken, n_classes: int = len(PARTS)) -> None:
        super().__init__()
        self.body = body
        width = body.embedding.embedding_dim + body.hidden.out_features
        self.head = nn.Linear(width, n_classes)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)

    def features(self, sentences: Sequence[Sequence[int]]) -> Tensor:
        """Return both means for each sentence, shape (n_sentences, width + hidden)."""
        rows = [torch.tensor(windows_of(each, self.body.window)) for each in sentences]
        lengths = torch.tensor([len(each) for each in rows])
        windows = torch.cat(rows)
        places = torch.cat([self.body.embedding(windows[:, -1]), self.body.features(windows)], 1)
        owners = torch.repeat_interleave(torch.arange(len(rows)), lengths)
        sums = places.new_zeros(len(rows), places.shape[1]).index_add(0, owners, places)
        return sums / lengths[:, None]

    def forward(self, sentences: Sequence[Sequence[int]]) -> Tensor:
        """Return logits, shape (n_sentences, n_classes)."""
        logits: Tensor = self.head(self.features(sentences))
        return logits


class LowRank(nn.Module):
    r"""A linear layer that stays as it is, and a change of low rank that is learnt beside it.

    Parameters
    ----------
    linear : torch.nn.Linear
        Frozen from now on.
    rank : int
        r, at least 1 and at most the smaller side of the layer's matrix.
    alpha : float
        Divided by the rank, the factor of the change.

    Raises
    ------
    ValueError
        If the rank is out of range.

    Notes
    -----
    .. math:: y = W x + b + \frac{\alpha}{r} B A x,

    with A of shape (r, inputs), random at first, and B of shape (outputs, r), 0 at first: so
    nothing is changed before the first step. Afterwards the change can be added to W once and for
    all: :meth:`merged`.

    References
    ----------
    Hu and others, *LoRA: Low-Rank Adaptation of Large Language Models* (2022), arXiv 2106.09685,
    section 4.1.

    Examples
    --------
    >>> layer = LowRank(nn.Linear(30, 20), rank=2)
    >>> sum(p.numel() for p in layer.parameters() if p.requires_grad)
    100

    Used in the chapter *language*.
    """

    def __init__(self, linear: nn.Linear, rank: int, alpha: float = 8.0) -> None:
        super().__init__()
        if not 1 <= rank <= min(linear.weight.shape):
            raise ValueError(f"rank must be from 1 to {min(linear.weight.shape)}, got {rank}")
        self.linear = linear.requires_grad_(False)
        self.scale = alpha / rank
        n_out, n_in = linear.weight.shape
        dtype = linear.weight.dtype
        self.a = nn.Parameter(torch.randn(rank, n_in, dtype=dtype) / math.sqrt(n_in))
        self.b = nn.Parameter(torch.zeros(n_out, rank, dtype=dtype))

    @property
    def out_features(self) -> int:
        """The outputs of the layer, as of a plain one."""
        return self.linear.out_features

    def forward(self, inputs: Tensor) -> Tensor:
        """Return what the layer gives, and the learnt change of it."""
        small = functional.linear(functional.linear(inputs, self.a), self.b)
        changed: Tensor = self.linear(inputs) + self.scale * small
        return changed

    def merged(self) -> nn.Linear:
        """Return a plain layer that does the same."""
        layer = deepcopy(self.linear)
        with torch.no_grad():
            layer.weight += self.scale * self.b @ self.a
        return layer.requires_grad_(True)


def build_sentence_classifier(
    model: LanguageModel, pretrained: bool = True, rank: int | None = None, seed: int = 0
) -> SentenceClassifier:
    """Return a classifier on a copy of a language model's network, in float32.

    Parameters
    ----------
    model : LanguageModel
    pretrained : bool
        Whether to keep its weights; otherwise new ones, of the same shapes.
    rank : int, optional
        Of a low-rank adapter for the hidden layer. With it, nothing learns but the adapter and the
        head; without it, everything does.
    seed : int
        Of the new weights and of the adapter.

    Examples
    --------
    >>> from softmaxbook.family.torch_language import load_language_model
    >>> adapted = build_sentence_classifier(load_language_model(), rank=4)
    >>> n_learning(adapted) < n_learning(build_sentence_classifier(load_language_model())) / 10
    True

    Used in the chapter *language*.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = model.network
        if pretrained:
            body = deepcopy(network).float()
        else:
            shape = (network.window, network.embedding.embedding_dim, network.hidden.out_features)
            body = NextToken(len(model.vocabulary), *shape)
        body.back.requires_grad_(False)
        body.bias.requires_grad_(False)  # both say the next token, which nobody asks for here
        if rank is not None:
            body.requires_grad_(False)
            body.hidden = LowRank(body.hidden, rank)  # type: ignore[assignment]
        return SentenceClassifier(body).eval()


def n_learning(model: nn.Module) -> int:
    """Return how many numbers of a network learn.

    Used in the chapter *language*.
    """
    return sum(value.numel() for value in model.parameters() if value.requires_grad)


def train_sentence_classifier(
    model: SentenceClassifier,
    sentences: Sequence[Sequence[int]],
    labels: IntArray,
    rate: float,
    n_steps: int = 150,
    seed: int = 0,
) -> SentenceClassifier:
    """Train what is not frozen of a classifier, in place.

    Used in the chapter *language*.

    Parameters
    ----------
    model : SentenceClassifier
    sentences : sequence of sequences of int
        Token numbers.
    labels : ndarray of int
    rate : float
        Of Adam, at the first step; it falls to 0 along half a cosine.
    n_steps : int
        Batches of at most 32 sentences.
    seed : int
        Of the batches and of dropout.

    Returns
    -------
    SentenceClassifier
        `model`, in evaluation mode.
    """
    rng, wanted = np.random.default_rng(seed), torch.tensor(labels)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model.train()
        learning = [value for value in model.parameters() if value.requires_grad]
        optimiser = torch.optim.Adam(learning, rate)
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, n_steps)
        for _ in range(n_steps):
            rows = rng.choice(len(labels), min(32, len(labels)), replace=False)
            logits = model([sentences[row] for row in rows])
            optimiser.zero_grad()
            loss: Tensor = functional.cross_entropy(logits, wanted[rows])
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            schedule.step()
    return model.eval()


def sentence_accuracy(
    model: SentenceClassifier, sentences: Sequence[Sequence[int]], labels: IntArray
) -> float:
    """Return the share of sentences whose part a classifier names.

    Used in the chapter *language*.
    """
    with torch.inference_mode():
        named = model(sentences).argmax(1).numpy()
    return float(np.mean(named == labels))
