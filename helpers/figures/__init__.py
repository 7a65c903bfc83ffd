"""Figures as part of the course's truth: what they show is described, compared and kept.

A figure goes one way: `publish` takes it, `drawing` and `describe` turn it into files and facts,
`store` keeps them, and `differences` says what changed since.
"""

from .publish import Publisher
from .store import forget

__all__ = ["Publisher", "forget"]
