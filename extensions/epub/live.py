"""Where a figure moves and an answer is checked: the page's address, as a link and as a code."""

from __future__ import annotations

from typing import Any

from ..codes import code_of
from ..elements import Element, H

LONGEST = 60
"""Characters of a value that a caption shows."""


def told(state: dict[str, Any]) -> str:
    """Return in words what an explorable starts from, where that is short.

    Examples
    --------
    >>> told({"logits": [2.0, -1.5], "causal": False, "weights": "../a", "data": {"a": 1}})
    'logits 2, −1.5; causal no'
    """
    parts = ((name, _value(value)) for name, value in state.items())
    return "; ".join(
        f"{name.replace('_', ' ')} {text}" for name, text in parts if 0 < len(text) <= LONGEST
    )


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:g}".replace("-", "−")
    if isinstance(value, str):
        return "" if value.startswith("../") else value
    if isinstance(value, list) and not any(isinstance(each, list | dict) for each in value):
        return ", ".join(map(_value, value))
    return ""


def caption(address: str | None, state: dict[str, Any]) -> Element:
    """Return what stands below the picture of an explorable."""
    parts = H.div()
    if address:
        parts.append(H.p(H.a("Move this figure on the site", href=address)))
    shown = told(state)
    if shown:
        parts.append(H.p(f"Shown: {shown}."))
    row = H.figcaption({"class": "sb-live"}, parts)
    if address:
        row.insert(0, code_of(address, row))
    return row
