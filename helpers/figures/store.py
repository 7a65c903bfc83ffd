"""The store of a lesson's figures: their files in images/, and one record of what each shows."""

import hashlib
import json
from pathlib import Path
from typing import NamedTuple

from ..support.files import write_atomically
from .differences import differences

RECORDS = Path("images", "fingerprints")  # by this folder, too, the course is found
HASH_KEYS = {"png": "sha256", "gif": "gif sha256"}  # in JSON, for each kind of file


class Record(NamedTuple):
    """What is known of a stored figure."""

    hashes: dict  # the SHA-256 of its files, by their kind
    facts: dict  # its fingerprint


def find_course():
    """Return the course's folder, from the working directory upward; None outside of a course."""
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / RECORDS).is_dir()), None)


class Store:
    """The stored figures of one lesson."""

    def __init__(self, course, lesson):
        self.images = course / RECORDS.parent
        self.path = course / RECORDS / f"{lesson}.json"

    def load(self):
        """Return the lesson's records, by the names of its figures."""
        if not self.path.exists():
            return {}
        entries = json.loads(self.path.read_text(encoding="utf-8"))
        return {name: _record(entry) for name, entry in entries.items()}

    def picture(self, name, kind):
        """Return the bytes of a figure's file of this kind; None where there is none."""
        path = self._file(name, kind)
        return path.read_bytes() if path.exists() else None

    def changes(self, name, facts, kinds):
        """Say, line by line, why what is stored does not stand for a figure with these facts."""
        record = self.load().get(name)
        if record is None:
            return ["no fingerprint is stored"]
        lines = differences(record.facts, facts)
        for kind in kinds:
            picture = self.picture(name, kind)
            if picture is None:
                lines.append(f"the {kind.upper()} is missing")
            elif sha256(picture) != record.hashes.get(kind):
                lines.append(f"the {kind.upper()} is not the one whose SHA-256 is stored")
        return lines

    def save(self, name, facts, pictures):
        """Keep a figure: its files, given by their kinds, and then its record."""
        for kind, picture in pictures.items():
            write_atomically(self._file(name, kind), picture)
        hashes = {kind: sha256(picture) for kind, picture in pictures.items()}
        self._write(self.load() | {name: Record(hashes, facts)})

    def keep_only(self, names):
        """Delete files and records of all figures but those with these names."""
        stored = self.load()
        kept = {name: record for name, record in stored.items() if name in names}
        for name in stored.keys() - kept.keys():
            for kind in HASH_KEYS:
                self._file(name, kind).unlink(missing_ok=True)
        if kept != stored:
            self._write(kept)

    def _file(self, name, kind):
        return self.images / f"{name}.{kind}"

    def _write(self, records):
        if records:
            write_atomically(self.path, layout(records))
        else:
            self.path.unlink()


def forget(lesson, keep):
    """Delete the stored figures of a lesson, all but those in `keep`, which it still publishes."""
    course = find_course()
    if course is not None:
        Store(course, lesson).keep_only(keep)


def sha256(data):
    """Return the SHA-256 of bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def _record(entry):
    """Return the record that an object of JSON holds: hashes under their keys, facts by place."""
    hashes = {kind: entry[key] for kind, key in HASH_KEYS.items() if key in entry}
    facts = {place: told for place, told in entry.items() if place not in HASH_KEYS.values()}
    return Record(hashes, facts)


def layout(records):
    """Return records as JSON that reads well in a diff: figures by name, one line per place."""
    figures = []
    for name, record in sorted(records.items()):
        hashes = {HASH_KEYS[kind]: value for kind, value in record.hashes.items()}
        lines = [
            f"  {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}"
            for key, value in (hashes | record.facts).items()
        ]
        figures.append(f"{json.dumps(name)}: {{\n" + ",\n".join(lines) + "\n}")
    return ("{\n" + ",\n".join(figures) + "\n}\n").encode()
