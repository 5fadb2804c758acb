"""Every claim on the list is refuted, and the checks could have found otherwise."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from softmaxbook import softmax
from softmaxbook.claims import CLAIMS, KINDS, SOURCES, Claim, Finding, printed_shares

BOOK = Path(__file__).parents[2] / "book"


def named(claims=CLAIMS):
    return pytest.mark.parametrize("claim", claims, ids=[claim.name for claim in claims])


@named()
def test_claim_is_refuted(claim):
    assert claim.finding.refuted


@named()
def test_claim_says_where_it_stands_and_what_is_true(claim):
    assert claim.source in SOURCES
    assert claim.kind in KINDS
    assert claim.truth.endswith(".")
    report = claim.report()
    for part in (claim.quote, SOURCES[claim.source], claim.truth, claim.section, "✗ refuted"):
        assert part in report


def test_page_tells_every_kind():
    page = (BOOK / "claims.md").read_text(encoding="utf-8")
    assert re.findall(r'^reports\("(\w+)"\)$', page, flags=re.MULTILINE) == [*KINDS]


def test_names_are_unique():
    assert len({claim.name for claim in CLAIMS}) == len(CLAIMS)


@named()
def test_section_exists(claim):
    link = re.fullmatch(r"\[(.+)\]\((\w+\.md)(?:#([\w-]+))?\)", claim.section)
    page = (BOOK / link[2]).read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.+)$", page, flags=re.MULTILINE)
    assert headings
    slugs = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    assert link[3] is None or link[3] in slugs


@given(
    st.lists(st.floats(-5, 5), min_size=2, max_size=6),
    st.integers(1, 6),
)
def test_correctly_rounded_shares_are_not_refuted(scores, digits):
    printed = " ".join(f"{share:.{digits}f}" for share in softmax(scores))
    assert not printed_shares(scores, printed).refuted


@given(
    st.lists(st.floats(-5, 5), min_size=2, max_size=6),
    st.integers(2, 6),
    st.sampled_from([-1, 1]),
)
def test_shares_off_by_two_in_the_last_digit_are_refuted(scores, digits, sign):
    first, *others = softmax(scores)
    off = [first + 2 * sign * 10.0**-digits, *others]
    printed = " ".join(f"{share:.{digits}f}" for share in off)
    assert printed_shares(scores, printed).refuted


def test_a_right_claim_is_reported_as_such():
    finding = Finding(said="so", computed="so", refuted=False)
    claim = Claim("right", "words", "quote", "S1", lambda: finding, "It is so.", "[x](x.md)")
    assert "✓ not refuted" in claim.report()
