"""Every page, on a phone and on a wide screen: accessible, reflowing, quiet and fair."""

import re

import pytest

from visit import DESK, PHONE, violations

pytestmark = pytest.mark.browser

PUBLIC = (
    "/welkom/",
    "/hulp/",
    "/openheid/",
    "/en/welkom/",
    "/en/hulp/",
    "/en/openheid/",
    "/bestaat-niet",
)
LOCKED = ("/mijn/", "/welkom/sleutel/", "/en/mijn/")
PLACES = (
    "",
    "geld",
    "wonen",
    "zorg",
    "werk",
    "gezin",
    "bericht/1",
    "bericht/99",
    "hulp",
    "delen",
    "wie-keek-mee",
    "instellingen",
)
SIZES = pytest.mark.parametrize("size", [PHONE, DESK], ids=["360", "1280"])
SMALL = 44


def overflows(page):
    return page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )


def inline(page):
    """Inline style and script, which the policy forbids; the import map is allowed by its hash."""
    return page.evaluate(
        """() => [...document.querySelectorAll('*')].filter(n =>
            n.matches('[style]:not([style=""]), style, script:not([src]):not([type=importmap])')
            || [...n.attributes].some(a => a.name.startsWith('on'))
        ).map(n => n.cloneNode().outerHTML)"""
    )


@SIZES
@pytest.mark.parametrize("path", PUBLIC + LOCKED)
def test_a_page_before_the_lock_is_accessible_and_has_nothing_inline(visitor, size, path):
    me = visitor(size)
    me.go(path)
    page = me.settled()
    assert inline(page) == []
    me.shot("pagina" + re.sub(r"\W+", "-", path).rstrip("-"))
    assert violations(page) == []
    assert not overflows(page)
    assert page.locator("main h1").count() == 1
    assert me.errors == []


@SIZES
@pytest.mark.parametrize("place", PLACES)
def test_a_place_behind_the_lock_is_accessible_and_has_nothing_inline(noor, size, place):
    me = noor(size)
    page = me.at(place)
    assert inline(page) == []
    me.shot("mijn-" + (place.replace("/", "-") or "overzicht"))
    assert violations(page) == []
    assert not overflows(page)
    assert page.locator("main h1").count() == 1
    assert me.errors == []


@pytest.mark.parametrize("place", ["", "geld", "bericht/1", "instellingen"])
def test_everything_fits_320_pixels_and_wide_text_spacing(reader, place):
    me = reader((320, 640))
    me.enter("Noor")
    page = me.at(place)
    assert not overflows(page)
    sheet = """* { line-height: 1.5 !important; letter-spacing: .12em !important;
        word-spacing: .16em !important } p { margin-block-end: 2em !important }"""
    page.evaluate(
        """text => { const sheet = new CSSStyleSheet(); sheet.replaceSync(text);
            document.adoptedStyleSheets = [sheet] }""",
        sheet,
    )
    assert not overflows(page)


@SIZES
def test_what_can_be_tapped_is_large_enough(noor, size):
    page = noor(size).at("")
    small = page.evaluate(
        """least => [...document.querySelectorAll('main button, main a, nav a, a, summary')]
        .filter(n => n.checkVisibility() && !n.closest('p'))
        .map(n => [n.textContent.trim(), n.getBoundingClientRect().height])
        .filter(([, height]) => height < least - 0.5)""",
        SMALL,
    )
    assert small == []


def test_titles_name_the_kind_of_page_and_never_its_content(noor):
    me = noor(PHONE)
    titles = {place: me.at(place).title() for place in PLACES}
    kinds = {title.split(" \N{EN DASH} ")[0] for title in titles.values()}
    assert kinds <= {
        "Overzicht",
        "Onderwerp",
        "Bericht",
        "Hulp",
        "Delen",
        "Wie keek mee",
        "Instellingen",
    }


def test_at_most_three_things_stand_out_each_with_one_small_step(noor):
    page = noor(PHONE).at("")
    cards = page.locator(".or-home > section").first.locator(".or-signal")
    assert 1 <= cards.count() <= 3
    for card in cards.all():
        assert card.locator(".or-step").count() == 1


def test_opening_a_message_or_a_domain_asks_nothing_of_the_server(noor):
    me = noor(PHONE)
    me.at("")
    me.page.wait_for_timeout(300)
    before = len(me.asked)
    for place in ("bericht/1", "geld", "wonen", "zorg", "werk", "gezin", "delen", "hulp", ""):
        me.at(place)
    assert me.asked[before:] == []


def test_the_four_answers_are_equally_large_and_nothing_is_chosen_in_advance(noor):
    page = noor(PHONE).at("bericht/1")
    boxes = [answer.bounding_box() for answer in page.locator(".or-answer").all()]
    assert len(boxes) == 4
    assert len({(round(box["width"]), round(box["height"])) for box in boxes}) == 1
    for place in PLACES:
        page = noor(PHONE).at(place)
        assert page.locator("input:checked").count() == 0


def test_yes_and_no_are_equally_large(reader, noor):
    page = reader().go("/welkom/")
    yes, no = (page.locator(f"[data-{answer}]").bounding_box() for answer in ("yes", "no"))
    assert (yes["width"], yes["height"]) == (no["width"], no["height"])
    page = noor(PHONE).at("geld")
    page.locator("details.or-factrow summary").first.click()
    page.get_by_role("button", name="Dit klopt niet").first.click()
    send, leave = (page.locator("dialog .or-actions button").nth(n).bounding_box() for n in (0, 1))
    assert (send["width"], send["height"]) == (leave["width"], leave["height"])
    assert violations(page) == []
    noor(PHONE).shot("mijn-klopt-niet")
    page.get_by_role("button", name="Niet versturen").click()
    page = noor(PHONE).at("instellingen")
    page.get_by_role("button", name="Ik wil stoppen").click()
    stop, stay = (page.locator("dialog .or-actions button").nth(n).bounding_box() for n in (0, 1))
    assert (stop["width"], stop["height"]) == (stay["width"], stay["height"])
    assert page.locator("dialog .or-actions .utrecht-button--primary-action").count() == 0
    assert violations(page) == []
    noor(PHONE).shot("mijn-stoppen")
    page.get_by_role("button", name="Nee, ik blijf meedoen").click()


def test_a_shared_message_says_above_the_page_that_debt_help_sees_it(noor):
    page = noor(PHONE).at("bericht/1")
    assert page.locator("#wie-ziet-dit").inner_text().startswith("U en schuldhulp zien dit")
    assert noor(PHONE).at("").locator("#wie-ziet-dit").inner_text().startswith("Alleen u ziet dit")


def test_the_focus_is_seen_and_never_covered_by_a_bar(noor):
    page = noor(PHONE).at("")
    page.locator("main").focus()
    for _ in range(14):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            """() => { const n = document.activeElement, s = getComputedStyle(n);
            const r = n.getBoundingClientRect();
            const top = document.elementFromPoint(r.left + r.width / 2, r.top + r.height / 2);
            return { name: n.textContent.trim(),
                     ring: s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2,
                     free: Boolean(top) && (n.contains(top) || top.contains(n)) } }"""
        )
        assert seen["ring"], seen
        assert seen["free"], seen


def test_forced_colours_keep_every_page_readable(reader):
    me = reader(PHONE, forced_colors="active")
    me.enter("Noor")
    for place in ("", "bericht/1", "wie-keek-mee"):
        page = me.at(place)
        me.shot("contrast-" + (place.replace("/", "-") or "overzicht"))
        assert violations(page) == []


def test_the_public_page_is_light(reader):
    me = reader()
    answers = []
    me.page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 - a bound method has no place for what Playwright notes on it
    me.go("/openheid/").wait_for_load_state("networkidle")
    assert sum(answer.request.sizes()["responseBodySize"] for answer in answers) < 100_000


def test_english_is_an_address_without_a_cookie(reader):
    me = reader()
    page = me.go("/welkom/")
    page.locator("[data-language]").click()
    page.wait_for_url("**/en/welkom/")
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("h1").inner_text() == "Your data in one place. Only you can read it."
    assert [cookie for cookie in me.context.cookies() if cookie["name"] == "taal"] == []


def test_pages_say_what_they_are_without_script(chromium, served_town):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    for path, words in (
        ("/welkom/", "Meedoen hoeft niet."),
        ("/hulp/", "14 000"),
        ("/openheid/", "Dit kunnen wij niet beloven"),
        ("/mijn/", "heeft JavaScript nodig"),
    ):
        page.goto(served_town.origin + path)
        assert words in page.locator("main").inner_text()
    context.close()
