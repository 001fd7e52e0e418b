"""From nothing to mended: the real pages, the real server, the real run."""

import pytest

from visit import DESK, PHONE, violations

pytestmark = pytest.mark.browser

RUN_MS = 120_000


def make_paper_key(me, persona, *, helper=None):
    """Enrol with a code on paper, as a person would; returns the code as it stood on the screen."""
    page = me.page
    me.log_in(persona["name"], "/welkom/")
    page.locator("#geboortejaar").fill(str(persona["birthYear"]))
    page.locator("#voorletters").fill(persona["initials"].lower())
    me.shot("reis-1-vragen")
    page.get_by_role("button", name="Verder").click()
    page.get_by_text("Samen met iemand die helpt" if helper else "Met een code op papier").click()
    assert violations(page) == []
    me.shot("reis-2-sleutel")
    page.get_by_role("button", name="Maak mijn sleutel").click()
    if helper:
        page.locator("#helper").fill(helper)
        page.get_by_role("button", name="Verder").click()
        page.get_by_text("Vraag uw helper nu even weg te kijken").wait_for()
    page.locator("ol.or-code").wait_for()
    assert violations(page) == []
    me.shot("reis-3-code")
    groups = [group.inner_text().split()[-1] for group in page.locator("ol.or-code li").all()]
    page.locator("#groep").fill("0000")
    page.get_by_role("button", name="Ik heb mijn code bewaard").click()
    page.get_by_text("Dit is niet groep 5").wait_for()
    page.locator("#groep").fill(groups[4].lower())
    page.get_by_role("button", name="Ik heb mijn code bewaard").click()
    page.get_by_role("heading", name="Klaar. Uw sleutel werkt.").wait_for()
    assert violations(page) == []
    return "-".join(groups)


def test_enrol_on_paper_read_dispute_run_again_and_see_it_mended(reader):
    me = reader(PHONE)
    persona = me.town.persona("Samira")
    code = make_paper_key(me, persona)
    page = me.page
    page.get_by_text("Uw gegevens staan klaar").wait_for(timeout=RUN_MS)
    me.shot("reis-4-klaar")
    page.get_by_role("button", name="Open mijn pagina").click()
    page.locator(".or-home").wait_for()
    assert page.url.endswith("/mijn/#/")
    assert page.locator("h1").inner_text().startswith("Dag Samira")
    assert page.get_by_text("misschien niet van u").count() == 0
    me.shot("reis-5-overzicht")

    me.at("wonen")
    page.locator("details.or-factrow", has_text="Water").locator("summary").click()
    page.get_by_role("button", name="Dit klopt niet").first.click()
    page.get_by_text("Dit ben ik niet").click()
    page.locator("#toelichting").fill("Ik woon hier nog maar net.")
    me.shot("reis-6-klopt-niet")
    page.get_by_role("button", name="Verstuur").click()
    page.get_by_text("Uw antwoord is verstuurd").wait_for()
    assert violations(page) == []
    me.shot("reis-7-verstuurd")

    mended = page.locator("details.or-factrow", has_text="Water")
    for _ in range(60):
        page.wait_for_timeout(2_000)
        me.go("/mijn/")
        if page.locator("main a.utrecht-button--primary-action", has_text="Inloggen").count():
            me.log_in(persona["name"])
        page.locator("#code").fill(code.replace("-", " ").lower())
        page.locator("form button[type=submit]").click()
        page.locator(".or-home").wait_for()
        me.at("wonen")
        if mended.count() == 0 or page.get_by_text("U zei op").count():
            break
    me.shot("reis-8-hersteld")
    assert mended.count() == 0 or page.get_by_text("U zei op").count()

    me.at("wie-keek-mee")
    lines = page.locator(".or-event__what").all_inner_texts()
    assert {
        "U maakte een sleutel",
        "U verstuurde een antwoord",
        "De computer legde uw gegevens bij elkaar",
    } <= set(lines)
    assert page.get_by_role("heading", name="Nagekeken door uw eigen apparaat").first.count()
    me.shot("reis-9-wie-keek-mee")


def test_enrol_with_a_passkey_and_open_with_it_again(reader):
    me = reader(PHONE)
    session = me.context.new_cdp_session(me.page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "hasPrf": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    persona = me.town.persona("Johanna")
    me.log_in(persona["name"], "/welkom/")
    page = me.page
    page.locator("#geboortejaar").fill(str(persona["birthYear"]))
    page.locator("#voorletters").fill(persona["initials"])
    page.get_by_role("button", name="Verder").click()
    page.get_by_text("Met dit apparaat").click()
    page.get_by_role("button", name="Maak mijn sleutel").click()
    page.get_by_role("heading", name="Klaar. Uw sleutel werkt.").wait_for()
    page.get_by_text("Uw gegevens staan klaar").wait_for(timeout=RUN_MS)
    me.go("/mijn/")
    page.get_by_role("button", name="Open met dit apparaat").click()
    page.locator(".or-home").wait_for()
    assert page.locator("h1").inner_text().startswith("Dag Johanna")
    me.at("instellingen").get_by_text("Apparaat met vinger, gezicht of pincode").wait_for()


def test_help_at_the_kitchen_table_is_in_the_log_and_stopping_wipes_everything(reader):
    me = reader(DESK)
    persona = me.town.persona("Tom")
    make_paper_key(me, persona, helper="bibliotheek")
    page = me.page
    page.get_by_text("Uw gegevens staan klaar").wait_for(timeout=RUN_MS)
    page.get_by_role("button", name="Open mijn pagina").click()
    page.get_by_role("heading", name="Er is niets bijzonders").wait_for()
    me.shot("staat-niets-bijzonders")
    me.at("wie-keek-mee").get_by_text("met hulp van bibliotheek").wait_for()
    me.at("instellingen").get_by_role(
        "button", name="Open voortaan sneller op dit apparaat"
    ).click()
    page.get_by_text("Uw nieuwe sleutel werkt").wait_for()
    me.go("/mijn/")
    page.get_by_role("button", name="Open mijn pagina").click()
    page.locator(".or-home").wait_for()
    me.at("instellingen").get_by_role("button", name="Ik wil stoppen").click()
    page.get_by_role("button", name="Ja, ik stop").click()
    page.get_by_role("heading", name="U doet niet meer mee").wait_for()
    me.go("/mijn/")
    page.get_by_role("heading", name="U doet nog niet mee").wait_for()


def test_the_code_sheet_is_one_page_with_a_square_that_holds_the_code(reader):
    me = reader(DESK)
    me.context.add_init_script("window.print = () => {}")
    persona = me.town.persona("Ewa")
    me.log_in(persona["name"], "/welkom/")
    page = me.page
    page.locator("#geboortejaar").fill(str(persona["birthYear"]))
    page.locator("#voorletters").fill(persona["initials"])
    page.get_by_role("button", name="Verder").click()
    page.get_by_text("Met een code op papier").click()
    page.get_by_role("button", name="Maak mijn sleutel").click()
    page.get_by_role("button", name="Print mijn codeblad").click()
    page.emulate_media(media="print")
    assert page.locator("#codeblad").is_visible()
    assert not page.locator("main").is_visible()
    assert page.locator("#codeblad .or-qr svg path").count() == 1
    me.shot("codeblad")
    assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1
