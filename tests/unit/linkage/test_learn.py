from dataclasses import replace

from openregie.blind.linkage.config import read_config
from openregie.blind.linkage.link import link
from openregie.blind.linkage.model import shipped_model
from unit.linkage.small_town import CONTENT, links, person, record, tables

CONFIG = read_config(CONTENT)
PEOPLE = [person(n) for n in range(500)]


def _learning(**changes):
    return replace(CONFIG, learning=replace(CONFIG.learning, **changes))


def test_a_model_is_learnt_from_records_with_a_bsn():
    records = [
        record(p, f"r{n}", bsn=p["person"], house_number=p["house_number"] + 3 * (n % 2))
        for n, p in enumerate(PEOPLE[:200])
    ]
    report = link(tables(PEOPLE, records), config=_learning(min_bsn_pairs=100, prior_pairs=50))
    model = report.model
    assert (model.learnt_from, model.pairs) == ("bsn-pairs", 200)
    assert model.probabilities["address_equal"][0] < 0.7
    assert shipped_model().probabilities["address_equal"][0] > 0.8


def test_a_model_that_is_given_is_used_and_handed_back():
    records = [record(p, f"r{n}") for n, p in enumerate(PEOPLE[:20])]
    given = shipped_model()
    report = link(tables(PEOPLE, records), config=_learning(min_records_for_em=1), model=given)
    assert report.model is given


def test_without_any_bsn_expectation_maximisation_learns():
    records = [record(p, f"r{n}") for n, p in enumerate(PEOPLE)]
    con = tables(PEOPLE, records)
    report = link(con, config=_learning(min_records_for_em=100))
    assert report.model.learnt_from == "em"
    found = links(con)
    right = sum(found[f"r{n}"]["person"] == p["person"] for n, p in enumerate(PEOPLE))
    wrong = sum(row["person"] is not None for row in found.values()) - right
    assert right > 480
    assert wrong == 0
