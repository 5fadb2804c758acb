"""Whose row it is: students found by what another system calls them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .senders import plain, spellings
from .standings import Standing


class Owners:
    """Find a student's standing by an id, an e-mail address or a name; each is found once."""

    def __init__(self, everyone: Sequence[Standing]) -> None:
        self._by_key: dict[str, list[Standing]] = {}
        self._by_name: dict[str, list[Standing]] = {}
        self.missing = {each.student.id: each for each in everyone}
        for each in everyone:
            who = each.student
            for key in {who.id.lower(), who.email.lower(), *map(str.lower, who.other.values())}:
                self._by_key.setdefault(key.strip(), []).append(each)
            for name in {*spellings(who.name), plain(who.id)}:
                self._by_name.setdefault(name, []).append(each)

    def find(self, keys: Iterable[str], name: str) -> Standing | None:
        """Return whose row it is: by the first key that only one student has, else by the name."""
        for key in keys:
            found = self._by_key.get(key.strip().lower(), []) if key.strip() else []
            if len(found) == 1:
                return self._taken(found[0])
        names = {each.student.id: each for way in spellings(name) for each in self._named(way)}
        return self._taken(next(iter(names.values()))) if len(names) == 1 else None

    def _named(self, way: str) -> list[Standing]:
        return self._by_name.get(way, []) if way else []

    def _taken(self, standing: Standing) -> Standing:
        self.missing.pop(standing.student.id, None)
        return standing

    def not_found(self, table: str) -> list[str]:
        """Return words about the students that no row is of."""
        return [f"{id} has no row in {table}: enter the points there" for id in self.missing]
