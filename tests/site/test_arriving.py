"""What a page draws before its first figure lives, and after: nothing is missing, nothing moves."""

import pytest
from serving import served
from soundness import Visit

pytestmark = pytest.mark.browser

PAGE = "book/probabilities.html"
BUSY = "window.requestIdleCallback = () => {}"  # as if the browser were never idle
DRAWN = """() => [...document.querySelectorAll("article > section > section")].map(
  (each) => each.lastElementChild.checkVisibility({ contentVisibilityAuto: true }))"""
ARRIVING = "document.documentElement.matches('.sb-arriving')"
LIVES = "document.querySelector('.sb-explorable').dataset.mounted"


@pytest.fixture
def address(site):
    """Serve the built site."""
    with served(site) as address:
        yield f"{address}/{PAGE}"


@pytest.fixture
def page(browser):
    """Return a page of a visitor who has never been here."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


@pytest.fixture
def busy(page):
    """Return a page on which nothing that waits for an idle moment is ever done."""
    page.context.add_init_script(BUSY)
    return page


def test_the_first_figure_lives_before_the_rest_is_drawn(busy, address):
    busy.goto(address)
    busy.wait_for_function(LIVES)
    assert busy.evaluate(ARRIVING)
    assert not busy.locator("article > section > section .sb-explorable[data-mounted]").count()
    *_, last = busy.evaluate(DRAWN)
    assert not last


def test_what_is_not_drawn_yet_is_printed_found_and_read(busy, address):
    busy.goto(address)
    busy.wait_for_function(LIVES)
    last = busy.locator("article > section > section").last.locator("p").first
    assert busy.evaluate("(words) => find(words)", last.text_content()[:40])
    assert last.is_visible()
    tree = busy.context.new_cdp_session(busy).send("Accessibility.getFullAXTree")["nodes"]
    heard = {node.get("name", {}).get("value") for node in tree if not node["ignored"]}
    headings = busy.locator("article h2").all_text_contents()
    assert {words.removesuffix("#") for words in headings} <= heard
    busy.emulate_media(media="print")
    assert all(busy.evaluate(DRAWN))


def test_all_of_a_page_arrives(browser, address):
    with Visit(browser, address) as visit:
        assert visit.unmounted() == []
        visit.page.wait_for_function(f"!{ARRIVING}")
        assert all(visit.page.evaluate(DRAWN))
        assert visit.jumps() <= 0.02


def test_a_page_opens_where_its_address_leads(busy, address):
    busy.goto(f"{address}#exercises")
    busy.wait_for_function(LIVES)
    assert not busy.evaluate(ARRIVING)
    assert all(busy.evaluate(DRAWN))
    top = "document.querySelector('#exercises').getBoundingClientRect().top"
    busy.wait_for_function(f"Math.abs({top}) < 100")


def test_a_page_that_is_read_again_is_drawn_where_it_was_left(busy, address):
    busy.goto(address)
    busy.wait_for_function(LIVES)
    busy.evaluate("scrollTo(0, 2000)")
    busy.reload()
    busy.wait_for_function(LIVES)
    assert not busy.evaluate(ARRIVING)
    assert all(busy.evaluate(DRAWN))
    busy.wait_for_function("scrollY > 1000")


def test_what_a_reader_goes_to_does_not_wait_for_its_turn(busy, address):
    busy.route("**/logits.mjs", lambda _: None)  # the first figure's, which never comes
    busy.goto(address, wait_until="domcontentloaded")
    busy.evaluate("document.querySelector('#exercises').scrollIntoView()")
    question = busy.locator("#exercises .sb-explorable").first
    question.locator("input").first.wait_for()
    assert busy.evaluate(ARRIVING)


def test_where_the_first_figure_never_comes_the_others_do(page, address):
    page.route("**/logits.mjs", lambda _: None)
    page.goto(address, wait_until="domcontentloaded")
    page.wait_for_function(f"!{ARRIVING}")
    assert not page.evaluate(LIVES)
    page.wait_for_function("document.querySelectorAll('[data-mounted=true]').length > 2")


def test_a_page_whose_script_never_comes_is_drawn(page, address):
    page.route("**/host.mjs", lambda route: route.abort())
    page.goto(address)
    page.wait_for_function(f"!{ARRIVING}")
    assert all(page.evaluate(DRAWN))


@pytest.mark.parametrize(("width", "room"), [(1280, 8), (390, 45)])
def test_a_question_is_as_high_before_it_lives(browser, address, width, room):
    heights = []
    for waits in (True, False):
        context = browser.new_context(viewport={"width": width, "height": 900})
        page = context.new_page()
        if waits:
            page.route("**/question.mjs", lambda _: None)
        page.goto(f"{address}#exercises", wait_until="domcontentloaded")
        if not waits:
            mounted = "[data-module=question]:not([data-mounted=true])"
            page.wait_for_function(f"!document.querySelector('{mounted}')")
        heights.append(
            page.evaluate("""() => [...document.querySelectorAll("[data-module=question]")].map(
          (each) => each.getBoundingClientRect().height)""")
        )
        context.close()
    before, after = heights
    assert len(before) > 2
    assert max(abs(one - two) for one, two in zip(before, after, strict=True)) <= room
