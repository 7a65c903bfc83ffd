"""Memory that was freed is used again: counted in the pages that the system has to provide."""

import platform
import subprocess
import sys

import pytest

ARRAYS = 50
COUNT = f"""
import resource

import numpy as np

import helpers.training
from helpers.support.memory import keep_freed_memory

{{first}}
np.ones(2**18)  # 2 MiB
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range({ARRAYS}):
    np.ones(2**18)
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def pages(first, root):
    """Return how many pages arrays of 2 MiB, one after the other, take after this statement."""
    command = [sys.executable, "-c", COUNT.format(first=first)]
    run = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True)
    return int(run.stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="tells the allocator of glibc")
def test_freed_memory_is_kept_where_it_is_asked_for_and_not_by_an_import(root):
    assert pages("keep_freed_memory()", root) < ARRAYS <= pages("pass", root)
