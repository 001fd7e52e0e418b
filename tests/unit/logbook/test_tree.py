"""The tree: known answers of RFC 6962 implementations, and what must hold for every tree."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openregie.logbook.errors import NoSuchLeaf, ProofBroken
from openregie.logbook.proof import verify_consistency, verify_inclusion
from openregie.logbook.tree import EMPTY_ROOT, MemoryStore, Tree, leaf_hash, node_hash

# The eight leaves and their roots are the test data that Certificate Transparency
# implementations share since RFC 6962.
LEAVES = tuple(
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
)
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


def known_tree() -> Tree:
    tree = Tree()
    tree.extend(leaf_hash(leaf) for leaf in LEAVES)
    return tree


def tree_of(size: int) -> Tree:
    tree = Tree()
    tree.extend(leaf_hash(str(number).encode()) for number in range(size))
    return tree


def plain_root(leaves: list[bytes]) -> bytes:
    """RFC 9162 section 2.1.1, word for word: slow, and sure."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaf_hash(leaves[0])
    cut = 1
    while cut * 2 < len(leaves):
        cut *= 2
    return node_hash(plain_root(leaves[:cut]), plain_root(leaves[cut:]))


@pytest.mark.parametrize("size", range(9))
def test_every_root_of_the_known_tree_is_the_known_root(size: int) -> None:
    assert known_tree().root(size).hex() == ROOTS[size]


def test_known_inclusion_proofs_are_given() -> None:
    tree = known_tree()
    assert [h.hex() for h in tree.inclusion_proof(0, 8)] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]
    assert [h.hex() for h in tree.inclusion_proof(2, 3)] == [ROOTS[2]]
    assert tree.inclusion_proof(0, 1) == []


def test_known_consistency_proofs_are_given() -> None:
    tree = known_tree()
    assert [h.hex() for h in tree.consistency_proof(1, 8)] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]
    assert [h.hex() for h in tree.consistency_proof(6, 8)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


def test_empty_tree_has_the_hash_of_nothing_as_root() -> None:
    assert Tree().root() == EMPTY_ROOT


@given(st.lists(st.binary(max_size=8), max_size=70))
def test_root_is_what_the_plain_definition_gives(leaves: list[bytes]) -> None:
    tree = Tree()
    tree.extend(leaf_hash(leaf) for leaf in leaves)
    assert tree.root() == plain_root(leaves)


@given(st.lists(st.integers(0, 9), max_size=8))
def test_batches_of_any_size_give_the_same_tree(batches: list[int]) -> None:
    tree = Tree()
    number = 0
    for batch in batches:
        first = tree.extend(leaf_hash(str(n).encode()) for n in range(number, number + batch))
        assert first == number
        number += batch
    assert tree.root() == tree_of(number).root()


@given(st.data(), st.integers(1, 130))
def test_every_leaf_proves_its_inclusion(data: st.DataObject, size: int) -> None:
    tree = tree_of(130)
    index = data.draw(st.integers(0, size - 1))
    leaf = leaf_hash(str(index).encode())
    proof = tree.inclusion_proof(index, size)
    verify_inclusion(leaf, index=index, size=size, proof=proof, root=tree.root(size))


@given(st.data(), st.integers(1, 130))
def test_a_changed_leaf_place_or_proof_is_refused(data: st.DataObject, size: int) -> None:
    tree = tree_of(130)
    index = data.draw(st.integers(0, size - 1))
    leaf = leaf_hash(str(index).encode())
    proof = tree.inclusion_proof(index, size)
    root = tree.root(size)
    wrong = [(leaf_hash(b"other"), index, proof), (leaf, index + 1, proof)]
    wrong.append((leaf, index, [*proof, leaf]))
    wrong += [(leaf, index, proof[:-1])] if proof else []
    wrong += [(leaf, index, [leaf, *proof[1:]])] if proof else []
    for bad_leaf, bad_index, bad_proof in wrong:
        with pytest.raises(ProofBroken):
            verify_inclusion(bad_leaf, index=bad_index, size=size, proof=bad_proof, root=root)


@given(st.data(), st.integers(0, 130))
def test_every_older_tree_is_consistent_with_every_later_one(data: st.DataObject, new: int) -> None:
    tree = tree_of(130)
    old = data.draw(st.integers(0, new))
    proof = tree.consistency_proof(old, new)
    verify_consistency(
        old_size=old, old_root=tree.root(old), size=new, root=tree.root(new), proof=proof
    )


@given(st.data(), st.integers(2, 130))
def test_an_edited_history_is_refused(data: st.DataObject, new: int) -> None:
    tree = tree_of(130)
    old = data.draw(st.integers(1, new - 1))
    edited = Tree()
    changed = data.draw(st.integers(0, old - 1))
    edited.extend(leaf_hash(b"edited" if n == changed else str(n).encode()) for n in range(new))
    with pytest.raises(ProofBroken):
        verify_consistency(
            old_size=old,
            old_root=tree.root(old),
            size=new,
            root=edited.root(),
            proof=edited.consistency_proof(old),
        )


@pytest.mark.parametrize("old", [0, 1, 3, 4, 7, 8])
def test_consistency_refuses_a_proof_of_another_length(old: int) -> None:
    tree = known_tree()
    proof = tree.consistency_proof(old, 8)
    for bad in ([*proof, proof[-1] if proof else EMPTY_ROOT], proof[:-1]):
        if bad != proof:
            with pytest.raises(ProofBroken):
                verify_consistency(
                    old_size=old, old_root=tree.root(old), size=8, root=tree.root(), proof=bad
                )


def test_consistency_refuses_a_smaller_tree() -> None:
    tree = known_tree()
    with pytest.raises(ProofBroken):
        verify_consistency(old_size=8, old_root=tree.root(), size=7, root=tree.root(7), proof=[])


def test_what_the_tree_does_not_have_cannot_be_proven() -> None:
    tree = known_tree()
    for ask in (
        lambda: tree.inclusion_proof(8),
        lambda: tree.inclusion_proof(-1),
        lambda: tree.inclusion_proof(3, 9),
        lambda: tree.consistency_proof(9),
        lambda: tree.root(9),
        lambda: tree.append(b"short"),
    ):
        with pytest.raises(NoSuchLeaf):
            ask()


def test_a_proof_reads_a_logarithmic_number_of_hashes_at_once() -> None:
    reads: list[int] = []

    class CountingStore(MemoryStore):
        def read(self, nodes):  # type: ignore[no-untyped-def]
            reads.append(len(nodes))
            return super().read(nodes)

    tree = Tree(CountingStore())
    tree.extend(leaf_hash(str(n).encode()) for n in range(10_000))
    reads.clear()
    tree.inclusion_proof(777)
    tree.consistency_proof(777)
    tree.root()
    assert len(reads) == 3
    assert max(reads) <= 2 * 14
