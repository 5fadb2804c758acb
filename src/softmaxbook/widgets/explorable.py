"""What all explorables share: the module and style that a host mounts, and the static picture."""

from __future__ import annotations

import json
from collections.abc import Callable
from html import escape
from typing import Any, ClassVar

import anywidget
import traitlets

from softmaxbook import theme
from softmaxbook.widgets.modules import FOLDER


def stylesheet() -> str:
    """Return the style sheet of all explorables, colours included.

    Examples
    --------
    >>> ".sb-draggable" in stylesheet()
    True
    """
    look = (FOLDER / "explorable.css").read_text(encoding="utf-8")
    return theme.css_variables() + theme.forced_variables() + look


class Explorable(anywidget.AnyWidget):
    """A figure that the reader moves: one ES module, mounted by Jupyter or by the built site.

    A subclass names its folder in `module`, sets `_esm = bundle(module)`, declares its state as
    synchronised traits that are plain JSON, and draws `picture` for print and for readers
    without JavaScript.
    """

    module: ClassVar[str]
    _css = stylesheet()

    def picture(self) -> theme.Picture:
        """Return the explorable's present state as a static figure."""
        raise NotImplementedError

    def fallback(self) -> str:
        """Return what paper and readers without JavaScript see: HTML, the picture by default."""
        return self.picture().without_data()

    def state(self) -> dict[str, Any]:
        """Return the synchronised traits that the ES module reads, as plain JSON values."""
        own = [name for name in self.keys if not name.startswith("_")]
        return {name: getattr(self, name) for name in own if name not in _WIDGET_TRAITS}

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        data["text/html"] = self.placeholder()
        return data, metadata

    def placeholder(self) -> str:
        """Return what the built site shows until its script mounts the module: the picture."""
        state = escape(json.dumps(self.state(), allow_nan=False), quote=True)
        return (
            f'<div class="sb-explorable" data-module="{self.module}" data-state="{state}">'
            f"{self.fallback()}</div>"
        )


_WIDGET_TRAITS = frozenset(anywidget.AnyWidget.class_trait_names())


def numbers(minimum: int, maximum: int, what: str) -> traitlets.List[float]:
    """Return a synchronised trait for a list of `minimum` to `maximum` finite numbers.

    Whole numbers, which JavaScript sends as integers, become floats. Anything else is refused
    with a `TraitError` that says what the list must hold.
    """
    return _Numbers(minimum, maximum, what).tag(sync=True)


def number(
    default: float, minimum: float, maximum: float, what: str
) -> traitlets.Float[float, float]:
    """Return a synchronised trait for one finite number between two bounds, both allowed."""
    return _Number(default, minimum, maximum, what).tag(sync=True)


class _Numbers(traitlets.List[float]):
    def __init__(self, minimum: int, maximum: int, what: str) -> None:
        super().__init__([0.0] * minimum)
        self.minimum, self.maximum, self.what = minimum, maximum, what

    def validate(self, obj: Any, value: Any) -> list[float]:
        wanted = (
            f"{self.name} must hold {self.minimum} to {self.maximum} finite numbers, {self.what}"
        )
        values: list[float] = _refuse(
            lambda: [_finite(entry) for entry in value], f"{wanted}; got {value!r}"
        )
        if not self.minimum <= len(values) <= self.maximum:
            raise traitlets.TraitError(f"{wanted}; got {len(values)} of them")
        return values


class _Number(traitlets.Float[float, float]):
    def __init__(self, default: float, minimum: float, maximum: float, what: str) -> None:
        super().__init__(default)
        self.minimum, self.maximum, self.what = minimum, maximum, what

    def validate(self, obj: Any, value: Any) -> float:
        wanted = (
            f"{self.name} must be a number from {self.minimum:g} to {self.maximum:g}, {self.what}"
        )
        checked: float = _refuse(lambda: _finite(value), f"{wanted}; got {value!r}")
        if not self.minimum <= checked <= self.maximum:
            raise traitlets.TraitError(f"{wanted}; got {value!r}")
        return checked


def _finite(value: Any) -> float:
    if isinstance(value, (str, bytes, bool)):
        raise TypeError
    number = float(value)
    if number - number != 0:
        raise ValueError
    return number


def _refuse(convert: Callable[[], Any], message: str) -> Any:
    try:
        return convert()
    except (TypeError, ValueError):
        raise traitlets.TraitError(message) from None
