"""The next token: its distribution after any text, what a sampler leaves of it, and draws."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import traitlets

from softmaxbook import theme
from softmaxbook.family.samplers import min_p, nucleus, top_k
from softmaxbook.family.tokens import tokenise
from softmaxbook.numerics.arrays import FloatArray
from softmaxbook.numerics.probabilities import softmax
from softmaxbook.widgets.explorable import number
from softmaxbook.widgets.modules import bundle
from softmaxbook.widgets.weights import WeightedExplorable

SAMPLERS = ("softmax", "top-k", "nucleus", "min-p")
LONGEST = 600
SHOWN = 12


class LanguageExplorer(WeightedExplorable):
    """What the book's language model says next, after any text.

    Parameters
    ----------
    prompt : str, optional
        At most 600 characters. Nothing is the beginning of a sentence.
    temperature : float, optional
        From 0.05 to 20.
    sampler : {"softmax", "top-k", "nucleus", "min-p"}, optional
        What may be drawn: every token, or what a filter leaves.
    k : int, optional
        Of top-k, from 1 to 200.
    p, min_p : float, optional
        Of the nucleus and of min-p, from 0.01 to 1.

    Raises
    ------
    traitlets.TraitError
        If a value is not of this form; the message says what is wanted.

    Examples
    --------
    >>> explorer = LanguageExplorer(prompt="The sum of all", sampler="top-k", k=3)
    >>> int(np.count_nonzero(explorer.probabilities))
    3

    Used in the chapter *language*.
    """

    module = "language"
    _esm = bundle("language")

    prompt = traitlets.Unicode("Softmax is").tag(sync=True)
    temperature = number(1.0, 0.05, 20.0, "the divisor of the logits")
    sampler = traitlets.Enum(SAMPLERS, default_value="softmax").tag(sync=True)
    k = traitlets.Int(10, min=1, max=200).tag(sync=True)
    p = number(0.9, 0.01, 1.0, "the mass of the nucleus")
    min_p = number(0.1, 0.01, 1.0, "the least share of the largest probability")

    @traitlets.validate("prompt")
    def _not_too_long(self, proposal: Any) -> str:
        text: str = proposal["value"]
        if len(text) > LONGEST:
            raise traitlets.TraitError(
                f"prompt must have at most {LONGEST} characters; got {len(text)}"
            )
        return text

    @property
    def checkpoint(self) -> Path:
        """The file with the network's weights."""
        from softmaxbook.family.torch_language import CHECKPOINT

        return CHECKPOINT

    @property
    def tokens(self) -> tuple[str, ...]:
        """All tokens that the model can say, in the order of the probabilities."""
        from softmaxbook.family.torch_language import load_language_model

        return load_language_model().vocabulary.tokens

    @property
    def logits(self) -> FloatArray:
        """The logits of the next token, shape `(n_tokens,)`."""
        from softmaxbook.family.torch_language import load_language_model

        model = load_language_model()
        return model.logits(model.vocabulary.encode(tokenise(self.prompt)))

    @property
    def probabilities(self) -> FloatArray:
        """What a draw is made from: the probabilities at T, after the sampler."""
        logits, temperature = self.logits, self.temperature
        if self.sampler == "top-k":
            return top_k(logits, self.k, temperature=temperature)
        if self.sampler == "nucleus":
            return nucleus(logits, self.p, temperature=temperature)
        if self.sampler == "min-p":
            return min_p(logits, self.min_p, temperature=temperature)
        return softmax(logits, temperature=temperature)

    def picture(self) -> theme.Picture:
        """Return the most probable tokens, and all others together, as bars."""
        from matplotlib import pyplot as plt

        from softmaxbook import plots

        p, tokens = self.probabilities, self.tokens
        first = np.argsort(-p, kind="stable")[:SHOWN]
        names = [*(tokens[token] for token in first), f"{len(tokens) - SHOWN} others"]
        shares = [*p[first], max(0.0, 1 - p[first].sum())]
        with plt.rc_context(dict(theme.RC)):
            figure, axes = plt.subplots(figsize=(5.2, 3.4))
            plots.token_bars(axes, names, shares)
        after = (
            f"After “{self.prompt}”" if self.prompt.strip() else "At the beginning of a sentence"
        )
        said = ", ".join(f"{name} {share:.3f}" for name, share in zip(names, shares, strict=True))
        how = f"by {self.sampler} at temperature {self.temperature:g}"
        return theme.show(figure, alt=f"{after}, the next token {how}: {said}.")
