"""The small package that the lessons of the flower book's companion course import."""

__version__ = "0.1.0"
