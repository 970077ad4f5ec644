"""What data in YOLO's format need on disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mmholdout.datasets.places import LIST
from mmholdout.errors import ConfigError, DataError, did_you_mean
from mmholdout.formats.yolo_yaml import SPLITS, YOLOData, read_yolo_yaml


@dataclass(frozen=True)
class YOLOPlaces:
    """The `data.yaml` of one dataset, and which of its splits is read."""

    data_root: str
    ann_file: str
    split: str

    @classmethod
    def of(cls, words: Mapping[str, Any]) -> YOLOPlaces:
        """From the words of a dataset in a config.

        Raises:
            ConfigError: no text, or a split that is none.
        """
        ann_file, split = words.get('ann_file') or '', words.get('split')
        problems = []
        if not isinstance(ann_file, str | Path):
            problems.append(f'ann_file must be a text such as data.yaml, got {ann_file!r}')
        if split not in SPLITS:
            near = did_you_mean(str(split), SPLITS) if split else ''
            problems.append(
                f'split must say which one of data.yaml is read: {", ".join(map(repr, SPLITS))}; '
                f'got {split!r}.{near}'
            )
        if problems:
            raise ConfigError(problems)
        return cls(str(words.get('data_root') or ''), str(ann_file), str(split))

    @property
    def file(self) -> Path:
        """`data.yaml`."""
        return Path(self.data_root, self.ann_file)

    @property
    def subject(self) -> str:
        """The file and the split, as a report is headed."""
        return f'{self.file} ({self.split})'

    def needed(self) -> list[tuple[str, Path, bool]]:
        """The file, and the folders and lists that it names for the split."""
        found = [(LIST, self.file, False)]
        try:
            entries = self.read().splits.get(self.split, ()) if self.file.is_file() else ()
        except DataError:  # said where it is read
            entries = ()
        for path in entries:
            is_list = path.suffix.lower() == '.txt'
            found.append((LIST if is_list else 'images', path, not is_list))
        return found

    def read(self) -> YOLOData:
        """What the file says.

        Raises:
            DataError: see `read_yolo_yaml`.
        """
        return read_yolo_yaml(self.file)

    def unnamed(self, split: str) -> str:
        """Why the words of a split name no file; '' where they do."""
        of = f' of {split}' if split else ''
        return '' if self.ann_file else f'the dataset{of} names no file: set ann_file="data.yaml"'

    def remedies(self, missing: list[Path]) -> list[str]:
        """Where the places come from."""
        if self.file in missing:
            return []
        return [f'Or correct path, train, val and test in {self.file}.']
