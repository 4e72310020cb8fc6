"""Positions and communities of graphs without a server."""

import random
from itertools import combinations, pairwise
from math import hypot

from stratumiops.graph.layout.beside import all_places
from stratumiops.graph.layout.forces import arrange
from stratumiops.graph.layout.models import Asked, Picture, Place

Ends = list[tuple[int, int]]


def groups(count: int, size: int) -> Ends:
    """So many groups of nodes, joined within; each is joined to the next by one relation."""
    random_ = random.Random(3)
    inside = [
        (group * size + random_.randrange(size), group * size + random_.randrange(size))
        for group in range(count)
        for _ in range(4 * size)
    ]
    chains = [(node, node + 1) for node in range(count * size - 1)]
    return [(a, b) for a, b in inside + chains if a != b]


def asked(nodes: int, edges: Ends) -> Asked:
    return Asked(nodes, [a for a, _ in edges], [b for _, b in edges])


def test_the_same_graph_gets_the_same_positions() -> None:
    graph = asked(600, groups(6, 100))
    assert arrange(graph) == arrange(graph)


def test_what_is_joined_is_near_and_communities_lie_apart() -> None:
    edges = groups(8, 100)
    found = arrange(asked(800, edges))
    communities = [found.community[group * 100 : group * 100 + 100] for group in range(8)]
    assert all(len(set(members)) == 1 for members in communities)
    assert sorted({members[0] for members in communities}, key=str) == list(range(8))

    def far(a: int, b: int) -> float:
        return hypot(found.x[a] - found.x[b], found.y[a] - found.y[b])

    within = [far(a, b) for a, b in edges if a // 100 == b // 100]
    anywhere = [far(a, a + 100) for a in range(700)]
    assert sum(within) / len(within) < 0.4 * sum(anywhere) / len(anywhere)


def test_the_neighbours_of_a_hub_fill_a_disc_and_none_lies_on_another() -> None:
    found = arrange(asked(500, [(0, node) for node in range(1, 500)]))
    far = sorted(hypot(found.x[0] - x, found.y[0] - y) for x, y in zip(found.x[1:], found.y[1:], strict=True))
    assert far[125] < 0.65 * far[-10]  # of a ring it would be nearly the whole
    places = list(zip(found.x, found.y, strict=True))
    assert min(hypot(a - c, b - d) for (a, b), (c, d) in combinations(places, 2)) > 30


def test_the_circles_of_communities_do_not_overlap_and_other_parts_lie_outside() -> None:
    found = arrange(asked(840, [*groups(8, 100), *((node, node + 1) for node in range(800, 830, 2))]))
    circles = []
    for group in range(8):
        points = [complex(found.x[node], found.y[node]) for node in range(group * 100, group * 100 + 100)]
        middle = sum(points) / len(points)
        circles.append((middle, max(abs(point - middle) for point in points)))
    assert all(abs(a - b) > 0.8 * (one + other) for (a, one), (b, other) in combinations(circles, 2))
    others = [complex(found.x[node], found.y[node]) for node in range(800, 840)]
    assert all(abs(point - middle) > reach for point in others for middle, reach in circles)


def test_many_small_parts_lie_side_by_side() -> None:
    sizes = [2 + number % 5 for number in range(700)]
    starts = [sum(sizes[:number]) for number in range(len(sizes))]
    edges = [
        (start + node - 1, start + node) for start, size in zip(starts, sizes, strict=True) for node in range(1, size)
    ]
    found = arrange(asked(sum(sizes), edges))
    circles = []
    for start, size in zip(starts, sizes, strict=True):
        points = [complex(found.x[node], found.y[node]) for node in range(start, start + size)]
        middle = sum(points) / size
        circles.append((middle, max(abs(point - middle) for point in points)))
    circles.sort(key=lambda circle: abs(circle[0]))  # the first is in the middle, the others lie along its outline
    assert all(abs(a - b) > one + other for (a, one), (b, other) in combinations(circles[1:], 2))
    room = sum((reach + 60) ** 2 for _, reach in circles)
    assert max(abs(middle) for middle, _ in circles) ** 2 < 4 * room  # no wide empty rings


def test_nodes_without_relations_have_a_place_of_their_own_and_no_community() -> None:
    found = arrange(asked(50, [(0, 1), (1, 2)]))
    places = list(zip(found.x, found.y, strict=True))
    assert len(set(places)) == 50
    assert found.community[:3] == [0, 0, 0]
    assert found.community[3:] == [None] * 47


def test_graphs_without_anything_in_them() -> None:
    assert arrange(asked(1, [])) == ([0], [0], [None])
    assert arrange(asked(2, [(0, 0), (0, 1), (0, 1), (1, 0)])).community == [0, 0]


def test_a_picture_does_not_jump_when_a_little_is_added() -> None:
    edges = groups(6, 100)
    first = arrange(asked(600, edges))
    before = {("g", str(node)): Place(x, y, c) for node, (x, y, c) in enumerate(zip(*first, strict=True))}
    more = [*edges, (5, 600), (600, 601), (320, 602)]
    picture = Picture([("g", str(node)) for node in range(603)], [a for a, _ in more], [b for _, b in more])
    start = all_places(picture, before)
    again = arrange(
        Asked(603, picture.sources, picture.targets, *map(list, zip(*((p.x, p.y) for p in start), strict=True)),
              community=[place.community for place in start])
    )  # fmt: skip
    moved = [hypot(first.x[node] - again.x[node], first.y[node] - again.y[node]) for node in range(600)]
    assert max(moved) < 150  # one and a half relations
    assert sum(moved) / len(moved) < 30
    kept = sum(first.community[node] == again.community[node] for node in range(600))
    assert kept > 590
    assert again.community[600] == again.community[5]


def test_what_is_new_stands_beside_its_neighbours() -> None:
    known = {("g", "a"): Place(1000, 0, 4), ("g", "b"): Place(1200, 0, 4), ("g", "c"): Place(-500, 0, 1)}
    picture = Picture([("g", name) for name in "abcdefg"], [3, 3, 4, 6], [0, 1, 3, 6])
    places = all_places(picture, known)
    assert [places[node] for node in range(3)] == list(known.values())
    between, beyond = places[3], places[4]
    assert hypot(between.x - 1100, between.y) < 100
    assert hypot(beyond.x - between.x, beyond.y - between.y) < 100
    assert between.community == beyond.community == 4
    alone = places[5:]
    assert all(place.community is None and hypot(place.x, place.y) > 500 for place in alone)
    assert len({(place.x, place.y) for place in places}) == 7
    assert all_places(picture, known) == places


def test_a_fingerprint_knows_nodes_and_relations_and_no_order() -> None:
    one = Picture([("g", "a"), ("g", "b"), ("h", "a")], [0, 1], [1, 2])
    same = Picture([("h", "a"), ("g", "b"), ("g", "a")], [1, 2], [0, 1])
    other = [
        Picture([("g", "a"), ("g", "b"), ("h", "a")], [1, 1], [0, 2]),
        Picture([("g", "a"), ("g", "b"), ("h", "a")], [0], [1]),
        Picture([("g", "a"), ("g", "b"), ("h", "c")], [0, 1], [1, 2]),
        Picture([("g", "a"), ("g", "b")], [], []),
        Picture([], [], []),
    ]
    assert one.fingerprint == same.fingerprint
    prints = [one.fingerprint, *(picture.fingerprint for picture in other)]
    assert all(a != b for a, b in pairwise(sorted(prints)))
