"""What every test run sets, for its own processes and for the kernels that execute the lessons."""

import os

collect_ignore = ["notebooks/practice", "work"]  # no outputs to compare with

for name, value in {
    "COURSE_FIGURES": "check",  # figures are compared, not redrawn
    "OPENBLAS_NUM_THREADS": "1",  # two workers on two cores: threads would only fight
    "OMP_NUM_THREADS": "1",
    "TQDM_DISABLE": "1",  # progress bars are output to stderr
    "JUPYTER_PREFER_ENV_PATH": "1",  # the kernel `python3` is this interpreter's
}.items():
    os.environ.setdefault(name, value)
