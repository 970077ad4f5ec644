"""What a user can get wrong: one message, exit code 2, no traceback."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence


class UserError(Exception):
    """A mistake in the user's config, data or arguments; all its problems at once.

    Args:
        problems: one sentence, or several that are printed as a numbered list.
    """

    exit_code = 2

    def __init__(self, problems: str | Sequence[str]) -> None:
        self.problems = (problems,) if isinstance(problems, str) else tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        if len(self.problems) == 1:
            return self.problems[0]
        lines = [f'{len(self.problems)} problems:']
        lines += [f'  {i}. {problem}' for i, problem in enumerate(self.problems, 1)]
        return '\n'.join(lines)


class ConfigError(UserError):
    """The config says something that is unknown, contradictory or impossible."""


class DataError(UserError):
    """Annotations, images or split lists are missing or wrong."""


class CheckpointError(UserError):
    """A checkpoint is missing, damaged, of another kind, or not safe to load."""


class RunFolderError(UserError):
    """The run folder already holds a run, or holds none where one is needed."""


class LedgerError(UserError):
    """The test split was used before, or its ledger has been changed."""


class NonFiniteLossError(UserError):
    """A training loss became NaN or infinite; nothing was updated by it."""


class MissingOperatorError(UserError):
    """A compiled operator was called that this installation does not have."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The near names as a sentence with a leading blank, or '' where none is near."""
    candidates = list(known)
    near = difflib.get_close_matches(name, candidates, n=2, cutoff=0.6)
    if not near:  # 'map' and 'mAP' share no lower-case letters
        folded = {candidate.lower(): candidate for candidate in candidates}
        near = [folded[n] for n in difflib.get_close_matches(name.lower(), folded, n=2)]
    return f' Did you mean {" or ".join(repr(n) for n in near)}?' if near else ''
