"""How every file of the course is written: whole or not at all."""

import os
import secrets
import time
from pathlib import Path

PATIENCE = 0.01, 0.1, 1.0  # seconds to wait before each further try to replace a file


def write_atomically(path, data):
    """Write bytes to a file, or let data(file) fill it; a failure leaves the file that was there.

    Who reads the path finds the old file or the new one, never a part, however many write at once:
    each writes a draft of its own and then puts it in place. OSError where that is not possible.
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


def _put_in_place(draft, path):
    """Rename the draft; Windows refuses that for a moment while another process has the file open."""
    for seconds in PATIENCE:
        try:
            return os.replace(draft, path)
        except PermissionError:
            time.sleep(seconds)
    return os.replace(draft, path)
