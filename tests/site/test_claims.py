"""Each claim gets the verdict that its computation finds, and the checks can find otherwise."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from softmaxbook import softmax
from softmaxbook.claims import (
    CLAIMS,
    KINDS,
    Claim,
    Finding,
    Heard,
    Quotation,
    Verdict,
    printed_shares,
)
from softmaxbook.widgets import Guess

BOOK = Path(__file__).parents[2] / "book"
QUOTED = [claim for claim in CLAIMS if claim.quoted]


def named(claims=CLAIMS):
    return pytest.mark.parametrize("claim", claims, ids=[claim.name for claim in claims])


def agrees(claim):
    return claim.finding.verdict is claim.verdict


@named()
def test_verdict_follows_from_the_computation(claim):
    assert agrees(claim)


def test_another_verdict_would_not_pass():
    claim = CLAIMS[0]
    for verdict in set(Verdict) - {claim.verdict}:
        assert not agrees(replace(claim, verdict=verdict))


def test_every_verdict_occurs_and_none_rules():
    for verdict in Verdict:
        assert 3 <= sum(claim.verdict is verdict for claim in CLAIMS) < len(CLAIMS) / 2


@pytest.mark.parametrize(
    ("readings", "verdict"),
    [
        ({"as_said": True}, Verdict.TRUE),
        ({"as_said": True, "in_a_sense": True}, Verdict.TRUE),
        ({"as_said": True, "as_understood": False}, Verdict.MISLEADING),
        ({"as_said": False, "in_a_sense": True}, Verdict.IN_A_SENSE),
        ({"as_said": False, "as_understood": False}, Verdict.FALSE),
        ({"as_said": False}, Verdict.FALSE),
    ],
)
def test_readings_decide(readings, verdict):
    assert Finding("so", **readings).verdict is verdict


@named()
def test_claim_tells_its_words_and_its_verdict(claim):
    assert claim.kind in KINDS
    assert claim.truth.endswith(".")
    assert claim.source.told() in claim.charge()
    assert claim.words in claim.charge()
    report = claim.report()
    for part in (claim.verdict.value.capitalize(), claim.truth, claim.section):
        assert part in report


@named(QUOTED)
def test_exact_words_have_a_source_to_open(claim):
    source = claim.source
    assert re.fullmatch(r"https://[\w./#-]+", source.link)
    assert source.title
    assert source.place
    assert re.fullmatch(r"\d{1,2} [A-Z][a-z]+ \d{4}", source.read)
    assert f"“{claim.words}”" in claim.charge()
    assert source.link in claim.charge()


@named([claim for claim in CLAIMS if not claim.quoted])
def test_what_is_only_heard_looks_like_no_quotation(claim):
    assert isinstance(claim.source, Heard)
    assert not set('“”"') & set(claim.charge())
    assert claim.words.endswith(".")


def test_verdicts_of_quoted_and_of_heard_claims_are_mixed():
    assert {claim.verdict for claim in QUOTED} >= {Verdict.TRUE, Verdict.IN_A_SENSE, Verdict.FALSE}


def test_each_part_of_the_book_is_tried_for_more_than_one_verdict():
    for kind in KINDS:
        assert len({claim.verdict for claim in CLAIMS if claim.kind == kind}) > 1


def test_page_tells_every_kind():
    page = (BOOK / "claims.md").read_text(encoding="utf-8")
    assert re.findall(r'^court\("(\w+)"\)$', page, flags=re.MULTILINE) == [*KINDS]


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
def test_correctly_rounded_shares_are_true(scores, digits):
    printed = " ".join(f"{share:.{digits}f}" for share in softmax(scores))
    assert printed_shares(scores, printed).verdict is Verdict.TRUE


@given(
    st.lists(st.floats(-5, 5), min_size=2, max_size=6),
    st.integers(2, 6),
    st.sampled_from([-1, 1]),
)
def test_shares_off_by_two_in_the_last_digit_are_false(scores, digits, sign):
    first, *others = softmax(scores)
    off = [first + 2 * sign * 10.0**-digits, *others]
    printed = " ".join(f"{share:.{digits}f}" for share in off)
    assert printed_shares(scores, printed).verdict is Verdict.FALSE


def made(verdict):
    readings = {
        Verdict.TRUE: {"as_said": True},
        Verdict.IN_A_SENSE: {"as_said": False, "in_a_sense": True},
        Verdict.MISLEADING: {"as_said": True, "as_understood": False},
        Verdict.FALSE: {"as_said": False},
    }[verdict]
    source = Quotation("A text", "https://example.org/text", "page 1", "1 January 2026")
    finding = Finding("it is 2.0e-05 or 3e+02", **readings)
    return Claim("x", "words", "so", source, verdict, lambda: finding, "So.", "[x](x.md)")


def test_powers_of_ten_are_formulas():
    report = made(Verdict.TRUE).report()
    assert r"$2.0 \times 10^{-5}$ or $3 \times 10^{2}$" in report


@pytest.mark.parametrize("verdict", Verdict, ids=[each.name for each in Verdict])
def test_a_guess_is_judged_by_the_finding(verdict):
    question = Guess(made(verdict)).question
    texts = {option["letter"]: option["text"] for option in question["options"]}
    assert texts[question["accepted"]["letter"]] == verdict.value
    others = {mistake["letter"]: mistake["hint"] for mistake in question["mistakes"]}
    assert others.keys() == texts.keys() - {question["accepted"]["letter"]}
    assert all(texts[letter] in hint.lower() for letter, hint in others.items())
