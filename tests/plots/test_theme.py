"""One palette: readable on light, dark and paper, and the same names everywhere."""

import re

import matplotlib.pyplot as plt
import pytest

from softmaxbook import theme

WORDS = [
    "muted",
    "ink",
    "accent",
    "good",
    "warn",
    "bad",
    *(f"c{i}" for i in range(theme.N_CLASS_COLOURS)),
]


def luminance(colour):
    """Return the relative luminance of WCAG 2.2 for a hexadecimal colour."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    """Return the contrast ratio of WCAG 2.2, from 1 to 21."""
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


def test_contrast_of_known_pairs():
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") < 4.5  # the well-known grey that fails by a hair


@pytest.mark.parametrize("palette", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "panel"])
@pytest.mark.parametrize("name", WORDS)
def test_words_can_be_read(palette, ground, name):
    assert contrast(palette[name], palette[ground]) >= 4.5


def test_both_palettes_have_the_same_names():
    assert list(theme.LIGHT) == list(theme.DARK)
    assert len(set(theme.LIGHT.values())) == len(theme.LIGHT)


def test_unknown_colour_names_the_known_ones():
    with pytest.raises(KeyError, match="ink"):
        theme.colour("mauve")


def picture():
    figure, axes = plt.subplots()
    axes.plot([0, 1, 2], color=theme.colour("c3"), label="curve")
    axes.legend()
    return theme.show(figure, alt="A line rises.")


def test_every_palette_colour_becomes_a_variable():
    html = picture().svg
    bare = re.sub(r"var\(--sb-\w+, #\w+\)", "", html)
    assert "var(--sb-c3, #9b2f9b)" in html
    assert not [value for value in theme.LIGHT.values() if value in bare.lower()]


def test_two_pictures_share_no_id():
    first, second = (set(re.findall(r'\bid="([^"]+)"', picture().svg)) for _ in range(2))
    assert first
    assert not first & second


def test_every_reference_has_its_target():
    html = picture().svg
    targets = set(re.findall(r'\bid="([^"]+)"', html))
    references = set(re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', html))
    assert references
    assert {a or b for a, b in references} <= targets


def test_a_picture_brings_no_style_to_the_rest_of_the_page():
    html = picture().svg
    assert "<style" not in html
    root = re.search(r'<svg[^>]* style="([^"]*)"', html)[1]
    assert {"stroke-linejoin: round", "stroke-linecap: butt"} <= set(root.split("; "))


def test_alternative_text_is_there_and_escaped():
    html = theme.Picture("<svg></svg>", 'p < 1 & "q"')._repr_html_()
    assert 'aria-label="p &lt; 1 &amp; &quot;q&quot;"' in html
    with pytest.raises(ValueError, match="alt is empty"):
        theme.Picture("<svg></svg>", " ")


def test_showing_closes_the_figure():
    before = plt.get_fignums()
    picture()
    assert plt.get_fignums() == before


def test_labels_grow_no_larger_than_the_text_around_them():
    figure = plt.figure(figsize=(4.8, 2.0))
    size = re.search(r'<svg[^>]* style="max-width: ([\d.]+)rem', theme.svg(figure))
    plt.close(figure)
    points = theme.RC["font.size"] / (4.8 * 72)  # of a label, as a part of the figure's width
    assert points * float(size[1]) == pytest.approx(1, abs=0.01)


def drawings(figure):
    with plt.rc_context(theme.RC):
        found = re.findall(r"<svg.*?</svg>", theme.svg(figure), flags=re.DOTALL)
    plt.close(figure)
    return found


def test_axes_beside_each_other_are_drawings_that_fit_a_phone():
    figure, axes = plt.subplots(1, 2, figsize=(6.4, 2.0), sharey=True)
    for number, each in enumerate(axes):
        each.plot([0, 1], [0, number + 1])
        each.set_title(f"title {number}")
    found = drawings(figure)
    for number, each in enumerate(found):
        assert set(re.findall(r"title \d", each)) == {f"title {number}"}
        assert each.count("<text") > 8  # the second has the names of its ticks, too
        width = float(re.search(r'viewBox="0 0 ([\d.]+)', each)[1])
        grow, least, most = map(
            float, re.search(r"flex: ([\d.]+) 1 ([\d.]+)rem; max-width: ([\d.]+)", each).groups()
        )
        assert grow == most == pytest.approx(width / 10, abs=0.06)
        assert least == pytest.approx(theme.SMALLEST * most, abs=0.06)
    assert len(found) == 2
    assert all(each.get_visible() for each in axes)


def test_a_figure_stays_whole_where_axes_overlap_or_something_belongs_to_all():
    below, _ = plt.subplots(2, 1)
    assert len(drawings(below)) == 1
    twins, ax = plt.subplots()
    ax.twinx()
    assert len(drawings(twins)) == 1
    titled, _ = plt.subplots(1, 2)
    titled.suptitle("of both")
    assert len(drawings(titled)) == 1


def test_a_figure_may_be_empty():
    assert len(drawings(plt.figure())) == 1
