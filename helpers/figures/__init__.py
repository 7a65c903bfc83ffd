"""Figures as part of the course's truth: fingerprints of what they show, and the store that keeps them."""

from .publishing import FigureChanged, begin, forget, publish

__all__ = ["FigureChanged", "begin", "forget", "publish"]
