"""What data in VOC's layout needs on disk."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mmholdout.datasets.places import LIST
from mmholdout.datasets.voc_roots import VOCRoot, voc_roots

IMAGES, ANNOTATIONS = 'JPEGImages', 'Annotations'


@dataclass(frozen=True)
class VOCPlaces:
    """The places of one dataset: its roots, and the two subfolders of each."""

    data_root: str
    roots: tuple[VOCRoot, ...]
    img_subdir: str = IMAGES
    ann_subdir: str = ANNOTATIONS

    @classmethod
    def of(cls, words: Mapping[str, Any]) -> VOCPlaces:
        """From the words of a dataset in a config.

        Raises:
            ConfigError: see `voc_roots`.
        """
        data_root = str(words.get('data_root') or '')
        roots = voc_roots(data_root, words.get('ann_file', ''), words.get('data_prefix'))
        return cls(
            data_root,
            tuple(roots),
            words.get('img_subdir', IMAGES),
            words.get('ann_subdir', ANNOTATIONS),
        )

    @property
    def subject(self) -> str:
        """The lists, as a report is headed."""
        return ', '.join(str(root.list_path) for root in self.roots)

    def needed(self) -> list[tuple[str, Path, bool]]:
        """What each place is for, where it is, and whether it is a folder."""
        found: list[tuple[str, Path, bool]] = []
        for root in self.roots:
            found.append((LIST, root.list_path, False))
            found.append(('annotations', root.folder / self.ann_subdir, True))
            found.append(('images', root.folder / self.img_subdir, True))
        return list(dict.fromkeys(found))

    def unnamed(self, split: str) -> str:
        """Why the words of a split name no files; '' where they do."""
        if all(root.listed for root in self.roots):
            return ''
        of = f' of {split}' if split else ''
        return (
            f'the dataset{of} names no list of images: set ann_file, such as '
            f'ImageSets/Main/{split or "train"}.txt'
        )

    def remedies(self, missing: list[Path]) -> list[str]:
        """How to get VOC2007 and VOC2012, where they are missing."""
        if not any(re.search(r'VOC20\d\d', str(path)) for path in missing):
            return []
        return [
            'To fetch and arrange both years: python tools/prepare_data.py voc --out PATH. '
            'By hand: VOCtrainval_06-Nov-2007.tar, VOCtest_06-Nov-2007.tar and '
            'VOCtrainval_11-May-2012.tar (http://host.robots.ox.ac.uk/pascal/VOC/) each unpack '
            'into VOCdevkit/, which is the data_root.',
            'To try the commands without them: python tools/prepare_data.py stand-in --out PATH',
        ]
