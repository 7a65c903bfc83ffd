"""What functions answer to the cases of an exercise, and which of these answers agree."""

from .agree import agree, describe_difference
from .attempts import Raised, answer_to


class Answers:
    """The answers of any function to all cases; without cases, to a call without arguments."""

    def __init__(self, cases, tolerance):
        self._cases = cases
        self._tolerance = tolerance
        self._known = {}

    def of(self, function):
        """Return the answers of a function, which is called for each case."""
        return [answer_to(arguments, function) for arguments in self._arguments()]

    def known(self, function):
        """Yield the answers of the reference or a wrong solution, each found out only once."""
        for number, arguments in enumerate(self._arguments()):
            key = function, number
            if key not in self._known:
                self._known[key] = answer_to(arguments, function)
            yield self._known[key]

    def _arguments(self):
        return [case.arguments for case in self._cases] or [()]

    def agree(self, answer, want):
        """Return whether two answers agree; exceptions do if one is of the other's kind."""
        if type(answer) is Raised and type(want) is Raised:
            return isinstance(answer.error, type(want.error))
        return Raised not in (type(answer), type(want)) and agree(answer, want, self._tolerance)

    def all_agree(self, answers, others):
        """Return whether all answers agree, compared up to the first that does not."""
        return all(map(self.agree, answers, others))

    def difference(self, answer, want):
        """Say in words how an answer differs from the one wanted."""
        if type(answer) is Raised:
            return str(answer)
        if type(want) is Raised:
            return want.missed_by(answer)
        return describe_difference(answer, want, self._tolerance)
