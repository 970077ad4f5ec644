"""What data in COCO's format need on disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mmholdout.datasets.places import LIST
from mmholdout.errors import ConfigError


@dataclass(frozen=True)
class COCOPlaces:
    """The annotation file of one dataset, and the folder that its file names are below."""

    data_root: str
    ann_file: str
    img: str = ''

    @classmethod
    def of(cls, words: Mapping[str, Any]) -> COCOPlaces:
        """From the words of a dataset in a config.

        Raises:
            ConfigError: they are no texts.
        """
        img = (words.get('data_prefix') or {}).get('img') or ''
        ann_file = words.get('ann_file') or ''
        problems = [
            f'{key} must be a text, got {value!r}'
            + ('; several files are a ConcatDataset' if isinstance(value, list | tuple) else '')
            for key, value in (('ann_file', ann_file), ('data_prefix.img', img))
            if not isinstance(value, str | Path)
        ]
        if problems:
            raise ConfigError(problems)
        return cls(str(words.get('data_root') or ''), str(ann_file), str(img))

    @property
    def file(self) -> Path:
        """The annotation file."""
        return Path(self.data_root, self.ann_file)

    @property
    def folder(self) -> Path:
        """That of the images."""
        return Path(self.data_root, self.img)

    @property
    def subject(self) -> str:
        """The file, as a report is headed."""
        return str(self.file)

    def needed(self) -> list[tuple[str, Path, bool]]:
        """File and folder."""
        return [(LIST, self.file, False), ('images', self.folder, True)]

    def unnamed(self, split: str) -> str:
        """Why the words of a split name no file; '' where they do."""
        if self.ann_file:
            return ''
        of = f' of {split}' if split else ''
        return (
            f'the dataset{of} names no annotations: set ann_file, such as '
            f'annotations/{split or "train"}.json'
        )

    def remedies(self, missing: list[Path]) -> list[str]:
        """Nothing beyond what is said of every format."""
        del missing
        return []
