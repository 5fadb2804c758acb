"""The EPUB's list of files, with what Sphinx leaves out: what they hold, and who can read them."""

from __future__ import annotations

from pathlib import Path

from lxml import etree

OPF = "http://www.idpf.org/2007/opf"

ACCESS = (
    ("accessMode", "textual"),
    ("accessMode", "visual"),
    ("accessModeSufficient", "textual,visual"),
    ("accessibilityFeature", "alternativeText"),
    ("accessibilityFeature", "MathML"),
    ("accessibilityFeature", "structuralNavigation"),
    ("accessibilityFeature", "tableOfContents"),
    ("accessibilityHazard", "none"),
    (
        "accessibilitySummary",
        "Every figure has a description in words, and every formula is MathML with its words as "
        "alternative text. Figures that move on the book's site are pictures here. "
        "No person who depends on a screen reader has tried this book.",
    ),
)
"""What is true of this book, in the words of schema.org."""


def complete(path: Path, cover: str) -> None:
    """Add what is missing to the list of files."""
    tree = etree.parse(path)
    etree.cleanup_namespaces(tree)  # a second name of its own would be taken for what is new
    package = tree.getroot()
    metadata, manifest = (package.find(f"{{{OPF}}}{name}") for name in ("metadata", "manifest"))
    for name, text in ACCESS:
        etree.SubElement(metadata, f"{{{OPF}}}meta", property=f"schema:{name}").text = text
    for item in manifest:
        properties = (item.get("properties") or "").split()
        properties += holds(path.parent / item.get("href"), item.get("media-type"))
        if item.get("href") == cover:
            properties.append("cover-image")
        if properties:
            item.set("properties", " ".join(properties))
    tree.write(path, encoding="utf-8", xml_declaration=True)


def holds(path: Path, media_type: str) -> list[str]:
    """Return what a page holds that an e-reader has to be told of."""
    if media_type != "application/xhtml+xml" or path.name == "nav.xhtml":
        return []
    text = path.read_text(encoding="utf-8")
    return [name for name, start in (("mathml", "<math"), ("svg", "<svg")) if start in text]
