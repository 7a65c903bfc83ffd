"""Optimizers: what they share (`base`), and their rules (book, sections 8.3 and 8.5)."""

from .adaptive import AdaGrad, Adam, AdamW, RMSProp
from .base import Optimizer, as_leaves
from .sgd import SGD

__all__ = ["SGD", "AdaGrad", "Adam", "AdamW", "Optimizer", "RMSProp", "as_leaves"]
