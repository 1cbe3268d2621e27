"""The tables for Excel."""

import csv
import io


def rows(data: bytes) -> list[dict[str, str]]:
    """Read a table as Excel does: UTF-8 by its byte-order mark."""
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_the_cities_have_the_columns_of_korean_open_data(files: dict[str, bytes]) -> None:
    """One row a city, with the names that the portals use."""
    table = rows(files["cities.csv"])
    assert list(table[0]) == ["도시명", "국가명", "결연일자", "면적", "인구수", "비고", "데이터기준일자"]
    assert len(table) == 8
    assert table[1] == {
        "도시명": "상해시 홍구구",
        "국가명": "중국",
        "결연일자": "1999-10-21",
        "면적": "23.4",
        "인구수": "710000",
        "비고": "비망록; 인구 기준: 2019",
        "데이터기준일자": "2024-08-08",
    }


def test_the_exchanges_have_a_row_for_each_occurrence(files: dict[str, bytes]) -> None:
    """101 dated occurrences in the lines, and 2 in the notes."""
    table = rows(files["exchanges.csv"])
    assert [row["구분"] for row in table].count("교류") == 101
    assert [row["구분"] for row in table].count("주석") == 2
    assert {row["데이터기준일자"] for row in table} == {"2024-08-08"}
