"""A small network that foresees the next token: ``python -m softmaxbook.family.torch_language``.

The command trains it on the snapshot of the book, and writes its checkpoint with its provenance.
"""

from __future__ import annotations

import argparse
import json
import math
import platform
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from softmaxbook.family.counts import perplexity
from softmaxbook.family.gumbel import IntArray
from softmaxbook.family.snapshot import read_snapshot
from softmaxbook.family.tokens import Vocabulary, token_numbers
from softmaxbook.numerics.arrays import FloatArray
from softmaxbook.numerics.logarithms import log_softmax

CHECKPOINT = Path(__file__).parents[1] / "weights" / "language.safetensors"
"""The weights after `make pretrain`; vocabulary and provenance are in the file's header."""

WINDOW = 6
WIDTH = 48
HIDDEN = 96
MIN_COUNT = 2
EPOCHS = 20
BATCH = 128
RATE = 3e-3
DROPOUT = 0.4
DECAY = 0.1


class NextToken(nn.Module):
    """From the last few tokens to the logits of the next one.

    Parameters
    ----------
    n_tokens : int
        K, the size of the vocabulary.
    window : int
        How many tokens are looked at.
    width : int
        How many numbers stand for a token.
    hidden : int
        How many features the hidden layer has.

    Notes
    -----
    The vectors of the tokens, one after the other, go through one hidden layer of tanh. What comes
    out is made as wide as a token's vector, and compared with the vectors of all tokens: the logit
    of a token is their product and a bias. So one matrix serves at both ends.

    Examples
    --------
    >>> NextToken(100)(torch.zeros(5, 6, dtype=torch.long)).shape
    torch.Size([5, 100])

    References
    ----------
    Bengio, Ducharme, Vincent and Jauvin, *A Neural Probabilistic Language Model* (2003), JMLR 3,
    1137–1155. Press and Wolf, *Using the Output Embedding to Improve Language Models* (2017),
    arXiv 1608.05859: the shared matrix.

    Used in the chapter *language*.
    """

    def __init__(
        self, n_tokens: int, window: int = WINDOW, width: int = WIDTH, hidden: int = HIDDEN
    ) -> None:
        super().__init__()
        self.window = window
        self.embedding = nn.Embedding(n_tokens, width)
        self.hidden = nn.Linear(window * width, hidden)
        self.back = nn.Linear(hidden, width)
        self.bias = nn.Parameter(torch.zeros(n_tokens))
        self.dropout = nn.Dropout(DROPOUT)
        nn.init.normal_(self.embedding.weight, std=0.1)

    def features(self, windows: Tensor) -> Tensor:
        """Return the hidden layer, shape (..., hidden), of tokens, shape (..., window)."""
        vectors = self.dropout(self.embedding(windows)).flatten(-2)
        return torch.tanh(self.hidden(vectors))

    def forward(self, windows: Tensor) -> Tensor:
        """Return logits, shape (..., K), of tokens, shape (..., window)."""
        meant = self.back(self.dropout(self.features(windows)))
        return functional.linear(meant, self.embedding.weight, self.bias)


def windows_of(sentence: Sequence[int], window: int, end: int = Vocabulary.end) -> IntArray:
    """Return what the network sees before each token of a sentence and before its end.

    Parameters
    ----------
    sentence : sequence of int
        Token numbers, without the end.
    window : int
    end : int
        Also stands for what is before the sentence.

    Returns
    -------
    ndarray of int, shape (len(sentence) + 1, window)

    Examples
    --------
    >>> windows_of([5, 6], window=3)
    array([[0, 0, 0],
           [0, 0, 5],
           [0, 5, 6]])

    Used in the chapter *language*.
    """
    padded = np.array([end] * window + [*sentence], dtype=np.int64)
    rows: IntArray = np.lib.stride_tricks.sliding_window_view(padded, window).copy()
    return rows


@dataclass(frozen=True)
class LanguageModel:
    """A network with the vocabulary that its numbers stand for.

    Parameters
    ----------
    network : NextToken
    vocabulary : Vocabulary
    provenance : mapping of str to str
        How it came about; nothing for a network of one's own.

    Examples
    --------
    >>> model = load_language_model()
    >>> p = np.exp(log_softmax(model.logits(model.vocabulary.encode(["the"]))))
    >>> float(p.sum().round(12))
    1.0

    Used in the chapter *language*.
    """

    network: NextToken
    vocabulary: Vocabulary
    provenance: Mapping[str, str] = field(default_factory=dict)

    def logits(self, context: Sequence[int] = ()) -> FloatArray:
        """Return the logits of the token after a context, in float64.

        Parameters
        ----------
        context : sequence of int
            The sentence so far; nothing is its beginning.

        Returns
        -------
        ndarray, shape (K,)

        Raises
        ------
        TypeError
            If the context is no list of whole numbers.
        ValueError
            If a number is no token.
        """
        window = self.network.window
        numbers = token_numbers(context, len(self.vocabulary))
        return self._seen(windows_of(numbers[-window:], window)[-1])

    def logits_along(self, sentence: Sequence[int]) -> FloatArray:
        """Return the logits of each token of a sentence and of its end, before it is known.

        Parameters
        ----------
        sentence : sequence of int
            Token numbers, without the end.

        Returns
        -------
        ndarray, shape (len(sentence) + 1, K)
            A row for each beginning: the same as ``logits`` of it.

        Raises
        ------
        TypeError, ValueError
            As ``logits``.
        """
        numbers = token_numbers(sentence, len(self.vocabulary))
        return self._seen(windows_of(numbers, self.network.window))

    def log_probabilities(self, sentence: Sequence[int]) -> FloatArray:
        """Return the log-probability of each token of a sentence and of its end, in nats.

        Parameters
        ----------
        sentence : sequence of int
            Token numbers, without the end.

        Returns
        -------
        ndarray, shape (len(sentence) + 1,)

        Raises
        ------
        TypeError, ValueError
            As ``logits``.
        """
        numbers = token_numbers(sentence, len(self.vocabulary))
        labels = [*numbers, self.vocabulary.end]
        logs: FloatArray = log_softmax(self.logits_along(numbers))[np.arange(len(labels)), labels]
        return logs

    def _seen(self, windows: IntArray) -> FloatArray:
        """Return the logits after what the network sees, shape (..., K)."""
        with torch.inference_mode():
            logits: FloatArray = self.network(torch.tensor(windows)).numpy()
        return logits


@cache
def load_language_model(file: Path | None = None) -> LanguageModel:
    """Return the book's language model, in float64 and in evaluation mode.

    Parameters
    ----------
    file : path, optional
        A checkpoint that `save_language_model` wrote. By default the book's.

    Returns
    -------
    LanguageModel
        The same object each time: copy the network before teaching it something new.

    Raises
    ------
    FileNotFoundError, ValueError
        If there is no such file, or it holds no language model.

    Examples
    --------
    >>> load_language_model().network.window
    6

    Used in the chapter *language*.
    """
    from safetensors import SafetensorError, safe_open

    file = file or CHECKPOINT
    if not file.is_file():
        raise FileNotFoundError(f"no language model at {file}")
    try:
        with safe_open(file, framework="pt") as opened:
            header = opened.metadata() or {}
            state = {name: opened.get_tensor(name).double() for name in opened.keys()}  # noqa: SIM118
    except SafetensorError as error:
        raise ValueError(f"{file} is damaged: fetch it again") from error
    if "vocabulary" not in header:
        raise ValueError(f"{file} holds no language model: its header names no vocabulary")
    vocabulary = Vocabulary(json.loads(header["vocabulary"]))
    n_tokens, width = state["embedding.weight"].shape
    hidden, inputs = state["hidden.weight"].shape
    network = NextToken(n_tokens, inputs // width, width, hidden).double()
    network.load_state_dict(state)
    provenance = {name: text for name, text in header.items() if name != "vocabulary"}
    return LanguageModel(network.eval(), vocabulary, provenance)


def save_language_model(model: LanguageModel, file: Path) -> LanguageModel:
    """Write a checkpoint with numbers of 16 bits, and return the model as it will be read.

    Used in the chapter *language*.

    Parameters
    ----------
    model : LanguageModel
    file : path
    """
    from safetensors.torch import save_file

    half = {name: value.half() for name, value in model.network.state_dict().items()}
    words = json.dumps(model.vocabulary.tokens[2:], ensure_ascii=False)
    file.parent.mkdir(parents=True, exist_ok=True)
    save_file(half, file, {"vocabulary": words, **model.provenance})
    load_language_model.cache_clear()
    return load_language_model(file)


def train_language_model(
    sentences: Sequence[Sequence[int]],
    n_tokens: int,
    epochs: int = EPOCHS,
    seed: int = 0,
    progress: bool = True,
) -> NextToken:
    """Train a new network on sentences.

    Parameters
    ----------
    sentences : sequence of sequences of int
        Token numbers, without the end.
    n_tokens : int
        The size of the vocabulary.
    epochs : int
        Passes over the sentences, with a learning rate that falls to 0 along a cosine.
    seed : int
    progress : bool
        Whether to show a bar.

    Returns
    -------
    NextToken
        In evaluation mode.

    Notes
    -----
    AdamW on the cross-entropy of the logits, in batches of 128 places of the text. Dropout, and the
    decay of the weights, hold back a network that has more weights than there are tokens.

    Used in the chapter *language*.
    """
    from tqdm import tqdm

    seen = torch.tensor(np.concatenate([windows_of(each, WINDOW) for each in sentences]))
    wanted = torch.tensor([token for each in sentences for token in (*each, Vocabulary.end)])
    n_steps = epochs * math.ceil(len(wanted) / BATCH)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = NextToken(n_tokens).train()
        optimiser = torch.optim.AdamW(network.parameters(), RATE, weight_decay=DECAY)
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, n_steps)
        bar = tqdm(total=n_steps, desc="training", disable=not progress, leave=False)
        for _ in range(epochs):
            for rows in torch.split(torch.randperm(len(wanted)), BATCH):
                optimiser.zero_grad()
                loss: Tensor = functional.cross_entropy(network(seen[rows]), wanted[rows])
                loss.backward()  # type: ignore[no-untyped-call]
                optimiser.step()
                schedule.step()
                bar.update()
        bar.close()
    return network.eval()


def main() -> None:
    """Train on the snapshot, measure on what was held out, and write the checkpoint."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, default=CHECKPOINT, help="file to write")
    file: Path = parser.parse_args().to
    torch.set_num_threads(1)  # a network this small only waits for more
    snapshot = read_snapshot()
    train, held_out = snapshot.tokens("train"), snapshot.tokens("test")
    vocabulary = Vocabulary.of(train, MIN_COUNT)
    start = time.process_time()
    network = train_language_model([vocabulary.encode(s) for s in train], len(vocabulary))
    seconds = time.process_time() - start
    provenance = {
        "command": "python -m softmaxbook.family.torch_language",
        "text": f"the book at commit {snapshot.commit}, SHA-256 {snapshot.digest}",
        "trained on": f"{len(train)} sentences, {sum(map(len, train))} tokens, {EPOCHS} epochs, "
        f"{seconds:.0f} seconds of one core",
        "vocabulary of": f"tokens that occur at least {MIN_COUNT} times there",
        "versions": f"Python {platform.python_version()}, torch {torch.__version__}, "
        f"numpy {np.__version__}",
    }
    model = save_language_model(LanguageModel(network, vocabulary, provenance), file)
    logs = [model.log_probabilities(vocabulary.encode(s)) for s in held_out]
    reached = perplexity(np.concatenate(logs))
    print(f"{file.name}: {file.stat().st_size / 1000:.0f} kB, perplexity {reached:.1f} held out")


if __name__ == "__main__":
    main()
