"""Leaving fast, locking, and keeping nothing: what a shared phone and a pair of eyes demand."""

import re

import pytest

from visit import PHONE

pytestmark = pytest.mark.browser

WEATHER = re.compile(r"https://www\.knmi\.nl/")


def weather(me):
    """Answer for the weather site, so that no test leaves this machine."""
    me.context.route(
        WEATHER, lambda route: route.fulfill(body="<title>Weer</title>", content_type="text/html")
    )
    return me


def test_snel_weg_forgets_everything_and_leaves_no_way_back(reader):
    me = weather(reader())
    page = me.enter("Noor")
    page.evaluate("localStorage.setItem('openregie.answers', '{\"x\":\"not_now\"}')")
    page.locator("[data-leave]").click()
    page.wait_for_url(WEATHER)
    page.go_back()
    page.wait_for_timeout(500)
    assert "/mijn/" not in page.url
    assert "Dag Noor" not in page.locator("body").inner_text()
    page.goto(me.town.origin + "/hulp/")
    assert page.evaluate("Object.keys(localStorage)") == []


def test_three_times_escape_leaves_too(reader):
    me = weather(reader())
    page = me.enter("Noor")
    for _ in range(2):
        page.keyboard.press("Escape")
    assert "/mijn/" in page.url
    page.keyboard.press("Escape")
    page.wait_for_url(WEATHER)


@pytest.mark.parametrize("path", ["/welkom/", "/hulp/", "/openheid/", "/mijn/", "/welkom/sleutel/"])
def test_every_page_has_the_quick_exit(visitor, path):
    me = visitor(PHONE)
    me.go(path)
    assert me.settled().locator("[data-leave]").is_visible()


def test_leaving_ends_the_session(reader):
    me = weather(reader())
    page = me.enter("Noor")
    page.locator("[data-leave]").click()
    page.wait_for_url(WEATHER)
    page.wait_for_timeout(500)
    me.go("/mijn/")
    page.get_by_role("link", name="Inloggen").wait_for()


def test_a_quarter_of_an_hour_of_nothing_locks_the_screen(reader):
    me = reader()
    me.page.clock.install()
    page = me.enter("Noor")
    page.clock.fast_forward("14:30")
    assert page.locator(".or-home").is_visible()
    page.clock.fast_forward("00:45")
    page.get_by_role("heading", name="Uw scherm ging op slot").wait_for()
    assert "Noor" not in page.locator("main").inner_text()


def test_nothing_is_kept_on_the_device_unless_asked(reader):
    me = reader()
    page = me.enter("Noor")
    me.at("bericht/1").get_by_role("button", name="Nu niet").click()
    page.get_by_text("Dit blijft op uw eigen telefoon").wait_for()
    assert page.evaluate(
        "[Object.keys(localStorage), Object.keys(sessionStorage), document.cookie]"
    ) == [[], [], ""]
    assert (
        page.evaluate(
            "indexedDB.databases().then(all => all.filter(one => one.version > 1).length)"
        )
        == 0
    )


def test_not_now_and_help_send_nothing(reader):
    me = reader()
    me.enter("Noor")
    page = me.at("bericht/1")
    page.wait_for_timeout(400)
    before = len(me.asked)
    page.get_by_role("button", name="Nu niet").click()
    page.get_by_role("button", name="Help mij").click()
    page.get_by_text("Er is niets verstuurd").wait_for()
    assert me.asked[before:] == []


def test_a_reload_locks(reader):
    me = reader()
    page = me.enter("Noor")
    page.reload()
    page.locator("#code").wait_for()
    assert "Noor" not in page.locator("main").inner_text()


def test_logging_out_closes_everything(reader):
    me = reader()
    page = me.enter("Noor")
    page.get_by_role("button", name="Uitloggen").click()
    page.get_by_role("heading", name="U bent uitgelogd").wait_for()
    me.go("/mijn/")
    page.get_by_role("link", name="Inloggen").wait_for()


def test_reading_aloud_is_offered_only_with_a_voice_of_the_device(chromium, served_town):
    for is_local, visible in ((True, True), (False, False)):
        context = chromium.new_context(locale="nl-NL")
        local = str(is_local).lower()
        voice = f"{{ lang: 'nl-NL', localService: {local}, name: 'x', voiceURI: 'x' }}"
        context.add_init_script(f"speechSynthesis.getVoices = () => [{voice}]")
        page = context.new_page()
        page.goto(served_town.origin + "/hulp/")
        page.wait_for_timeout(300)
        assert page.locator("#lees-voor").is_visible() is visible
        context.close()


def test_without_a_network_what_is_open_stays_and_the_page_says_so(reader):
    me = reader()
    page = me.enter("Noor")
    me.context.set_offline(True)
    assert me.at("geld").locator("h1").inner_text() == "Geld"
    me.at("wie-keek-mee").get_by_role("heading", name="U heeft geen internet").wait_for()
    me.shot("staat-geen-internet")
    me.context.set_offline(False)
    page.get_by_role("button", name="Probeer opnieuw").click()
    page.get_by_role("heading", name="Wie keek mee").wait_for()


def test_a_fault_says_that_nothing_is_lost_and_gives_a_number(reader):
    me = reader()
    page = me.enter("Noor")
    me.context.route(
        re.compile("/v1/log-entries"),
        lambda route: route.fulfill(
            status=503,
            body="{}",
            headers={
                "Access-Control-Allow-Origin": me.town.origin,
                "Access-Control-Allow-Credentials": "true",
            },
        ),
    )
    me.at("wie-keek-mee").get_by_role("heading", name="Dit lukte niet").wait_for()
    me.shot("staat-fout")
    words = page.locator("main").inner_text()
    assert "Er is niets gedeeld en niets gewist." in words
    assert "503" in words


def test_a_wrong_code_says_what_is_wrong_and_asks_the_server_nothing(reader):
    me = reader()
    noor = me.town.persona("Noor")
    me.log_in(noor["name"])
    page = me.page
    field, open_it = page.locator("#code"), page.locator("form button[type=submit]")
    field.wait_for()
    before = len(me.asked)
    for typed, says in (
        ("K7QM", "Er missen tekens"),
        (noor["code"] + "AA", "te veel tekens"),
        ("U" + noor["code"][1:], "In groep 1 staat een teken"),
        (me.town.persona("Ahmet")["code"], "Deze code past niet"),
    ):
        field.fill(typed)
        open_it.click()
        page.get_by_text(says).wait_for()
    assert me.asked[before:] == []


def forget_who_made_the_key(route):
    """Answer as for a key made without the two questions: they are asked at opening."""
    answer = route.fetch()
    vault = answer.json()
    for wrap in vault["wraps"]:
        wrap["params"] = {}
    route.fulfill(response=answer, json=vault)


def test_what_may_be_someone_elses_is_hidden(reader):
    me = reader()
    noor = me.town.persona("Noor")
    page = me.page
    page.route("**/v1/vault", forget_who_made_the_key)
    me.log_in(noor["name"])
    page.locator("#code").fill(noor["code"])
    page.locator("form button[type=submit]").click()
    page.locator("#geboortejaar").fill("1950")
    page.locator("#voorletters").fill("Q.")
    page.locator("form button[type=submit]").click()
    page.get_by_text("misschien niet van u").first.wait_for()
    me.shot("staat-niet-van-u")
    assert "Bakker" not in page.locator("main").inner_text()
    assert "€" not in page.locator("main").inner_text()
