"""The Merkle tree: RFC 6962's own figures, and a second implementation straight from its text."""

from hypothesis import given
from hypothesis import strategies as some

from kliento.domain.activity.rules.tiles import Growth, edge_of, needed, nodes_in
from kliento.domain.activity.rules.tree import (
    EMPTY_ROOT,
    consistency_path,
    inclusion_path,
    is_consistent,
    leaf_hash,
    node_hash,
    root_from_inclusion,
    root_of,
)
from tests.domain.activity import plainly

DATA = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
SIZES = some.one_of(some.integers(1, 40), some.sampled_from([255, 256, 257, 511, 512, 513, 700]))


def grown(count: int) -> tuple[list[bytes], Growth, dict[tuple[int, int], bytes]]:
    growth = Growth()
    leaves = [leaf_hash(str(number).encode()) for number in range(count)]
    for leaf in leaves:
        growth.append(leaf)
    return leaves, growth, growth.take_changed()


def test_the_roots_of_the_published_examples():
    growth = Growth()
    assert growth.root().hex() == EMPTY_ROOT.hex() == ROOTS[0]
    for data, root in zip(DATA, ROOTS[1:], strict=True):
        growth.append(leaf_hash(bytes.fromhex(data)))
        assert growth.root().hex() == root


def test_a_leaf_never_passes_for_a_node():
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert leaf_hash(left + right) != node_hash(left, right)


@given(SIZES, some.data())
def test_roots_and_proofs_are_those_of_the_definition(size, data):
    leaves, growth, tiles = grown(size)
    node = nodes_in(tiles)
    assert growth.root() == root_of(size, node) == plainly.root(leaves)
    index = data.draw(some.integers(0, size - 1))
    path = inclusion_path(index, size, node)
    assert path == plainly.path(index, leaves)
    assert root_from_inclusion(index, size, leaves[index], path) == growth.root()
    old = data.draw(some.integers(0, size))
    way = consistency_path(old, size, node)
    assert way == plainly.proof(old, leaves)
    assert is_consistent(old, size, plainly.root(leaves[:old]), growth.root(), way)


@given(SIZES, some.data())
def test_a_proof_with_anything_changed_is_refused(size, data):
    leaves, growth, tiles = grown(size)
    node, root = nodes_in(tiles), growth.root()
    index = data.draw(some.integers(0, size - 1))
    path = inclusion_path(index, size, node)
    assert root_from_inclusion(index, size, leaf_hash(b"another"), path) != root
    assert root_from_inclusion(index, size, leaves[index], [*path, bytes(32)]) != root
    for place in range(len(path)):
        assert root_from_inclusion(index, size, leaves[index], path[:place] + path[place + 1 :]) != root
        forged = [*path[:place], bytes(32), *path[place + 1 :]]
        assert root_from_inclusion(index, size, leaves[index], forged) != root
    old = data.draw(some.integers(1, size))
    old_root, way = plainly.root(leaves[:old]), consistency_path(old, size, node)
    rewritten = plainly.root([leaf_hash(b"another"), *leaves[1:old]])
    assert not is_consistent(old, size, rewritten, root, way)
    assert not is_consistent(old, size, old_root, bytes(32), way)
    assert not is_consistent(old, size, old_root, root, [*way, bytes(32)])
    assert not is_consistent(size + 1, size, old_root, root, way)
    for place in range(len(way)):
        assert not is_consistent(old, size, old_root, root, [*way[:place], bytes(32), *way[place + 1 :]])


@given(some.lists(some.integers(0, 300), min_size=1, max_size=6))
def test_growing_in_batches_leaves_the_same_tiles(batches):
    stored: dict[tuple[int, int], bytes] = {}
    size = 0
    for batch in batches:
        growth = Growth(size, {place: stored[place] for place in edge_of(size)})
        for number in range(size, size + batch):
            growth.append(leaf_hash(str(number).encode()))
        size = growth.size
        stored |= growth.take_changed()
    assert stored == grown(size)[2]


def test_a_proof_among_a_million_reads_a_handful_of_tiles():
    size = 1_000_000
    for index in (0, 255, 256, 123_456, size - 1):
        assert len(needed(lambda node, index=index: inclusion_path(index, size, node))) <= 6
    for old in (1, 65_536, 999_999):
        assert len(needed(lambda node, old=old: consistency_path(old, size, node))) <= 6
