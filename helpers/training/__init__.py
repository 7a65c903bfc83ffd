"""Training (book, chapters 7, 8 and 11): `fit` and `evaluate`, optimizers, and what helps them."""

from .clipping import clip_grad_norm
from .evaluate import Validation, accuracy, evaluate
from .fit import Steps, fit
from .history import History
from .optimizers import SGD, AdaGrad, Adam, AdamW, Optimizer, RMSProp
from .paths import follow
from .schedules import cosine_decay, linear_decay, one_cycle, set_lr, step_decay, warm_up

__all__ = [
    "SGD",
    "AdaGrad",
    "Adam",
    "AdamW",
    "History",
    "Optimizer",
    "RMSProp",
    "Steps",
    "Validation",
    "accuracy",
    "clip_grad_norm",
    "cosine_decay",
    "evaluate",
    "fit",
    "follow",
    "linear_decay",
    "one_cycle",
    "set_lr",
    "step_decay",
    "warm_up",
]
