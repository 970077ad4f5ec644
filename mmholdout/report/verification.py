"""What was checked of a run: what holds, what does not, and what could not be checked."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Verification:
    """Collects sentences; each names the file that it is about.

    Attributes:
        passed: one line a check.
        problems: what is not as it was recorded.
        not_checked: what was left out, and why.
        remarks: what is neither.
    """

    passed: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    not_checked: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def take(self, problems: list[str], passed: str) -> bool:
        """The outcome of one check: its problems, or, where there are none, its line."""
        self.problems += problems
        if not problems:
            self.passed.append(passed)
        return not problems

    def text(self) -> str:
        """All lines but the problems, the count last."""
        lines = [f'ok: {line}' for line in self.passed]
        lines += [f'not checked: {line}' for line in self.not_checked]
        lines += self.remarks
        failed = f', {_count(len(self.problems), "problem")}' if self.problems else ''
        lines.append(
            f'{_count(len(self.passed), "check")} passed, {len(self.not_checked)} not checked'
            + failed
        )
        return '\n'.join(lines)


def _count(number: int, noun: str) -> str:
    return f'{number} {noun}' if number == 1 else f'{number} {noun}s'
