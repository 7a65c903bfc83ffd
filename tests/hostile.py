"""Values that no comparison should trust, for tests to share."""


class Hostile:
    """A value that raises whatever is asked of it."""

    def refuse(self, *args, **options):
        raise RuntimeError("no")

    __eq__ = __repr__ = __str__ = __len__ = __bool__ = __iter__ = __float__ = __array__ = refuse
    __getitem__ = __getattr__ = __format__ = refuse
    __hash__ = None


def holding_itself():
    """Make a list that holds itself, twice."""
    pair = []
    pair.extend([pair, pair])
    return pair
