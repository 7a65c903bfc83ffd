"""Second opinions are asked for: where they are required, a test that would be skipped fails."""

import os
import subprocess
import sys

import pytest

from tools import lessons

BLIND = """
import sys
import pytest
sys.modules.update(torch=None, autograd=None)  # as if they were not installed
sys.exit(pytest.main(sys.argv[1:]))
"""


def without_oracles(required):
    """Run two tests that compare with PyTorch and autograd where neither is there; what pytest says in the end."""
    arguments = ["-q", "-p", "no:cacheprovider", "-m", "oracle", "tests/helpers/autodiff/test_ops.py", "-k", "add"]
    done = subprocess.run(
        [sys.executable, "-c", BLIND, *arguments],
        cwd=lessons.ROOT,
        env=os.environ | {"COURSE_ORACLES": required},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    return done.stdout.splitlines()[-1]


@pytest.mark.parametrize(("required", "outcome"), [("", "2 skipped"), ("required", "2 errors")])
def test_a_missing_oracle_is_a_failure_where_it_is_required(required, outcome):
    assert outcome in without_oracles(required)


def test_every_test_that_names_an_oracle_is_marked(root):
    text = "".join(path.read_text(encoding="utf-8") for path in (root / "tests" / "helpers").glob("test_*.py"))
    assert 'importorskip("torch' not in text, "take the fixture `torch`, so that make test-oracles finds the test"
    assert 'importorskip("autograd' not in text, "take the fixture `autograd`"
