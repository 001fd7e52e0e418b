from hypothesis import given
from hypothesis import strategies as st

from openregie.blind.items.item import Item
from openregie.blind.items.ledger import Kept, compare
from openregie.terms import Compartment, Mailbox

A, B = Mailbox("a"), Mailbox("b")
KEYS = dict.fromkeys(Compartment, "k1")


def item(mailbox, name, compartment=Compartment.MONEY):
    return Item(mailbox, compartment, name, name.encode())


def test_nothing_is_sealed_twice():
    first = compare({}, [item(A, "x"), item(A, "y")], {A: KEYS})
    again = compare(first.ledger, [item(A, "y"), item(A, "x")], {A: KEYS})
    assert [(a.item.id, a.seq) for a in first.add] == [("x", 1), ("y", 2)]
    assert (again.add, again.remove, again.ledger) == ((), (), first.ledger)


def test_what_is_gone_is_removed_and_its_number_is_never_used_again():
    first = compare({}, [item(A, "x")], {A: KEYS})
    second = compare(first.ledger, [item(A, "z")], {A: KEYS})
    assert second.remove == ((A, 1),)
    assert [a.seq for a in second.add] == [2]


def test_a_new_key_means_everything_again():
    first = compare({}, [item(A, "x")], {A: KEYS})
    second = compare(first.ledger, [item(A, "x")], {A: dict.fromkeys(Compartment, "k2")})
    assert second.remove == ((A, 1),)
    assert [(a.seq, a.kid) for a in second.add] == [(2, "k2")]


def test_who_withdrew_loses_everything_and_gets_nothing():
    first = compare({}, [item(A, "x"), item(B, "x")], {A: KEYS, B: KEYS})
    second = compare(first.ledger, [item(A, "x"), item(B, "x"), item(B, "y")], {A: KEYS})
    assert second.remove == ((B, 1),)
    assert second.add == ()


@given(
    st.lists(st.tuples(st.sampled_from([A, B]), st.sampled_from("wxyz")), max_size=12), st.randoms()
)
def test_the_order_of_items_does_not_matter(pairs, random):
    items = [item(mailbox, name) for mailbox, name in pairs]
    shuffled = list(items)
    random.shuffle(shuffled)
    keys = {A: KEYS, B: KEYS}
    assert compare({}, items, keys) == compare({}, shuffled, keys)


def test_the_ledger_survives_being_kept():
    kept = Kept(3, {"x": (1, "k1")}, 2, "c")
    assert Kept.from_json(kept.to_json()) == kept
