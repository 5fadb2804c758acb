"""Text into numbers and back: a tokeniser of one line, and a vocabulary."""

from __future__ import annotations

import operator
import re
import reprlib
from collections import Counter
from collections.abc import Iterable, Sequence

END = "⟨end⟩"
UNKNOWN = "⟨unknown⟩"
PIECE = re.compile(r"⟨\w+⟩|\w+(?:[-'’]\w+)*|[^\w\s]")
CLOSE_UP = re.compile(r"\s+([,.;:?!)\]])|([(\[])\s+")


def tokenise(text: str) -> list[str]:
    """Cut a text into words, numbers and marks.

    Parameters
    ----------
    text : str

    Returns
    -------
    list of str
        In lower case. Hyphens and apostrophes inside a word stay in it, every other mark is a token
        of its own, and a name in ⟨ ⟩ is one token.

    Raises
    ------
    TypeError
        If it is not a string.

    Examples
    --------
    >>> tokenise("Cross-entropy isn't small: here ⟨formula⟩ is 3.")
    ['cross-entropy', "isn't", 'small', ':', 'here', '⟨formula⟩', 'is', '3', '.']

    Used in the chapter *language*.
    """
    if not isinstance(text, str):
        raise TypeError(f"text must be a string, got {type(text).__name__}")
    return PIECE.findall(text.lower())


class Vocabulary:
    """The tokens that a model knows, numbered.

    Parameters
    ----------
    tokens : sequence of str
        Without repetition. The end of a sentence and the unknown token come before them, as numbers
        0 and 1.

    Raises
    ------
    TypeError
        If they are not strings, or one string.
    ValueError
        If a token is there twice.

    Examples
    --------
    >>> vocabulary = Vocabulary.of([["a", "cat", "sat"], ["a", "dog", "sat"]], min_count=2)
    >>> vocabulary.tokens
    ('⟨end⟩', '⟨unknown⟩', 'a', 'sat')
    >>> vocabulary.encode(["a", "cat"])
    [2, 1]

    Used in the chapter *language*.
    """

    end, unknown = 0, 1

    def __init__(self, tokens: Sequence[str]) -> None:
        self.tokens = (END, UNKNOWN, *_strings(tokens))
        self._numbers = {token: number for number, token in enumerate(self.tokens)}
        if len(self._numbers) < len(self.tokens):
            twice = next(t for t, count in Counter(self.tokens).items() if count > 1)
            raise ValueError(f"the token {twice!r} is there twice")

    @classmethod
    def of(cls, sentences: Iterable[Sequence[str]], min_count: int = 1) -> Vocabulary:
        """Return the vocabulary of what occurs often enough, the most frequent tokens first.

        Parameters
        ----------
        sentences : iterable of sequences of str
            Tokens; the training part only, or the model would know words of the test.
        min_count : int
            Tokens that occur less often are unknown.

        Raises
        ------
        TypeError
            If a sentence is a text in place of its tokens, or a token is not a string.
        """
        counts = Counter(token for sentence in sentences for token in _strings(sentence))
        kept = [token for token, count in counts.items() if count >= min_count]
        for special in (END, UNKNOWN):
            if special in kept:
                kept.remove(special)
        return cls(sorted(kept, key=lambda token: (-counts[token], token)))

    def __len__(self) -> int:
        return len(self.tokens)

    def __contains__(self, token: str) -> bool:
        return token in self._numbers

    def encode(self, tokens: Iterable[str], strict: bool = False) -> list[int]:
        """Return the numbers of tokens.

        Parameters
        ----------
        tokens : iterable of str
        strict : bool
            Whether to refuse a token that is not in the vocabulary. Otherwise it gets the number of
            the unknown one.

        Raises
        ------
        TypeError
            If they are not strings, or a whole text is given in place of its tokens.
        KeyError
            If `strict`, and a token is not in the vocabulary; the first is named.
        """
        found = _strings(tokens)
        if strict:
            for token in found:
                if token not in self:
                    raise KeyError(f"{token!r} is not among the {len(self)} tokens that are known")
        return [self._numbers.get(token, self.unknown) for token in found]

    def decode(self, numbers: Iterable[int]) -> str:
        """Return a text that reads well: no space before a comma, nothing for the end.

        Raises
        ------
        TypeError
            If they are not whole numbers.
        ValueError
            If a number is no token; the first is named.

        Examples
        --------
        >>> Vocabulary(["hello", ",", "world", "."]).decode([2, 3, 4, 5, 0])
        'hello, world.'
        """
        words = []
        for number in token_numbers(numbers, len(self)):
            if number != self.end:
                words.append(self.tokens[number])
        return CLOSE_UP.sub(r"\1\2", " ".join(words))


def _strings(tokens: Iterable[str]) -> list[str]:
    """Return a list of strings, or say what it is in place of one."""
    if isinstance(tokens, str):
        raise TypeError("tokens must be a list of strings: tokenise(text) makes one of a text")
    found = list(tokens) if isinstance(tokens, Iterable) else [tokens]
    for token in found:
        if not isinstance(token, str):
            raise TypeError(f"tokens must be a list of strings, got {token!r} in it")
    return found


def token_numbers(tokens: Iterable[int], n_tokens: int) -> list[int]:
    """Return the numbers of tokens as Python's integers, or say which is none.

    Parameters
    ----------
    tokens : iterable of int
        Of NumPy or PyTorch too, whose scalars would not count as the same key of a table.
    n_tokens : int
        How many there are.

    Raises
    ------
    TypeError
        If one is not a whole number.
    ValueError
        If one is no token.

    Examples
    --------
    >>> token_numbers([0, 2], n_tokens=3)
    [0, 2]

    Used in the chapter *language*.
    """
    if isinstance(tokens, str):
        raise TypeError("tokens must be numbers, got a text: a vocabulary encodes its tokens")
    try:
        numbers = [operator.index(token) for token in tokens]
    except TypeError:
        raise TypeError(
            f"tokens must be a list of whole numbers, got {reprlib.repr(tokens)}"
        ) from None
    for number in numbers:
        if not 0 <= number < n_tokens:
            raise ValueError(f"{number} is not a token: there are {n_tokens}")
    return numbers
