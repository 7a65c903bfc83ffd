"""How the course speaks to a reader, on every console."""

import sys

PLAIN = str.maketrans({"✓": "[ok]", "✗": "[wrong]", "○": "[open]"})


def say(text):
    """Print a text; a console that lacks one of its characters gets plain marks, and ? for the rest."""
    try:
        print(text)
    except UnicodeEncodeError:
        print(plain(text, sys.stdout.encoding))


def plain(text, encoding):
    """Return the text in characters that the encoding has.

    >>> plain("✗ 2 × 3 = 5", "ascii")
    '[wrong] 2 ? 3 = 5'
    """
    return text.translate(PLAIN).encode(encoding, "replace").decode(encoding)
