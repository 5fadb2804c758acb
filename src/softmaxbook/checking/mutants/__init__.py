"""Mistakes that nobody listed: changes of the solution's own syntax tree.

`trees` reads a solution and compiles its changes, `speaking` finds words for what stands in it,
`operators` and `statements` change it in the ways people go wrong, and `explaining` asks which
change an answer behaves like.
"""

from .explaining import explanation

__all__ = ["explanation"]
