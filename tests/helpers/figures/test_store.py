"""The store lays records out so that what did not change keeps every byte."""

from pathlib import Path

import pytest

from helpers.figures.store import Record, Store, find_course, layout

PATHS = sorted((Path(__file__).parents[3] / "images" / "fingerprints").glob("*.json"))


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_every_record_of_the_course_is_as_the_store_writes_it(path):
    records = Store(path.parents[2], path.stem).load()
    assert layout(records) == path.read_bytes()
    assert all(record.hashes and record.facts for record in records.values())


def test_hashes_and_facts_come_back(tmp_path):
    (tmp_path / "images" / "fingerprints").mkdir(parents=True)
    store = Store(tmp_path, "09_1_test")
    store.save("wave", {"figure": {"size": [2.0, 1.0]}}, {"png": b"a picture", "gif": b"frames"})
    record = store.load()["wave"]
    assert isinstance(record, Record)
    assert record.facts == {"figure": {"size": [2.0, 1.0]}}
    assert set(record.hashes) == {"png", "gif"}
    assert store.picture("wave", "gif") == b"frames"
    assert store.picture("wave", "jpeg") is None
    assert store.changes("wave", record.facts, ("png", "gif")) == []
    assert store.changes("other", record.facts, ("png",)) == ["no fingerprint is stored"]


def test_the_nearest_course_counts(tmp_path, monkeypatch):
    inner = tmp_path / "outer" / "inner"
    for course in (tmp_path / "outer", inner):
        (course / "images" / "fingerprints").mkdir(parents=True)
    monkeypatch.chdir(inner / "images")
    assert find_course() == inner
    monkeypatch.chdir(tmp_path)
    assert find_course() is None
