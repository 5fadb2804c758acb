"""What is drawn anew looks as if it had replaced what was there, and what stays is left alone."""

import pytest

pytestmark = pytest.mark.browser

COMPARE = """async ([before, after]) => {
  const { renew } = await import("/parts/ui.mjs");
  const parsed = (text) => Object.assign(document.createElement("div"), { innerHTML: text });
  const [node, wanted] = [parsed(before), parsed(after)];
  const kept = [...node.querySelectorAll("*")];
  renew(node, ...parsed(after).childNodes);
  const still = kept.filter((each) => node.contains(each)).map((each) => each.localName);
  return [node.isEqualNode(wanted), node.innerHTML, still];
}"""

ROW = '<tr><th>a</th><td class="x">1</td></tr>'
CASES = {
    "nothing before": ("", "<p>a</p>b", []),
    "nothing after": ("a<p>b</p>", "", []),
    "the same": (
        f"<table>{ROW}</table>",
        f"<table>{ROW}</table>",
        ["table", "tbody", "tr", "th", "td"],
    ),
    "another text": ("<p>a<b>b</b></p>", "<p>c<b>b</b></p>", ["p", "b"]),
    "another look": ('<p class="x" title="y">a</p>', '<p class="z" lang="en">a</p>', ["p"]),
    "another element": ("<p>a</p><b>b</b>", "<i>a</i><b>c</b>", ["b"]),
    "text for an element": ("<p>a</p><b>b</b>", "a<b>b</b>", ["b"]),
    "more": ("<p>a</p>", "<p>a</p><p><i>b</i></p>c", ["p"]),
    "fewer": ("<p>a</p><p>b<i>c</i></p>d", "<p>b</p>", ["p"]),
    "a drawing": (
        '<svg><path d="M0 0"/><text x="1">a</text></svg>',
        '<svg><path d="M1 1"/><text x="1">a</text><g/></svg>',
        ["svg", "path", "text"],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_it_looks_as_if_it_had_been_replaced(case, host, open_page):
    folder, address = host
    (folder / "blank.html").write_text("<!doctype html><link rel=icon href='data:,'>", "utf-8")
    before, after, kept = CASES[case]
    same, html, still = open_page(f"{address}/blank.html").evaluate(COMPARE, [before, after])
    assert same, html
    assert still == kept
