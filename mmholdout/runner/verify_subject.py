"""A run folder that is to be verified, and what is known of it so far."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mmholdout.config.check import check
from mmholdout.config.load import Loaded, load
from mmholdout.config.origin import Origins
from mmholdout.config.project import make_importable
from mmholdout.config.refit import as_refit
from mmholdout.config.translate import translate
from mmholdout.errors import RunFolderError, UserError
from mmholdout.history.jsonl import History, Row
from mmholdout.report.verification import Verification
from mmholdout.runner.checkpoint import read_checkpoint
from mmholdout.runner.parts import Words
from mmholdout.runner.resolved_config import read_resolved

BEST = 'checkpoints/best_model.pth'


@dataclass
class Subject:
    """The run, its options, and what the checks before have found.

    Attributes:
        folder: the run's.
        found: what is said at the end.
        data_root: where the data are now; None for where the config says.
        config: path of a config to use in place of the one in the folder.
        recorded: name -> digest in digests.json; None for a run that has not ended.
        changed: names of files that are not what they were.
        suspect: splits whose images or annotations are not what they were, or are not there.
    """

    folder: Path
    found: Verification
    data_root: str | None = None
    config: str | None = None
    recorded: dict[str, str] | None = None
    changed: set[str] = field(default_factory=set)
    suspect: set[str] = field(default_factory=set)
    _metas: dict[str, dict[str, Any]] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        """Whether a file is there and may be relied on."""
        return (self.folder / name).is_file() and name not in self.changed

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        """A check that may find that it cannot be made: then it is said and the next one begins."""
        try:
            yield
        except UserError as error:
            self.found.not_checked += [f'{what}: {problem}' for problem in error.problems]

    def need(self, *names: str) -> None:
        """Leave a step that depends on files which are missing or changed.

        Raises:
            RunFolderError: with the names.
        """
        lacking = [name for name in names if not self.has(name)]
        if lacking:
            changed = [name for name in lacking if name in self.changed]
            why = f'{", ".join(changed)} was changed' if changed else f'no {", ".join(lacking)}'
            raise RunFolderError(why)

    def words(self, name: str = 'config.py') -> Words:
        """The translated config, with the data where they are now; checked as before training.

        Raises:
            UserError: there is none that can be relied on.
        """
        if self.config is not None:
            loaded = load(self.config)
        else:
            self.need(name)
            loaded = Loaded(read_resolved(self.folder / name), Origins())
            make_importable((self.folder / name).absolute())
        if self.data_root is not None:
            loaded.cfg['data_root'] = self.data_root
        words = translate(loaded.cfg)
        check(loaded, words)
        return as_refit(words)

    def rows(self) -> list[Row]:
        """The history.

        Raises:
            UserError: missing or changed.
        """
        self.need('history.jsonl')
        return History(self.folder / 'history.jsonl').rows

    def meta(self, name: str) -> dict[str, Any]:
        """What a checkpoint carries besides weights; each is read once, tensors and all.

        Raises:
            UserError: missing, changed or damaged.
        """
        self.need(name)
        if name not in self._metas:
            self._metas[name] = read_checkpoint(self.folder / name)['meta']
        return self._metas[name]
