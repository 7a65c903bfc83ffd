"""Training (book, chapters 7, 8 and 11): `fit` and `evaluate`, optimizers, and learning rate schedules."""

from .checkpoint import History
from .fit import accuracy, evaluate, fit
from .optimizer import Optimizer
from .optimizers import SGD, AdaGrad, Adam, AdamW, RMSProp, clip_grad_norm, follow
from .schedules import cosine_decay, linear_decay, one_cycle, step_decay, warm_up

__all__ = [
    "SGD",
    "AdaGrad",
    "Adam",
    "AdamW",
    "History",
    "Optimizer",
    "RMSProp",
    "accuracy",
    "clip_grad_norm",
    "cosine_decay",
    "evaluate",
    "fit",
    "follow",
    "linear_decay",
    "one_cycle",
    "step_decay",
    "warm_up",
]
