"""What is demanded of a printed book: each check returns the faults that it finds in the PDF."""

import re
from io import BytesIO
from urllib.parse import unquote

import pikepdf
import pypdfium2
import pypdfium2.raw

POINT = 72 / 96
SEEN = pypdfium2.raw.FPDF_PAGEOBJ_TEXT, pypdfium2.raw.FPDF_PAGEOBJ_IMAGE
BROAD, HIGH = 400, 30  # points: of a frame around code, and of two of its lines
SLACK = 1.5  # points: signs reach a little beyond their boxes


class Printed:
    """A PDF, as a reader's program takes it."""

    def __init__(self, data):
        self.document = pikepdf.open(BytesIO(data))
        self.pages = pypdfium2.PdfDocument(data)
        self.numbers = {page.objgen: n for n, page in enumerate(self.document.pages, start=1)}
        places = self.document.Root.get("/Dests", {})
        self.places = {
            name.removeprefix("/"): self.numbers[place[0].objgen] for name, place in places.items()
        }

    def text(self, number):
        """Return the words of a page, from 1."""
        return self.pages[number - 1].get_textpage().get_text_range()

    def all_text(self):
        """Return the words of all pages."""
        return "\n".join(self.text(number) for number in self.numbers.values())

    def outline(self):
        """Return level, title and page of each line of the outline."""
        return [
            (line.level, " ".join(line.get_title().split()), line.get_dest().get_index() + 1)
            for line in self.pages.get_toc(max_depth=9)
        ]

    def unnumbered(self):
        """Return the pages, but the title page, that do not bear their own number and no other."""
        found = []
        for number in list(self.numbers.values())[1:]:
            page = self.pages[number - 1]
            below = page.get_textpage().get_text_bounded(bottom=0, top=76 * POINT)
            if below.strip() != str(number):
                found.append((number, below.strip()))
        return found

    def untagged(self):
        """Return what a screen reader would miss."""
        root = self.document.Root
        found = [name for name in ("/StructTreeRoot", "/Lang", "/MarkInfo") if name not in root]
        if found:
            return found
        if not root.MarkInfo.get("/Marked"):
            found.append("not marked as tagged")
        for element, kind in self.elements():
            if kind in ("/Figure", "/Formula") and not str(element.get("/Alt", "")).strip():
                found.append(f"{kind} without words on page {self.spread(element)}")
        return found

    def elements(self):
        """Yield each element of the structure with its kind."""
        for thing in self.document.objects:
            if isinstance(thing, pikepdf.Dictionary) and "/S" in thing and "/P" in thing:
                yield thing, str(thing.S)

    def spread(self, element, page=None):
        """Return the pages on which an element of the structure is drawn."""
        page = self.numbers[element.Pg.objgen] if "/Pg" in element else page
        found = set()
        inner = element.get("/K", [])
        for child in inner if isinstance(inner, pikepdf.Array) else [inner]:
            if isinstance(child, pikepdf.Dictionary):
                if child.get("/Type") == "/OBJR":
                    continue
                found |= self.spread(child, page)
            else:
                found.add(page)
        return found

    def cut(self):
        """Return the words of pictures that are drawn on more than one page."""
        figures = [element for element, kind in self.elements() if kind == "/Figure"]
        return [str(each.get("/Alt")) for each in figures if len(self.spread(each)) > 1]

    def bitmaps(self):
        """Return width and height of each picture that is made of dots."""
        return [
            (int(thing.Width), int(thing.Height))
            for thing in self.document.objects
            if isinstance(thing, pikepdf.Stream) and thing.get("/Subtype") == "/Image"
        ]

    def unnamed(self):
        """Return the lines of the outline whose words are not on their page.

        The page of a chapter bears its title at the top, too, so there it has to stand twice.
        """
        found = []
        running = ""
        for level, title, number in self.outline():
            said = "".join(self.text(number).split())
            bare = "".join(title.split())
            running = bare if said.startswith(bare) else running
            if said.count(bare) < 1 + (said.startswith(bare) and bare == running):
                found.append((level, title, number))
        return found

    def empty_frames(self):
        """Return page and height of the boxes as broad as the text in which nothing stands."""
        found = []
        for number, page in enumerate(self.pages, start=1):
            words = page.get_textpage()
            for thing in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_PATH], max_depth=4):
                left, low, right, high = thing.get_bounds()
                if right - left > BROAD and high - low > HIGH:
                    inside = words.get_text_bounded(left, low, right, high)
                    if not inside.strip():
                        found.append((number, round(high - low)))
        return found

    def links(self):
        """Yield the page, the words and the target of each link: a place's name or an address."""
        for number, page in enumerate(self.document.pages, start=1):
            words = self.pages[number - 1].get_textpage()
            for note in page.get("/Annots", []):
                if note.get("/Subtype") != "/Link":
                    continue
                left, bottom, right, top = map(float, note.Rect)
                said = words.get_text_bounded(left + 0.5, bottom, right - 0.5, top)
                target = note.A.URI if "/A" in note else note.Dest
                yield number, said.strip(), str(target).removeprefix("/")

    def lost(self):
        """Return the links that lead to no place, and those that lead into the maker's machine."""
        web = re.compile(r"(https?://(?!book\.invalid|127\.|localhost)|mailto:)")
        return [
            (page, words, target)
            for page, words, target in self.links()
            if target not in self.places and not web.match(target)
        ]

    def numbered(self, targets, lines=()):
        """Return page, number and target of the links that name the page of one of the targets.

        On pages of `lines` a link is a whole line, with the number at its end; elsewhere it is
        drawn in pieces, and the number is one of them.
        """
        found = []
        for page, words, target in self.links():
            number = re.search(r"(\d+)$" if page in lines else r"^(\d+)$", words)
            if number and unquote(target) in targets:
                found.append((page, int(number[1]), unquote(target)))
        return found

    def misnumbered(self, targets, lines=()):
        """Return those whose number is not that of the page on which the target lies."""
        links = self.numbered(targets, lines)
        return [link for link in links if link[1] != self.places.get(link[2])]

    def beside(self, sheet):
        """Return the words and pictures left or right of the text.

        Curves are drawn beyond their axes, and cut off there: they say nothing.
        """
        found = []
        left, right = sheet.side * POINT - SLACK, (sheet.width - sheet.side) * POINT + SLACK
        for number, page in enumerate(self.pages, start=1):
            for thing in page.get_objects(filter=SEEN, max_depth=4):
                low, _, high, _ = thing.get_bounds()
                if low < left or high > right:
                    found.append((number, thing.type, round(low), round(high)))
        return found
