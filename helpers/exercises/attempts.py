"""What an attempt answers, and whether there is an attempt at all."""

import copy
import traceback
from dis import opmap
from types import FunctionType

from .agree import brief, shorten


class Raised:
    """An exception as the answer to a case; one that is returned is a value like any other."""

    def __init__(self, error):
        self.error = error

    def is_wrong_call(self):
        """Return whether the function was called with arguments that it does not take."""
        return type(self.error) is TypeError and not self._lines()

    def missed_by(self, answer):
        """Say that this was to be raised, and what was answered instead."""
        returned = issubclass(type(answer), Exception)
        got = "not returned" if returned else f"got {brief(answer)}"
        return f"expected a {type(self.error).__name__} to be raised, {got}"

    def __str__(self):
        """Say what was raised, in which line of the attempt, and what it says."""
        lines = self._lines()
        place = f" in line {lines[0]}" if lines else ""
        text = _message(self.error).rstrip(".")
        return f"raised {brief(type(self.error))}{place}" + (f": {text}" if text else "")

    def _lines(self):
        """Return the lines of the attempt that the exception came through."""
        frames = traceback.walk_tb(self.error.__traceback__)
        return [line for _, line in frames][1:]  # the first is the call in `answer_to`


def _message(error):
    try:
        return shorten(str(error))
    except Exception:  # of a learner's own, which cannot be shown
        return ""


def answer_to(arguments, function):
    """Return what a function answers to copies of the arguments; an exception is an answer, too."""
    try:
        return function(*copy.deepcopy(arguments))
    except KeyboardInterrupt:  # somebody stops an attempt that does not end
        raise
    except BaseException as error:  # a learner's code may raise anything, such as SystemExit
        return Raised(error)


def from_line_of_attempt(error, file):
    """Return the error as if it had been raised in the attempt's own lines, without those of a file.

    That is for an exercise whose attempt is called by code in `file`, on the attempt's behalf.
    """
    trace = error.__traceback__
    while trace.tb_next and trace.tb_next.tb_frame.f_code.co_filename == file:
        trace = trace.tb_next
    if type(error) is TypeError and not trace.tb_next:  # a call that the attempt does not take
        return ValueError(str(error))
    return error.with_traceback(trace)


def is_placeholder(answer):
    """Return whether an answer says that there is none yet, by `...` or by NotImplementedError."""
    return answer is ... or (type(answer) is Raised and type(answer.error) is NotImplementedError)


def _bare_stub(): ...


def does_nothing(function):
    """Return whether a function is still a stub: `...` or `pass`, under a docstring or not.

    Python compiles these, and a `return None` that stands alone, to the same steps, so that all of
    them count as a stub. The steps differ from version to version: those of `_bare_stub` are the
    measure, apart from steps that only mark a line. A stub also has the same constants, since
    `return 0.0` takes the same steps as `return None` in some versions.
    """
    if type(function) is not FunctionType:
        return False
    return _steps(function) == _steps(_bare_stub) and _constants(function) == _constants(_bare_stub)


def _steps(function):
    return [step for step in function.__code__.co_code[::2] if step != opmap["NOP"]]


def _constants(function):
    constants = function.__code__.co_consts
    return [value for value in constants if value is None or value is not function.__doc__]
