"""Problem files of the literature: three kinds told from their content, their traps, and broken ones."""

from __future__ import annotations

import gzip

import numpy as np
import pytest

from asylia.core.errors import CaseError
from asylia.io.orlib import read_instance, read_optima

GRAPH = " 4 4 2\n 1 2 5\n 2 3 5\n 3 4 5\n 1 2 9\n"
WAREHOUSES = " 2 3 \n 20 7.5 \n 30 0. \n 4 \n 1.5 2 \n 5 \n 3 4 \n 6 \n 5 6 \n"
WORD = WAREHOUSES.replace(" 20 7.5", " capacity 7.5").replace(" 30 0.", " capacity 0.")
SINGLE = "3 2\n20 30 40\n7 8 9\n4 5\n1 2 3\n4 5 6\n"


def written(folder, text, name="one.txt"):
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def test_in_a_graph_the_last_of_equal_edges_counts(tmp_path):
    found = read_instance(written(tmp_path, GRAPH))
    assert (found.name, found.kind, found.problem.p) == ("one", "p-median", 2)
    assert found.problem.costs[0].tolist() == [0.0, 9.0, 14.0, 19.0]


def test_a_listed_file_has_a_row_for_each_warehouse(tmp_path):
    text = "FILE: two.bub\n2 3 0\n1 10 1 2 3\n2 12 4 5 6\n"
    found = read_instance(written(tmp_path, text, "two.bub"))
    assert (found.name, found.kind, found.problem.capacity) == ("two", "uncapacitated", None)
    assert found.problem.costs.tolist() == [[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]]
    assert found.problem.opening.tolist() == [10.0, 12.0]
    with pytest.raises(CaseError, match="row of warehouse 2"):
        read_instance(written(tmp_path, text.replace("\n2 12", "\n3 12")))
    for broken in ("FILE: x\n", "FILE: x\n2 3\n", text[:-4], text + " 7"):
        with pytest.raises(CaseError):
            read_instance(written(tmp_path, broken))


def test_an_edge_of_no_length_is_a_way(tmp_path):
    found = read_instance(written(tmp_path, "3 2 1\n1 2 0\n2 3 5\n"))
    assert found.problem.costs.tolist() == [[0.0, 0.0, 5.0], [0.0, 0.0, 5.0], [5.0, 5.0, 0.0]]


def test_a_byte_order_mark_and_capital_letters_do_not_matter(tmp_path):
    found = read_instance(written(tmp_path, "\ufeff" + WORD.upper()))
    assert (found.kind, found.problem.capacity) == ("uncapacitated", None)


def test_a_gzip_file_of_several_parts_is_read_whole(tmp_path):
    data = gzip.compress(GRAPH[:12].encode()) + gzip.compress(GRAPH[12:].encode())
    assert read_instance(written(tmp_path, data, "one.gz")).problem.p == 2
    with pytest.raises(CaseError, match="cut off"):
        read_instance(written(tmp_path, data[:-4], "cut.gz"))


def test_parts_of_a_graph_without_a_way(tmp_path):
    found = read_instance(written(tmp_path, "3 1 1\n1 2 5\n"))
    assert found.problem.costs[0].tolist() == [0.0, 5.0, np.inf]


def test_warehouses_compressed_or_not(tmp_path):
    for file in (
        written(tmp_path, WAREHOUSES),
        written(tmp_path, gzip.compress(WAREHOUSES.encode()), "one.txt.gz"),
    ):
        found = read_instance(file)
        assert (found.name, found.kind) == ("one", "capacitated")
        assert found.problem.costs.tolist() == [[1.5, 2.0], [3.0, 4.0], [5.0, 6.0]]
        assert found.problem.demand.tolist() == [4.0, 5.0, 6.0]
        assert found.problem.capacity.tolist() == [20.0, 30.0]
        assert found.problem.opening.tolist() == [7.5, 0.0]
        assert not found.problem.single_source


def test_the_word_capacity_needs_a_number(tmp_path):
    file = written(tmp_path, WORD)
    assert (read_instance(file).kind, read_instance(file).problem.capacity) == ("uncapacitated", None)
    assert read_instance(file, capacity=40).problem.capacity.tolist() == [40.0, 40.0]
    with pytest.raises(CaseError, match="Leave the number away"):
        read_instance(written(tmp_path, WAREHOUSES), capacity=40)


@pytest.mark.parametrize("text", [SINGLE, "2 3\n20 30\n7 8\n4 5 6\n1 2\n3 4\n5 6\n"])
def test_single_source(tmp_path, text):
    found = read_instance(written(tmp_path, text))
    assert found.kind == "single source"
    assert found.problem.single_source
    assert found.problem.costs[0, :2].tolist() == [1.0, 2.0]
    assert found.problem.opening[:2].tolist() == [7.0, 8.0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "one.txt  begins with"),
        ("hello\n", "one.txt:1"),
        ("4 4\n", "one.txt:1"),
        (GRAPH.replace("3 4 5", "3 7 5"), 'one.txt:4  value = "7": a node is a whole number from 1 to 4'),
        (GRAPH.replace("3 4 5", "3 4 x"), 'one.txt:4  value = "x"'),
        (GRAPH.replace("3 4 5", "3 4 -5"), 'one.txt:4  value = "-5"'),
        (GRAPH.replace("3 4 5", "3 4 nan"), 'one.txt:4  value = "nan"'),
        (GRAPH.replace("4 4 2", "4 4 5"), "p is a whole number from 1 to 4"),
        (GRAPH.replace("4 4 2", "9999999 4 2"), "nodes is a whole number"),
        (GRAPH.replace("4 4 2", "4 5 2"), "cut off"),
        (GRAPH + "1 2 3\n", "one.txt:6"),
        (WAREHOUSES.replace("5 6", "5"), "cut off"),
        (WAREHOUSES + "9\n", "one.txt:10"),
        (WAREHOUSES.replace("2 3 ", "2.5 3 ", 1), "warehouses is a whole number"),
        (WAREHOUSES.replace("2 3 ", "4000 4000 ", 1), "pairs of warehouse"),
        (WAREHOUSES.replace("20 7.5", "capacity 7.5"), "every capacity"),
        (SINGLE.replace("4 5 6", "4 5 1e99"), "below 1e15"),
        (b"\xff\xfe4 4", "plain numbers"),
        (gzip.compress(GRAPH.encode())[:-9], "one.txt"),
        (b"\x1f\x8bnot gzip", "damaged"),
    ],
)
def test_broken_files_are_told_by_line(tmp_path, text, said):
    file = written(tmp_path, text)
    with pytest.raises(CaseError) as caught:
        read_instance(file)
    assert said in str(caught.value)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(CaseError, match="can be read"):
        read_instance(tmp_path / "none.txt")


def test_known_optima_by_name_or_by_line(tmp_path):
    named = written(
        tmp_path, " 15 Beasley's\npmed1 5819\ncapa      17156454.478\nData file value\n", "capopt.txt"
    )
    assert read_optima(named) == {"pmed1": 5819.0, "capa": 17156454.478}
    assert read_optima(written(tmp_path, "8848\n7913\n", "opt.txt")) == {"p1": 8848.0, "p2": 7913.0}
    assert read_optima(tmp_path / "none.txt") == {}
