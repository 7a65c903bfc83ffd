"""Files are written whole or not at all, however many write at once, and arrays come back as they were."""

import os
import subprocess
import sys
import threading
import warnings
import zipfile

import numpy as np
import pytest

from helpers.support import files
from helpers.support.files import load_arrays, save_arrays, write_atomically

# Ten writers that find the same path, each with a text of its own, long enough to be caught half written.
WRITER = """
import sys
from helpers.support.files import write_atomically
path, letter = sys.argv[1:]
for _ in range(50):
    write_atomically(path, letter.encode() * 100_000)
"""


def whole(text):
    """Whether one writer alone has written the text."""
    return len(text) == 100_000 and len(set(text)) == 1


def test_bytes_are_written_and_a_function_fills_a_file(tmp_path):
    path = tmp_path / "file"
    write_atomically(path, b"old")
    write_atomically(str(path), lambda file: file.write(b"new"))
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_many_processes_write_one_file(tmp_path):
    path = tmp_path / "file"
    command = [sys.executable, "-c", WRITER, str(path)]
    writers = [subprocess.Popen([*command, letter]) for letter in "abcdefghij"]
    while any(writer.poll() is None for writer in writers):
        if path.exists():
            assert whole(path.read_bytes())
    assert [writer.returncode for writer in writers] == [0] * 10
    assert whole(path.read_bytes())
    assert list(tmp_path.iterdir()) == [path]


def test_many_threads_write_one_file(tmp_path):
    path, failures = tmp_path / "file", []

    def write(letter):
        try:
            for _ in range(50):
                write_atomically(path, letter.encode() * 100_000)
        except OSError as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(letter,)) for letter in "abcdefghij"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert whole(path.read_bytes())


@pytest.mark.parametrize("fails", ["fsync", "replace"])
def test_a_failure_leaves_the_old_file_and_no_draft(tmp_path, monkeypatch, fails):
    def crash(*arguments):
        raise OSError("disk full")

    path = tmp_path / "file"
    write_atomically(path, b"old")
    monkeypatch.setattr(os, fails, crash)
    with pytest.raises(OSError, match="disk full"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_function_that_fails_leaves_the_old_file(tmp_path):
    def half(file):
        file.write(b"half")
        raise KeyboardInterrupt

    path = tmp_path / "file"
    write_atomically(path, b"old")
    with pytest.raises(KeyboardInterrupt):
        write_atomically(path, half)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(("refusals", "written"), [(1, b"new"), (3, b"new"), (4, b"old")])
def test_a_refusal_for_a_moment_is_waited_out(tmp_path, monkeypatch, refusals, written):
    tries, replace = [], os.replace

    def refuse(draft, path):
        tries.append(path)
        if len(tries) <= refusals:
            raise PermissionError("in use")
        replace(draft, path)

    path = tmp_path / "file"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "replace", refuse)
    monkeypatch.setattr(files, "PATIENCE", (0, 0, 0))
    if refusals > 3:
        with pytest.raises(PermissionError, match="in use"):
            write_atomically(path, b"new")
    else:
        write_atomically(path, b"new")
    assert path.read_bytes() == written


# Files of arrays.


def test_an_array_shorter_than_its_member_is_not_taken_for_whole(tmp_path):
    """A header that promises fewer numbers than follow: the reader stops early, and only the checksum can tell."""
    path = tmp_path / "a.npz"
    save_arrays(path, {"a": np.arange(8)})
    content = path.read_bytes()
    assert content.count(b"(8,)") == 1
    path.write_bytes(content.replace(b"(8,)", b"(2,)"))
    with pytest.raises(ValueError, match="CRC"):
        load_arrays(path)


def test_what_is_no_array_is_refused(tmp_path, refuses):
    path = tmp_path / "a.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("weight.npy", b"no array")
    refuses(lambda: load_arrays(path, "fit"), ValueError, "fit: path expects an .npz file of plain arrays", "a.npz")


def test_no_memory_for_an_array_of_a_file_names_the_file(tmp_path, refuses):
    path = tmp_path / "a.npz"
    header = b"\x93NUMPY\x01\x00\x76\x00" + b"{'descr': '<f8', 'fortran_order': False, 'shape': (%d,), }" % 10**17
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("weight.npy", header.ljust(127) + b"\n")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        refuses(lambda: load_arrays(path), ValueError, "load: path expects an .npz file", "a.npz")


def test_names_that_numpy_would_trip_over(tmp_path):
    save_arrays(tmp_path / "a", {"file": np.arange(3), "x.y": np.array(2.0)})
    loaded = load_arrays(tmp_path / "a")
    np.testing.assert_array_equal(loaded["file"], [0, 1, 2])
    assert loaded["x.y"] == 2


def test_objects_are_not_saved(tmp_path, refuses):
    refuses(lambda: save_arrays(tmp_path / "a", {"a": np.array([{}], object)}), ValueError, "Object arrays cannot")
    assert list(tmp_path.iterdir()) == []
