"""Measure candidates side by side: a process for each, rounds interleaved by a driver, ratios of medians.

A benchmark states its Comparisons, registers with each the functions that prepare the work and return the call to be
timed, the course's own first, and ends in `main`. Two libraries never share a process, whose threads would starve each
other, and a slow moment of the machine falls on all candidates alike.
"""

import argparse
import json
import os
import subprocess
import sys
import time
import tracemalloc
from statistics import median
from typing import NamedTuple

import numpy as np
from tqdm import tqdm

ROUND_SECONDS = 0.1  # a round repeats the call for about so long; its first call finds cold caches
TUNED = {"MALLOC_MMAP_THRESHOLD_": "1000000000", "MALLOC_TRIM_THRESHOLD_": "1000000000"}  # memory stays in the process


class Goal(NamedTuple):
    """Our time is to be at most `ratio` of the best that the candidates of a rival reach with so many threads."""

    rival: str
    ratio: float
    threads: int = 1


class Comparison:
    """One piece of work, of so many additions and multiplications, and the candidates that do it, by name.

    `note` is printed below the table.
    """

    def __init__(self, title, operations, *goals, note=""):
        self.title, self.operations, self.goals, self.note = title, operations, goals, note
        self.candidates = {}

    def candidate(self, name, share=1.0, **environment):
        """Register a candidate that does this share of the work, in a process with these environment variables."""

        def register(prepare):
            self.candidates[name] = prepare, share, environment
            return prepare

        return register


def main(*comparisons):
    """Measure all comparisons, or those whose titles contain the words of the command line, and print their tables."""
    parser = argparse.ArgumentParser(description="; ".join(comparison.title for comparison in comparisons))
    parser.add_argument("words", nargs="*", help="measure only what has all of these words in its title")
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--threads", type=int, nargs="+", default=[1], help="1 counts CPU time, more count wall time")
    parser.add_argument("--worker", type=int, nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.worker:
        number, place = arguments.worker
        serve(*list(comparisons[number].candidates.values())[place][:2], clock(arguments.threads[0]))
        return
    for number, comparison in enumerate(comparisons):
        if all(word in comparison.title for word in arguments.words):
            for threads in arguments.threads:
                report(comparison, threads, drive(comparison, number, arguments.rounds, threads))


def clock(threads):
    """CPU time is immune to whatever else runs, but adds up the time of all threads."""
    return time.process_time if threads == 1 else time.perf_counter


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
    answer = float(np.asarray(call()).flat[0])  # the second one: it shows what the first has changed
    repeats = max(1, round(ROUND_SECONDS / seconds(call, time.perf_counter)))
    print(json.dumps({}), flush=True)
    while input() == "time":
        print(seconds(call, clock, repeats) / share, flush=True)
    matrix = np.ones((2048, 2048), np.float32)
    product = median(seconds(lambda: matrix @ matrix, clock) for _ in range(3))
    facts = {"product_rate": 2 * 2048**3 / product, "extra": extra_memory(call), "answer": answer}
    print(json.dumps(facts), flush=True)


def extra_memory(call):
    """Peak memory beyond the output, or None: other libraries do not tell tracemalloc what they take."""
    tracemalloc.start()
    out = call()
    peak = tracemalloc.get_traced_memory()[1]
    return peak - out.nbytes if isinstance(out, np.ndarray) else None


def drive(comparison, number, rounds, threads):
    """Run all workers in turn; return for each name its times and facts, or None where a library is missing."""
    workers, results = {}, dict.fromkeys(comparison.candidates)
    for place, (name, (_, _, environment)) in enumerate(comparison.candidates.items()):
        limits = {f"{library}_NUM_THREADS": str(threads) for library in ("OPENBLAS", "OMP", "MKL")}
        workers[name] = subprocess.Popen(
            [sys.executable, sys.argv[0], "--threads", str(threads), "--worker", str(number), str(place)],
            env=os.environ | limits | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
    for name in comparison.candidates:
        if "missing" in json.loads(workers[name].stdout.readline()):
            del workers[name]
        else:
            results[name] = {"times": []}
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


def report(comparison, threads, results):
    """Print the table; ValueError where a candidate computes another answer than the first."""
    ours = next(iter(results.values()))
    timed = "1 thread, CPU time" if threads == 1 else f"{threads} threads, wall time"
    print(f"\n{comparison.title}; {timed}, median")
    print(f"{'candidate':<34}{'ms':>10}{'times ours':>12}{'of product':>12}{'extra MiB':>11}")
    for name, result in results.items():
        if result is None:
            print(f"{name:<34}{'not installed':>22}")
            continue
        if not np.isclose(result["answer"], ours["answer"], rtol=1e-3):
            raise ValueError(f"{name}: expected the answer {ours['answer']}, got {result['answer']}")
        time = median(result["times"])
        fraction = comparison.operations / time / result["product_rate"]
        extra = "-" if result["extra"] is None else f"{result['extra'] / 2**20:.2f}"
        times = time / median(ours["times"])
        print(f"{name:<34}{1000 * time:>10.3f}{times:>12.2f}{fraction:>12.2%}{extra:>11}")
    if comparison.note:
        print(comparison.note)
    for goal in comparison.goals:
        if goal.threads == threads:
            print(verdict(goal, results))


def verdict(goal, results):
    """Say how our time compares with a rival's best, and with the goal."""
    times = {name: median(result["times"]) for name, result in results.items() if result}
    rivals = [time for name, time in times.items() if name.startswith(goal.rival)]
    if not rivals:
        return f"{goal.rival} is not installed: no ratio"
    ratio = next(iter(times.values())) / min(rivals)
    return f"ours / {goal.rival}: {ratio:.3g}, goal {goal.ratio:.3g}: {'reached' if ratio <= goal.ratio else 'missed'}"
