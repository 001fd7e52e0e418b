"""docs/dpia.md: an impact assessment in Dutch, written from what runs and from content/dpia.yaml.

The order of the headings is that of the government's model (Model DPIA Rijksdienst, version 3);
the words are our own. What no test holds is not claimed; what only people know is marked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from openregie.blind import content as blind_content
from openregie.blind.content import Content
from openregie.cli.papers import impact, tables, threats
from openregie.cli.papers.impact import Impact, Risk, Who
from openregie.cli.papers.tables import table
from openregie.cli.papers.threats import Threat
from openregie.insight.budget import MICRO

FILE = "dpia.md"
WHO = {
    Who.MUNICIPALITY: "de gemeente (proceseigenaar)",
    Who.OFFICER: "de functionaris gegevensbescherming (FG)",
    Who.LAWYER: "een jurist",
    Who.SECURITY: "de CISO",
}
PARTS = {1: "A. Wat er gebeurt", 11: "B. Mag het", 16: "C. Risico's", 17: "D. Maatregelen"}
_HEAD = """<!-- Made by `openregie check --write-docs` from content/ and security.md. -->
# DPIA: gegevensbeschermingseffectbeoordeling van Open Regie

> **In English.** This is the skeleton of a data protection impact assessment (GDPR article 35), in
> Dutch, for a Dutch municipality. It follows the 17 headings of the Dutch government's model in our
> own words and is written from what runs: the declared streams, rules, recipients, terms and exits.
> Each measure names the test that guards it, and a test checks that those tests exist. What only
> people can answer is marked "in te vullen", with who should. Answers go into content/dpia.yaml.
> A lawyer must confirm every legal statement before real use.

Dit is het geraamte van een DPIA. Het volgt de 17 punten van het Model DPIA Rijksdienst, in eigen
woorden. Wat hier staat, is gemaakt uit wat er draait. Een maatregel zonder test staat er niet in.
Wat alleen mensen weten, staat er als **in te vullen**. Uw antwoord zet u in `content/dpia.yaml`.
Daarna maakt `openregie check --write-docs` deze bladzijde opnieuw. Dit geraamte is geen advies van
de FG en geen oordeel van een jurist. Gaat er iets mis? Zie [incident.md](incident.md)."""


@dataclass(frozen=True, slots=True)
class Ground:
    """All from which the page is written."""

    content: Content
    impact: Impact
    threats: Mapping[int, Threat]


def text(content: Path, docs: Path) -> str:
    """The whole page. Raises what `blind.content.load` and `impact.load` raise."""
    ground = Ground(blind_content.load(content), impact.load(content), threats.read(docs))
    parts = [_HEAD, _open(ground.impact)]
    for number, (title, body) in enumerate(_SECTIONS, start=1):
        if number in PARTS:
            parts.append(f"## {PARTS[number]}")
        parts += [f"### {number}. {title}", body(ground), *_questions(ground.impact, number)]
    return "\n\n".join(part for part in parts if part) + "\n"


def test_of(name: str) -> str:
    """How a test is named on the page."""
    return name if name.startswith("`") else f"`{name}`"


def _open(known: Impact) -> str:
    todo = [one for one in known.questions if not one.answer]
    per = [f"{WHO[who]}: {sum(1 for one in todo if one.who is who)}" for who in Who]
    blank = sum(1 for risk in known.risks if not risk.chance or not risk.severity)
    return (
        f"**Nog open**: {len(todo)} van {len(known.questions)} vragen ({'; '.join(per)}), en kans "
        f"en ernst van {blank} van {len(known.risks)} risico's (de FG met de gemeente)."
    )


def _questions(known: Impact, heading: int) -> list[str]:
    return [
        f"**{one.text}**\n\n"
        + (one.answer or f"> **In te vullen** door {WHO[one.who]} (`questions: {one.id}`).")
        for one in known.under(heading)
    ]


def _proposal(_: Ground) -> str:
    return (
        "De gemeente koppelt gegevens van het sociaal domein in een verwerking zonder mensen. Wat "
        "eruit komt, is gesloten met de sleutel van de inwoner over wie het gaat. De weg van de "
        "gegevens staat in [path.md](path.md), de belofte en de grenzen in [security.md]"
        "(security.md). Er is geen score over een persoon en geen besluit door een machine: een "
        "regel noemt feiten, een artikel en een aanbod."
    )


def _data(ground: Ground) -> str:
    note = (
        "BSN, namen, adressen en bedragen zijn herkend aan hun soort kolom. De rest is ingedeeld in"
        " `content/dpia.yaml`. Schulden en uitkeringen zijn geen bijzondere gegevens in de wet, "
        "maar wel gevoelig. Een kolom die hier niet staat, weigert de hele levering "
        "(`tests/unit/streams/test_intake.py::"
        "test_columns_that_were_not_declared_refuse_the_whole_file`)."
    )
    rows = tables.sort_rows(ground.content, ground.impact)
    return f"{note}\n\n{table(('stroom', 'over wie', 'welke gegevens'), rows)}"


def _processing(ground: Ground) -> str:
    lanes = table(
        ("rijstrook", "over wie", "wat wordt gekoppeld", "uitkomst", "test"),
        (
            (f"`{lane}`", who, what, made, test_of(test))
            for lane, who, what, made, test in tables.LANES
        ),
    )
    exits = table(
        ("uitgang", "wat", "voor wie", "test"),
        ((f"`{name}`", what, who, test_of(test)) for name, what, who, test in tables.EXITS),
    )
    rules = table(
        ("regel", "rijstrook", "doel", "artikel", "welke feiten", "wat er nooit uit volgt"),
        tables.rule_rows(ground.content.rules.rules),
    )
    counts = table(
        ("telling", "stroom", "veld", "epsilon per keer"), tables.count_rows(ground.content)
    )
    a_year = ground.content.counts.epsilon_micro_a_year / MICRO
    return (
        f"Wat de verwerking mag koppelen, en over wie:\n\n{lanes}\n\n"
        f"Wat eruit gaat, en nergens anders langs:\n\n{exits}\n\n"
        f"De regels (met hun voorbeelden in [rules](rules/README.md)):\n\n{rules}\n\n"
        f"Tellingen. Samen kosten ze hoogstens epsilon {a_year:g} per jaar:\n\n{counts}"
    )


def _purposes(ground: Ground) -> str:
    streams = sorted(ground.content.streams.values(), key=lambda one: (one.purpose_id, one.name))
    names: dict[tuple[str, str], list[str]] = {}
    for stream in streams:
        names.setdefault((stream.purpose_id, stream.purpose.nl), []).append(f"`{stream.name}`")
    rows = ((f"`{key}`", words, ", ".join(of)) for (key, words), of in names.items())
    return table(("doel", "in woorden", "stromen"), rows)


def _parties(ground: Ground) -> str:
    policy, laws = ground.content.wording.policy, ground.content.wording.laws
    rows = tables.policy_rows(policy, laws)
    who = table(("rij", "wie", "wet", "feiten", "doel", "wat men ziet"), rows)
    return (
        "Wie iets per persoon krijgt omdat een wet dat zegt (`content/policies`). Wie hier"
        " niet staat, krijgt niets, en er is geen sleutel voor (`tests/unit/policy/"
        f"test_book.py::test_what_no_row_names_has_no_recipient`):\n\n{who}\n\n"
        "Verder: de bronnen van punt 9, de inwoner zelf, de drukkerij (adressen van uitnodigingen),"
        " de beheerder van de machines, de aanbieder van het inloggen (die ziet dat iemand inlogt) "
        "en de twee bewaarders van de sleuteldelen ([custody.md](custody.md))."
    )


def _interests(_: Ground) -> str:
    return "Wat het programma niet kan weten: welke belangen er bij u spelen."


def _places(_: Ground) -> str:
    return (
        "Alles draait op machines die de gemeente kiest; het programma roept zelf geen dienst "
        "elders aan. De verwerking loopt waar geen netwerk is (`tests/boundaries/"
        "test_no_network.py::"
        "test_the_blind_run_passes_inside_a_network_namespace_without_interfaces`)."
    )


def _technique(_: Ground) -> str:
    return (
        "Koppelen gebeurt op BSN waar dat mag, anders op naam, geboortedatum en adres met kansen. "
        "Alleen een zekere koppeling noemt een persoon (`tests/unit/linkage/test_link.py::"
        "test_what_is_not_certain_names_nobody`). Hoe het beslist en hoe vaak het fout gaat, staat "
        "met cijfers in [linkage.md](linkage.md) en [benchmarks.md](benchmarks.md). Dezelfde "
        "invoer geeft dezelfde bon (`tests/path/test_path.py::"
        "test_the_same_residents_seed_and_day_give_the_same_receipt`). Geen profiel, geen score, "
        "geen besluit: wat een regel zegt, staat bij punt 3."
    )


def _law(ground: Ground) -> str:
    head = (
        "stroom",
        "bron",
        "wet en artikel",
        "rijstroken",
        "doel",
        "ontvangers",
        "de leverancier verklaart",
    )
    return (
        'Elke stroom noemt zijn wet. "Zeker" wil zeggen: artikel en lid zijn bekend. Ook dat moet'
        " een jurist bevestigen. Een levering zonder de verklaringen wordt geweigerd "
        "(`tests/unit/streams/test_intake.py::"
        "test_a_manifest_that_does_not_fit_is_refused_with_its_reason`).\n\n"
        + table(head, tables.stream_rows(ground.content))
    )


def _terms(ground: Ground) -> str:
    return (
        "Een levering na haar termijn wordt niet meer geopend (`tests/unit/streams/test_intake.py::"
        "test_an_old_delivery_is_warned_about_and_one_past_its_term_is_not_opened`). Een bericht "
        "verdwijnt uit het postvak bij de eerste verwerking zonder dat gegeven "
        "(`tests/unit/items/test_ledger.py::"
        "test_what_is_gone_is_removed_and_its_number_is_never_used_again`).\n\n"
        + table(("stroom", "soort", "niet ouder dan", "bewaard"), tables.term_rows(ground.content))
    )


def _ground(_: Ground) -> str:
    return (
        "De grondslag van elke bron staat bij punt 9. Meedoen is vragen om het eigen overzicht; "
        "toestemming maakt een ontbrekende grondslag tussen domeinen niet goed."
    )


def _special(ground: Ground) -> str:
    known = ground.impact.data
    named = [
        f"`{name}` ({data.special_kind})" for name, data in sorted(known.items()) if data.special
    ]
    return (
        f"Bijzondere gegevens komen uit: {', '.join(named)}. Het BSN staat in de stromen van punt 2"
        " en komt niet in de gesloten zone (`tests/boundaries/test_no_plaintext.py::"
        "test_no_file_of_the_zones_holds_a_name_or_a_citizen_number`)."
    )


def _purpose_limit(_: Ground) -> str:
    return (
        "Voor wie een bericht bestaat, wordt beslist bij het sluiten, uit wet, rijstrook, doel en "
        "soort feit samen. Een regel van het eigen overzicht heeft geen andere lezer dan de inwoner"
        " (`tests/unit/rules/test_book.py::"
        "test_an_own_view_rule_has_no_other_audience_than_the_resident`)."
    )


def _necessity(_: Ground) -> str:
    return (
        "Het programma vraagt alleen aangegeven kolommen, koppelt alleen wie meedoet, en toont "
        "alleen aan wie het aangaat. Een signaal van een huisgenoot zegt de lezer niets "
        "(`tests/unit/signals/test_apply.py::"
        "test_a_partner_who_reads_sees_no_sign_of_the_others_arrears`). Of dat genoeg is, beslist "
        "u."
    )


_PATH = "tests/path/test_path.py::test_"
_ENROLMENT = "tests/tables/test_enrolment.py::test_"
RIGHTS = (
    (
        "weten (13, 14)",
        "bij elk gegeven staan bron, wet en de dag waarop het verdwijnt",
        f"{_PATH}each_fact_names_source_law_and_the_day_it_is_forgotten",
    ),
    (
        "inzage (15)",
        "het eigen overzicht, en het logboek van de eigen kluis",
        f"{_ENROLMENT}a_resident_opens_the_log_of_their_own_vault",
    ),
    (
        "verbeteren (16)",
        "dit klopt niet, dit is betaald, dit gaat niet over mij",
        f"{_PATH}not_me_undoes_the_link_and_the_fact_is_gone",
    ),
    (
        "wissen (17)",
        "`openregie erase`",
        "tests/tables/test_erasure.py::test_an_erasure_leaves_nothing_but_commitments",
    ),
    (
        "beperken (18)",
        "een betwist gegeven telt in geen bericht mee",
        f"{_PATH}a_disputed_fact_says_so_and_counts_in_no_signal",
    ),
    (
        "bezwaar (21)",
        "een stroom uit het eigen overzicht halen",
        f"{_PATH}an_objection_takes_a_stream_out_of_the_own_view",
    ),
    (
        "stoppen (7 lid 3)",
        "alles gaat meteen weg",
        f"{_ENROLMENT}withdrawing_deletes_items_wraps_and_keys_at_once_and_tells_the_run",
    ),
)
"""Rights of the GDPR by article, what answers them, and its test."""


def _rights(_: Ground) -> str:
    rows = ((right, how, test_of(test)) for right, how, test in RIGHTS)
    return (
        table(("recht (AVG artikel)", "hoe", "test"), rows)
        + "\n\nWat een bron bewaart, blijft van die bron: daar vraagt een inwoner het zelf."
    )


def _risks(ground: Ground) -> str:
    blank = "**in te vullen**"
    rows = (
        (f"R{at}", risk.title, risk.harm, risk.chance or blank, risk.severity or blank)
        for at, risk in enumerate(ground.impact.risks, start=1)
    )
    note = (
        "Het programma weegt geen risico's. Kans en ernst vult de FG in, samen met de gemeente "
        "(`content/dpia.yaml`, `chance` en `severity`: laag, middel of hoog)."
    )
    return f"{note}\n\n{table(('', 'risico', 'gevolg voor mensen', 'kans', 'ernst'), rows)}"


def _measures(ground: Ground) -> str:
    blocks = [
        _measure(at, risk, ground.threats.get(risk.threat))
        for at, risk in enumerate(ground.impact.risks, start=1)
    ]
    note = (
        "Per risico de maatregel, de tests die falen als hij stuk gaat, en wat er nog niet is "
        "(zoals [security.md](security.md) het zegt, in het Engels)."
    )
    return "\n\n".join([note, *blocks])


def _measure(at: int, risk: Risk, threat: Threat | None) -> str:
    tests = [*(threat.tests if threat else ()), *map(test_of, risk.tests)]
    lines = [f"**R{at}. {risk.title}.** {risk.measure}"]
    if threat:
        lines[0] += f" ([dreiging {threat.number}](security.md#{threat.anchor}))"
        if threat.missing:
            lines.append(f"- Nog niet: *{threat.missing}*")
    lines.append("- Bewaakt door: " + ", ".join(dict.fromkeys(tests)))
    return "\n".join([lines[0], "", *lines[1:]])


_SECTIONS: tuple[tuple[str, Callable[[Ground], str]], ...] = (
    ("Voorstel", _proposal),
    ("Persoonsgegevens", _data),
    ("Gegevensverwerkingen", _processing),
    ("Verwerkingsdoeleinden", _purposes),
    ("Betrokken partijen", _parties),
    ("Belangen", _interests),
    ("Verwerkingslocaties", _places),
    ("Techniek en methode", _technique),
    ("Juridisch en beleidsmatig kader", _law),
    ("Bewaartermijnen", _terms),
    ("Rechtsgrond", _ground),
    ("Bijzondere persoonsgegevens", _special),
    ("Doelbinding", _purpose_limit),
    ("Noodzaak en evenredigheid", _necessity),
    ("Rechten van betrokkenen", _rights),
    ("Risico's voor betrokkenen", _risks),
    ("Maatregelen", _measures),
)
"""The model's 17 headings, in its order."""
