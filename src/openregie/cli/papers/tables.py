"""What runs, as tables in Dutch: streams, rules, recipients, counts, terms and exits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from openregie.blind.content import Content
from openregie.blind.streams.stream import Kind, Stream
from openregie.cli.papers.impact import Data, Impact, Sort
from openregie.insight.budget import MICRO
from openregie.policy.book import PolicyBook
from openregie.policy.question import Action
from openregie.policy.table import permits
from openregie.rules.rule import Rule
from openregie.terms import Lane

CERTAINTY = {"sure": "zeker", "verify": "nog na te kijken door een jurist"}
KINDS = {Kind.SNAPSHOT: "momentopname: de nieuwste vervangt de vorige", Kind.EVENTS: "meldingen"}
LANES = (
    (
        Lane.WGS,
        "iedereen die geleverd is, door de wet",
        "open rekeningen op een adres",
        "een bericht voor schuldhulp en voor de inwoner",
        "tests/unit/signals/test_apply.py::test_two_suppliers_on_one_address_reach_the_debt_team_without_enrolment",
    ),
    (
        Lane.OWN_VIEW,
        "alleen wie meedoet; stoppen maakt er een eind aan",
        "alle aangegeven stromen over die persoon",
        "berichten die alleen die persoon opent",
        "tests/unit/situations/test_assess.py::test_who_did_not_enrol_is_in_no_own_view_table",
    ),
    (
        Lane.COUNTS,
        "niemand per persoon",
        "alleen de velden in content/counts.yaml",
        "tellingen met ruis, uit een budget",
        "tests/unit/insight/test_counts.py::test_a_spent_budget_refuses_and_publishes_nothing",
    ),
)
_PATH = "tests/path/test_path.py::test_"
EXITS = (
    (
        "items",
        "gesloten berichten",
        "de inwoner zelf",
        f"{_PATH}a_reader_opens_nothing_of_another_reader",
    ),
    (
        "events",
        "regels van het logboek, gesloten",
        "de inwoner zelf",
        "tests/boundaries/test_no_plaintext.py::test_no_file_of_the_zones_holds_a_planted_value",
    ),
    (
        "team_parts",
        "meldingen zoals geleverd, gesloten",
        "een team dat de wet noemt, na de brief aan de inwoner",
        f"{_PATH}the_debt_team_gets_reports_as_delivered_and_only_after_the_letter",
    ),
    (
        "labels",
        "adreslabels van uitnodigingen, gesloten",
        "de drukkerij",
        f"{_PATH}labels_can_be_opened_by_the_print_house_alone",
    ),
    (
        "counts",
        "tellingen met ruis",
        "iedereen",
        "tests/unit/insight/test_counts.py::test_noise_has_the_size_that_epsilon_buys",
    ),
    (
        "relations",
        "getekende uitspraken over postvakken",
        "de gesloten zone",
        "tests/tables/test_hand_over.py::test_statements_replace_and_team_items_stay",
    ),
    (
        "returns",
        "rijen die niet kloppen of twijfelachtig zijn, met alleen eigen kolommen",
        "de bron die ze stuurde",
        "tests/path/test_returns_open.py::test_the_key_of_another_source_opens_nothing",
    ),
    (
        "receipt",
        "totalen: rijen, koppelingen, berichten",
        "de beheerder",
        f"{_PATH}the_receipt_says_nothing_by_rule_place_or_trait",
    ),
)
"""Every function of `openregie.blind.exits` through which something leaves, for whom, its test."""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown; bars in cells are escaped."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |"
        for row in lines
    )


def sort_rows(content: Content, impact: Impact) -> Iterator[tuple[str, ...]]:
    """Per stream: about whom, and its columns by kind of data."""
    for name, stream in sorted(content.streams.items()):
        data = impact.data.get(name)
        if data is None:
            yield f"`{name}` {stream.title.nl}", "**in te vullen door de FG**", "nog niet ingedeeld"
        else:
            yield f"`{name}` {stream.title.nl}", data.about, "; ".join(_sorted(stream, data))


def _sorted(stream: Stream, data: Data) -> Iterator[str]:
    for sort in Sort:
        names = [column.words.nl for column in stream.columns if data.sort_of(column) is sort]
        if names:
            kind = f" ({data.special_kind})" if sort is Sort.SPECIAL and data.special_kind else ""
            marked = f"**{sort}{kind}**" if sort in {Sort.SPECIAL, Sort.NUMBER} else str(sort)
            yield f"{marked}: {', '.join(dict.fromkeys(names))}"


def stream_rows(content: Content) -> Iterator[tuple[str, ...]]:
    """Per stream: source, law, lanes, purpose and what a supplier attests."""
    for name, stream in sorted(content.streams.items()):
        attests = " ".join(one.words.nl for one in stream.attests) or "niets"
        yield (
            f"`{name}`",
            stream.source.nl,
            law(stream, content.wording.laws),
            ", ".join(stream.lanes),
            stream.purpose.nl,
            ", ".join(recipient_names(stream, content.wording.policy)),
            attests,
        )


def law(stream: Stream, laws: Mapping[str, Mapping[str, str]]) -> str:
    """Law, article, decree and how certain they are."""
    named = f"{laws[stream.law]['nl']}, {stream.article}"
    return f"{named}{'; ' + stream.decree if stream.decree else ''} ({CERTAINTY[stream.certainty]})"


def recipient_names(stream: Stream, policy: PolicyBook) -> list[str]:
    """Who may receive something per person from a stream: the run's own policy is asked."""
    if stream.sealed_return:
        return ["niemand: het gaat terug naar de verwerking"]
    names = ["de inwoner zelf, als die meedoet"] if Lane.OWN_VIEW in stream.lanes else []
    if Lane.WGS in stream.lanes:
        asked = policy.recipients(
            law=stream.law,
            lane=Lane.WGS,
            purpose=stream.purpose_id,
            fact=stream.fact,
        )
        names += [
            f"{policy.vocabulary.teams[one.question.who].name['nl']} (`{one.articles[0].id}`)"
            for one in asked
        ]
    return names or ["niemand per persoon: alleen tellingen met ruis"]


def policy_rows(
    policy: PolicyBook, laws: Mapping[str, Mapping[str, str]]
) -> Iterator[tuple[str, ...]]:
    """Every recipient that a law names, without the resident's yes."""
    known = policy.vocabulary
    for one in permits(policy):
        if one.action is Action.RECEIVE:
            row = known.articles[one.policy]
            named = f"{laws[row.law]['nl']}, {row.article} ({CERTAINTY[row.certainty]})"
            who = known.teams[one.team].name["nl"]
            yield f"`{row.id}`", who, named, one.data, one.purpose, row.sees["nl"]


def rule_rows(rules: tuple[Rule, ...]) -> Iterator[tuple[str, ...]]:
    """Per rule: purpose, article, facts, who reads it and what never follows."""
    for rule in sorted(rules, key=lambda one: (one.name, one.version)):
        facts = sorted({kind for one in rule.sets for kind in one.kinds})
        yield (
            f"[{rule.name}](rules/{rule.name}.md)",
            str(rule.lane),
            rule.purpose.nl,
            f"{rule.article} ({CERTAINTY[rule.certainty]})",
            ", ".join(facts),
            rule.never.nl,
        )


def count_rows(content: Content) -> Iterator[tuple[str, ...]]:
    """Every noisy count, and what it costs of the year's budget."""
    for one in content.counts.tables:
        epsilon = one.count.epsilon_micro / MICRO
        yield one.title["nl"], f"`{one.stream.name}`", one.by, f"{epsilon:g}"


def term_rows(content: Content) -> Iterator[tuple[str, ...]]:
    """Per stream how old a delivery may be and how long it is kept."""
    for name, stream in sorted(content.streams.items()):
        yield (
            f"`{name}`",
            KINDS[stream.kind],
            f"{stream.freshness_days} dagen" if not stream.sealed_return else "niet van toepassing",
            f"{stream.retention_days} dagen",
        )
