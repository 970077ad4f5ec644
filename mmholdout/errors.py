"""What a user can get wrong: one message, exit code 2, no traceback."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence


class UserError(Exception):
    """A mistake in the user's config, data or arguments; all its problems at once.

    Args:
        problems: one sentence, or several that are printed as a numbered list.

    Attributes:
        advice: what follows them; whoever knows how to go on adds it.
    """

    exit_code = 2

    def __init__(self, problems: str | Sequence[str]) -> None:
        self.problems = (problems,) if isinstance(problems, str) else tuple(problems)
        self.advice = ''
        if not self.problems:
            raise ValueError('a UserError needs a problem')
        super().__init__(self.problems)

    def __str__(self) -> str:
        return '\n'.join(filter(None, (self._text(), self.advice)))

    def _text(self) -> str:
        if len(self.problems) == 1:
            return self.problems[0]
        lines = [f'{len(self.problems)} problems:']
        for number, problem in enumerate(self.problems, 1):
            mark = f'  {number}. '
            lines.append(mark + problem.replace('\n', '\n' + ' ' * len(mark)))
        return '\n'.join(lines)


class ConfigError(UserError):
    """The config says something that is unknown, contradictory or impossible."""


class DataError(UserError):
    """Annotations, images or split lists are missing or wrong."""


class CheckpointError(UserError):
    """A checkpoint is missing, damaged, of another kind, or not safe to load."""


class RunFolderError(UserError):
    """The run folder already holds a run, or holds none where one is needed."""


class StorageError(UserError):
    """A file of the run cannot be written: the disk is full, or nobody may write there."""


class LedgerError(UserError):
    """The test split was used before, or its ledger has been changed."""


class VerificationError(UserError):
    """Something that a run has on record is not, or no longer, what the record says."""


class NonFiniteLossError(UserError):
    """A training loss became NaN or infinite; nothing was updated by it."""


class ImpureValidationError(UserError):
    """Something that training goes on from changed while a model was only to be measured."""


class MissingOperatorError(UserError):
    """A compiled operator was called that this installation does not have."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The near names as a sentence with a leading blank, or '' where none is near.

    At most two are named, the nearest first. Capitals do not count, because 'map' and 'mAP'
    share only one letter with them; a name that differs in nothing else is named alone.
    """
    scored = []
    for candidate in dict.fromkeys(known):
        ratio = difflib.SequenceMatcher(None, candidate.lower(), name.lower()).ratio()
        scored.append((ratio, candidate))
    best = max((ratio for ratio, _ in scored), default=0.0)
    if best < _NEAR:
        return ''
    least = 1.0 if best == 1.0 else max(_NEAR, best - _AS_NEAR)
    near = sorted((-ratio, candidate) for ratio, candidate in scored if ratio >= least)
    return f' Did you mean {" or ".join(repr(candidate) for _, candidate in near[:2])}?'


_NEAR = 0.6  # difflib's own default
_AS_NEAR = 0.1  # a second name must be about as near as the first
