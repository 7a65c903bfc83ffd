"""How every file of the course is written: atomically, that is, whole or not at all."""

import io
import os
import secrets
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import ArrayLike

AnyPath = str | os.PathLike[str]

PATIENCE = 0.01, 0.1, 1.0  # seconds to wait before each further try to replace a file


def write_atomically(path: AnyPath, data: bytes | Callable[[BinaryIO], object]) -> None:
    """Write bytes to a file, or let data(file) fill it; a failure leaves the file that was there.

    A reader finds the old file or the new one, never a part, however many write at once: each
    writes a draft of its own and then puts it in place. OSError where that is not possible.
    """
    path = Path(path)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}.part")
    try:
        with draft.open("wb") as file:
            data(file) if callable(data) else file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _put_in_place(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _put_in_place(draft: Path, path: Path) -> None:
    """Rename the draft; Windows refuses that while another process has the file open."""
    for seconds in PATIENCE:
        try:
            return os.replace(draft, path)
        except PermissionError:
            time.sleep(seconds)
    return os.replace(draft, path)


def save_arrays(path: AnyPath, arrays: Mapping[str, ArrayLike]) -> None:
    """Write a dict of arrays to an .npz file, atomically and without pickle."""
    expect_path("save", "path", path)

    def write(file: BinaryIO) -> None:
        # np.savez would write the time, too, and does not take an array whose name is "file".
        with zipfile.ZipFile(file, "w") as archive:
            for name, value in arrays.items():
                with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                    array = np.asarray(value)
                    np.lib.format.write_array(member, array, allow_pickle=False)

    write_atomically(path, write)


def load_arrays(path: AnyPath, where: str = "load") -> dict[str, np.ndarray]:
    """Read a dict of arrays from an .npz file.

    ValueError names a file that is of another kind, damaged, or holds objects.
    """
    expect_path(where, "path", path)
    with open(path, "rb") as file:
        try:
            return dict(_arrays(file))
        except Exception as error:  # whatever a damaged file makes zipfile, zlib and NumPy raise
            what = f"{os.fspath(path)!r}: {error or type(error).__name__}"
            message = f"{where}: path expects an .npz file of plain arrays, got {what}"
            raise ValueError(message) from None


def _arrays(file: BinaryIO) -> Iterator[tuple[str, np.ndarray]]:
    """Yield (name, array), each read to its end, where its checksum is compared."""
    with zipfile.ZipFile(file) as archive:
        for member in archive.infolist():
            content = io.BytesIO(archive.read(member))
            array = np.lib.format.read_array(content, allow_pickle=False)
            yield member.filename.removesuffix(".npy"), array


def expect_path(where: str, name: str, value: object) -> None:
    """Raise TypeError unless `value` is a path."""
    if not isinstance(value, (str, os.PathLike)):
        raise TypeError(f"{where}: {name} expects a str or a Path, got {value!r}")
