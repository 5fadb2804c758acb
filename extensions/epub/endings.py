"""What stands at a chapter's end, a link away and a link back.

Few e-readers fold, and none asks before it shows.
"""

from __future__ import annotations

from collections.abc import Iterator

from softmaxbook.assignments.questions.prose import Formula

from ..elements import Element, H, found, has_class, words
from ..unfolding import (
    HEADING,
    TITLE,
    Unfolded,
    groups,
    is_answer,
    open_asides,
    replace,
    unfolded,
)

CODE = "Code of the figures"
END = "sb-end"
"""The class of the sections at a page's end, which no source of a page names."""


def ends(page: Element) -> Iterator[tuple[str, str]]:
    """Yield anchor and title of what stands at the end of a written page."""
    for section in found(page, f".//h:section[{has_class(END)}]"):
        yield f"#{section.get('id')}", words(found(section, "h:h2")[0])


def unfold(body: Element, formula: Formula) -> None:
    """Move answers and the code of figures to the end of a page, and open what else is folded."""
    end = (found(body, "h:section") or [body])[0]
    answers = [(group, unfolded(group, formula)) for group in groups(body, is_answer)]
    code = [(group, code_of(group)) for group in groups(body, has_code)]
    for title, name, entries in ((TITLE, "answer", answers), (CODE, "code", code)):
        sections = [
            moved(group, entry, f"{name}-{number}")
            for number, (group, entry) in enumerate(entries, start=1)
        ]
        if sections:
            named = {"id": f"{name}-all", "class": END}
            end.append(H.section(named, H.h2(title), *sections))
    open_asides(body)


def has_code(details: Element) -> bool:
    """Return whether MyST-NB has folded a cell's code there."""
    return "hide" in (details.get("class") or "").split()


def code_of(group: list[Element]) -> Unfolded:
    """Return the code that is folded there."""
    code = [each for details in group for each in found(details, "h:summary/following-sibling::*")]
    return Unfolded(words(found(group[0], HEADING)[-1]), "Code", code)


def moved(group: list[Element], entry: Unfolded, name: str) -> Element:
    """Take a group out of its place; return the entry at the end, to which a link now leads."""
    link = H.a(f"{entry.kinds}: at the end of this chapter", href=f"#{name}")
    replace(group, H.p({"class": "sb-unfold", "id": f"to-{name}"}, link))
    back = H.p(H.a("Back", href=f"#to-{name}"))
    return H.section({"id": name, "class": "sb-unfolded"}, H.h3(entry.title), *entry.content, back)
