"""Run one of the tools by its name."""

import sys

from . import desk, handout, links, mutants, run, site

TOOLS = {
    "run": run.main,
    "desk": desk.main,
    "handout": handout.main,
    "links": links.main,
    "mutants": mutants.main,
    "site": site.main,
}


def main(arguments: list[str]) -> int:
    """Hand the arguments to the tool that the first of them names; return its exit code."""
    if not arguments or arguments[0] not in TOOLS:
        print(f"usage: python -m tools {' | '.join(TOOLS)} [--help] ...", file=sys.stderr)
        return 2
    return TOOLS[arguments[0]](arguments[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
