"""Measure candidates side by side: a process for each, rounds interleaved by a driver, ratios of medians.

A benchmark registers with `@candidate` functions that prepare the work and return the call to be timed, the course's
own first, and ends in `main`. Two libraries never share a process, whose threads would starve each other, and a slow
moment of the machine falls on all candidates alike.
"""

import argparse
import json
import os
import subprocess
import sys
import time
import tracemalloc
from statistics import median

import numpy as np
from tqdm import tqdm

CANDIDATES = {}
ROUND_SECONDS = 0.03  # a round repeats the call for about so long


def candidate(name, share=1.0, **environment):
    """Register a candidate that does this share of the work, in a process with these environment variables."""

    def register(prepare):
        CANDIDATES[name] = prepare, share, environment
        return prepare

    return register


def main(title, operations):
    """Measure and print a table; `operations` is the number of additions and multiplications of the whole work."""
    parser = argparse.ArgumentParser(description=title)
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--threads", type=int, default=1, help="1 is measured in CPU time, more in wall time")
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.worker:
        serve(*CANDIDATES[arguments.worker][:2], time.process_time if arguments.threads == 1 else time.perf_counter)
    else:
        report(title, operations, arguments.threads, drive(arguments.rounds, arguments.threads))


def seconds(call, clock, repeats=1):
    """Mean time of a call."""
    start = clock()
    for _ in range(repeats):
        call()
    return (clock() - start) / repeats


def serve(prepare, share, clock):
    """Be a worker: answer each line of input with a measurement, the last one with facts about this process."""
    try:
        call = prepare()
    except ImportError as error:
        print(json.dumps({"missing": error.name}), flush=True)
        return
    call()
    repeats = max(1, round(ROUND_SECONDS / seconds(call, time.perf_counter)))
    print(json.dumps({}), flush=True)
    while input() == "time":
        print(seconds(call, clock, repeats) / share, flush=True)
    matrix = np.ones((2048, 2048), np.float32)
    product = median(seconds(lambda: matrix @ matrix, clock) for _ in range(3))
    tracemalloc.start()
    out = call()
    peak = tracemalloc.get_traced_memory()[1]
    traced = isinstance(out, np.ndarray)  # other libraries do not tell tracemalloc what they take
    facts = {"product_rate": 2 * 2048**3 / product, "extra": peak - out.nbytes if traced else None}
    print(json.dumps(facts | {"answer": float(np.asarray(out).flat[0])}), flush=True)


def drive(rounds, threads):
    """Run all workers in turn; return for each name its times and facts, or None where a library is missing."""
    workers, results = {}, dict.fromkeys(CANDIDATES)
    for name, (_, _, environment) in CANDIDATES.items():
        limits = {f"{library}_NUM_THREADS": str(threads) for library in ("OPENBLAS", "OMP", "MKL")}
        worker = subprocess.Popen(
            [sys.executable, sys.argv[0], "--worker", name, "--threads", str(threads)],
            env=os.environ | limits | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        if "missing" not in json.loads(worker.stdout.readline()):
            workers[name], results[name] = worker, {"times": []}
    for _ in tqdm(range(rounds), desc="rounds", leave=False):
        for name, worker in workers.items():
            results[name]["times"].append(json.loads(ask(worker, "time")))
    for name, worker in workers.items():
        results[name] |= json.loads(ask(worker, "facts"))
        worker.wait()
    return results


def ask(worker, line):
    """Send a worker a line and return its answer."""
    worker.stdin.write(line + "\n")
    worker.stdin.flush()
    return worker.stdout.readline()


def report(title, operations, threads, results):
    """Print the table; ValueError where a candidate computes another answer than the first."""
    ours = next(iter(results.values()))
    print(f"{title}; {threads} thread{'s' * (threads > 1)}, median {'CPU' if threads == 1 else 'wall'} time")
    print(f"{'candidate':<34}{'ms':>10}{'times ours':>12}{'of product':>12}{'extra MiB':>11}")
    for name, result in results.items():
        if result is None:
            print(f"{name:<34}{'not installed':>22}")
            continue
        if not np.isclose(result["answer"], ours["answer"], rtol=1e-3):
            raise ValueError(f"{name}: expected the answer {ours['answer']}, got {result['answer']}")
        time, fraction = median(result["times"]), operations / median(result["times"]) / result["product_rate"]
        extra = "-" if result["extra"] is None else f"{result['extra'] / 2**20:.2f}"
        times = time / median(ours["times"])
        print(f"{name:<34}{1000 * time:>10.3f}{times:>12.2f}{fraction:>12.2%}{extra:>11}")
    print("of product: rate as a fraction of a 2048 x 2048 float32 product's in the same process")
    print("extra: peak memory beyond the output, as far as NumPy allocates it")
