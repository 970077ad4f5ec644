"""What the data sets of this package have in common, whatever the format of their files."""

from __future__ import annotations

import pickle
from abc import abstractmethod
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from mmdet.datasets import BaseDetDataset
from mmengine.registry import DefaultScope

from mmholdout.datasets.class_lookup import ClassLookup
from mmholdout.datasets.decode_check import decode
from mmholdout.datasets.drawn_split import DrawnPart
from mmholdout.datasets.places import Places, require_places
from mmholdout.datasets.voc_report import SHOWN, VOCReport
from mmholdout.errors import ConfigError, DataError, did_you_mean
from mmholdout.formats.writer import Writer
from mmholdout.registry import TRANSFORMS

CORRUPT = ('error', 'skip')
DIFFICULT = ('ignore', 'train')
FILTERS = {'filter_empty_gt': False, 'min_size': 0, 'bbox_min_size': 0}
Words = Mapping[str, Any]
Listed = tuple[Hashable, Path, bool]  # id, its image, whether that is there


class CheckedDataset(BaseDetDataset):
    """Files of one format: all that is wrong with them is found at the start and told at once.

    A new format is a subclass in a module of its own. Everything that looks at data (start of a
    run, comparison of splits, `check`, `verify_run`, `convert`, `stats`) asks it and nothing else.

    Args: see `VOCDataset`, which has them all; `difficult` is also said of a crowd.

    Raises:
        ConfigError: contradictory arguments.
        DataError: files missing or wrong, all of them at once.
    """

    format_name: ClassVar[str] = ''
    writer: ClassVar[type[Writer] | None] = None
    not_kept: ClassVar[str] = ''  # what `convert` never carries over from this format
    prefixes: ClassVar[dict[str, Any]] = {}  # known keys of data_prefix, with their defaults

    def __init__(
        self,
        ann_file: str | Sequence[str] = '',
        metainfo: Mapping[str, Any] | None = None,
        data_root: str | None = '',
        data_prefix: Mapping[str, str | Sequence[str]] | None = None,
        part: Mapping[str, Any] | None = None,
        class_aliases: Mapping[str, str] | None = None,
        ignore_classes: Sequence[str] = (),
        filter_cfg: Mapping[str, Any] | None = None,
        difficult: str = 'ignore',
        strict: bool = False,
        corrupt: str = 'error',
        use_index: bool = True,
        pipeline: Sequence[Any] = (),
        test_mode: bool = False,
        indices: int | Sequence[int] | None = None,
        serialize_data: bool = True,
        lazy_init: bool = False,
        max_refetch: int = 1000,
        backend_args: None = None,
    ) -> None:
        if backend_args is not None:
            raise ConfigError(f'{type(self).__name__} reads from disk: backend_args must be None')
        prefix = self._known('data_prefix', data_prefix, self.prefixes)
        self._filters = self._known('filter_cfg', filter_cfg, FILTERS)
        self._class_words = class_aliases or {}, ignore_classes
        # Also here, because `lazy_init` must not put off what the config alone shows.
        self.lookup(metainfo)
        self._require('corrupt', corrupt, CORRUPT)
        self._require('difficult', difficult, DIFFICULT)
        self.difficult = difficult
        self.part = None if part is None else DrawnPart.of(part)
        self.strict, self.corrupt, self.use_index = strict, corrupt, use_index
        given = {'data_root': data_root, 'ann_file': ann_file, 'data_prefix': prefix}
        self.places = self.places_of(given | self.own_words())
        self.report = VOCReport(self.places.subject)
        transforms = _transforms(pipeline)
        super().__init__(
            ann_file=ann_file,
            metainfo=metainfo,
            data_root=str(data_root or ''),
            data_prefix=prefix,
            filter_cfg=filter_cfg,
            indices=indices,
            serialize_data=serialize_data,
            pipeline=transforms,
            test_mode=test_mode,
            lazy_init=lazy_init,
            max_refetch=max_refetch,
        )

    def own_words(self) -> dict[str, Any]:
        """Arguments of the subclass that decide where its files are."""
        return {}

    @classmethod
    @abstractmethod
    def places_of(cls, words: Words) -> Places:
        """Where the files are.

        Raises:
            ConfigError: the words do not fit together.
        """

    @classmethod
    @abstractmethod
    def listed(cls, words: Words) -> Iterator[Listed]:
        """The images of a split in their order, as far as it can be read; no label is.

        An image that is not there has the path where it would be.

        Raises:
            DataError: a list cannot be read.
        """

    @classmethod
    @abstractmethod
    def label_files(cls, words: Words) -> Iterator[Path]:
        """The files that labels come from, lists included; those that are there, labels unread."""

    @classmethod
    @abstractmethod
    def words_of_folder(cls, folder: Path) -> dict[str, dict[str, Any]]:
        """Split -> words of its data set in a folder of this format; empty in any other folder."""

    @classmethod
    @abstractmethod
    def classes_of(cls, words: Words) -> tuple[str, ...]:
        """Names of the classes, in the order that the files give them."""

    @abstractmethod
    def read_samples(self, *, marks: bool = False) -> list[dict[str, Any]]:
        """Read and check every file of the split; what is wrong goes to the report.

        Args:
            marks: each instance has them besides; see `formats.records.Thing`.
        """

    @classmethod
    def ids_below(cls, words: Words) -> Path | None:
        """The folder below which ids are names of files; None where they are something else."""
        del words
        return None

    @classmethod
    def files_of_ids(cls, words: Words, ids: Sequence[str]) -> dict[str, Path]:
        """Id -> image that is there, of ids on record (as texts), whatever the lists say now."""
        wanted = set(ids)
        return {str(i): path for i, path, there in cls.listed(words) if there and str(i) in wanted}

    def load_data_list(self) -> list[dict[str, Any]]:
        """Read and check every file of the split."""
        require_places([('', self.places)])
        self.report = VOCReport(self.places.subject)
        samples = self.read_samples()
        self.report.raise_problems(self.strict)
        if self.difficult == 'train' and not self.test_mode:
            for instance in (i for sample in samples for i in sample['instances']):
                instance['ignore_flag'] = 0
        return samples

    def _join_prefix(self) -> None:
        """Nothing: `places` has joined what the arguments name, of which mmengine takes one."""

    def _serialize_data(self) -> tuple[np.ndarray, np.ndarray]:
        """As mmengine's, but it does not collect the whole process's garbage: half a second."""
        pickled = [pickle.dumps(sample, protocol=4) for sample in self.data_list]
        self.data_list.clear()
        ends = np.cumsum([len(one) for one in pickled], dtype=np.int64)
        return np.frombuffer(b''.join(pickled), np.uint8), ends

    def prepare_data(self, idx: int) -> Any:
        """Run the pipeline; where it fails because of the image, the message names the file."""
        try:
            return super().prepare_data(idx)
        except Exception as error:
            decoded = decode(self.get_data_info(idx)['img_path'])
            if not decoded.unreadable:
                raise
            remedy = "set corrupt='skip' in the dataset, " if not self.test_mode else ''
            raise DataError(
                f'{decoded.unreadable}. Mend the file, {remedy}or take the id out of the list; '
                '`prepare_data.py check CONFIG` finds all such files'
            ) from error

    def filter_data(self) -> list[dict[str, Any]]:
        """Apply `filter_cfg`, in training only; what is dropped is counted in the report."""
        ids = [str(sample['img_id']) for sample in self.data_list if not sample['instances']]
        empty = len(ids)
        if self.test_mode:
            kept = self.data_list
        else:
            kept = [sample for sample in self.data_list if self._keeps(sample)]
            _flag_small(kept, self._filters['bbox_min_size'])
        drops_empty = self._filters['filter_empty_gt'] and not self.test_mode
        if empty:
            fate = 'dropped (filter_empty_gt)' if drops_empty else 'kept as negatives'
            rest = f' and {empty - SHOWN} more' if empty > SHOWN else ''
            self.report.fact(
                f'images without objects, {fate}: {empty} ({", ".join(ids[:SHOWN])}{rest})'
            )
        small = len(self.data_list) - len(kept) - (empty if drops_empty else 0)
        if small:
            self.report.fact(
                f'images with a side below {self._filters["min_size"]} px, dropped (min_size): '
                f'{small}'
            )
        if not kept:
            raise DataError(
                f'filter_cfg={dict(self._filters)} leaves none of the {len(self.data_list)} '
                f'images of {self.places.subject}'
            )
        return kept

    def _keeps(self, sample: dict[str, Any]) -> bool:
        if self._filters['filter_empty_gt'] and not sample['instances']:
            return False
        return bool(min(sample['width'], sample['height']) >= self._filters['min_size'])

    def say_part(self, part: DrawnPart, drawn: int, whole: int) -> None:
        """Report on how many images of a list the part holds."""
        share = f'the part from {part.start:g} to {part.stop:g} of the list'
        self.report.fact(f'{share}, drawn by id: {drawn} of {whole} images')
        if whole and not drawn:
            self.report.problem(f'{share} holds none of its {whole} images')

    def lookup(self, metainfo: Any) -> ClassLookup:
        """Labels by the names that the arguments know.

        Raises:
            ConfigError: they contradict each other.
        """
        aliases, ignored = self._class_words
        return ClassLookup(metainfo, aliases, ignored)

    def _require(self, key: str, given: str, known: Sequence[str]) -> None:
        if given not in known:
            words = ' or '.join(map(repr, known))
            raise ConfigError(f'{key} of {type(self).__name__} must be {words}, got {given!r}')

    def _known(self, key: str, given: Words | None, defaults: Words) -> dict[str, Any]:
        unknown = [name for name in given or {} if name not in defaults]
        if unknown:
            known = f'known: {", ".join(defaults)}.' if defaults else 'it takes none.'
            raise ConfigError(
                [
                    f'{key} of {type(self).__name__} has no {name!r}; {known}'
                    f'{did_you_mean(name, defaults)}'
                    for name in unknown
                ]
            )
        return {**defaults, **(given or {})}


def _flag_small(samples: Iterable[dict[str, Any]], least: float) -> None:
    for sample in samples:
        for instance in sample['instances']:
            x1, y1, x2, y2 = instance['bbox']
            if min(x2 - x1, y2 - y1) < least:
                instance['ignore_flag'] = 1


def _transforms(pipeline: Sequence[Any]) -> list[Any]:
    """The steps, built in our scope: mmcv, too, has a `LoadAnnotations`, and it is not mmdet's."""
    with DefaultScope.overwrite_default_scope('mmholdout'):
        return [TRANSFORMS.build(step) if isinstance(step, dict) else step for step in pipeline]
