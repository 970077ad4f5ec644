"""What reading a data set found: collected, counted, told once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from mmholdout.errors import DataError

SHOWN = 3  # examples of each kind
SHOWN_PROBLEMS = 10


class VOCReport:
    """Problems (which stop), notices (which do not, unless `strict`) and facts of one split.

    A notice is something wrong in the data that was dealt with; a fact follows from what the
    config asks for. Equal kinds are counted together; each keeps its first examples.

    Args:
        subject: what the report is about, e.g. the list's path.
    """

    def __init__(self, subject: str) -> None:
        self.subject = subject
        self._problems: dict[str, list[str]] = defaultdict(list)
        self._notices: dict[str, list[str]] = defaultdict(list)
        self._facts: list[str] = []

    def problem(self, kind: str, *examples: str) -> None:
        """Something that reading cannot go on with; raised by `raise_problems`."""
        self._problems[kind].extend(examples)

    def notice(self, kind: str, *examples: str) -> None:
        """Something wrong that was dealt with; each example names file and field."""
        if examples:
            self._notices[kind].extend(examples)

    def fact(self, sentence: str) -> None:
        """Something worth saying that is not wrong."""
        self._facts.append(sentence)

    @property
    def counts(self) -> dict[str, int]:
        """How often each kind of notice occurred."""
        return {kind: len(examples) for kind, examples in self._notices.items()}

    @property
    def problems(self) -> dict[str, list[str]]:
        """Every example of each kind of problem."""
        return {kind: list(examples) for kind, examples in self._problems.items()}

    @property
    def notices(self) -> dict[str, list[str]]:
        """Every example of each kind of notice."""
        return {kind: list(examples) for kind, examples in self._notices.items()}

    @property
    def facts(self) -> list[str]:
        """All facts."""
        return list(self._facts)

    def raise_problems(self, strict: bool = False) -> None:
        """Raise all problems at once.

        Args:
            strict: whether notices are problems too.

        Raises:
            DataError: there are any.
        """
        found = dict(self._problems)
        if strict:
            found |= {f'{kind} (strict=True)': e for kind, e in self._notices.items()}
        if found:
            raise DataError(
                [
                    f'{self.subject}: {_line(kind, examples, SHOWN_PROBLEMS)}'
                    for kind, examples in found.items()
                ]
            )

    def text(self) -> str:
        """The printed report: a line for each kind; '' when there is nothing to say."""
        lines = [_line(kind, examples, SHOWN) for kind, examples in self._notices.items()]
        lines += self._facts
        return '\n'.join([f'{self.subject}:', *(f'  {line}' for line in lines)]) if lines else ''


def _line(kind: str, examples: Sequence[str], shown: int) -> str:
    if not examples:
        return kind
    rest = f'; and {len(examples) - shown} more' if len(examples) > shown else ''
    return f'{len(examples)} x {kind}: {"; ".join(examples[:shown])}{rest}'
