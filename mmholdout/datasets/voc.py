"""Detection data in Pascal VOC's layout."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from mmdet.datasets import BaseDetDataset
from mmengine.registry import DefaultScope

from mmholdout.datasets.class_lookup import ClassLookup
from mmholdout.datasets.decode_check import decode
from mmholdout.datasets.drawn_split import DrawnPart
from mmholdout.datasets.voc_places import ANNOTATIONS, IMAGES, VOCPlaces, require_places
from mmholdout.datasets.voc_reader import VOCReader
from mmholdout.datasets.voc_report import SHOWN, VOCReport
from mmholdout.errors import ConfigError, DataError, did_you_mean
from mmholdout.registry import DATASETS, TRANSFORMS

CORRUPT = ('error', 'skip')
DIFFICULT = ('ignore', 'train')
FILTERS = {'filter_empty_gt': False, 'min_size': 0, 'bbox_min_size': 0}


@DATASETS.register_module()
class VOCDataset(BaseDetDataset):
    """`Annotations/<id>.xml`, `JPEGImages/<id>.*` and a list of ids.

    Everything that can be wrong with the files is found when the dataset is built, without
    decoding pixels, and told at once: what cannot be read raises, what could be mended is in
    `report`. The ids in the list decide; names and paths inside the XML are not read.

    A sample's `instances` hold `bbox` xyxy in continuous pixels of the decoded image (see
    `clean_box` for the shift by one, `read_header` for EXIF), `bbox_label`, and `ignore_flag`
    (1 for difficult objects, as in mmdet). Images without objects are kept.

    Several lists and roots make one dataset, such as VOC07+12; see `voc_roots` for the ids.

    Args:
        ann_file: the list, relative to `data_root`; or several.
        metainfo: `dict(classes=(...))`, in label order.
        data_root: the folder of the data.
        data_prefix: `sub_data_root` is between `data_root` and the two folders; several, one for
            each list, or one for all.
        part: `dict(start=0, stop=0.9)` takes that part of the lists; see `DrawnPart`.
        class_aliases: name as written -> class.
        ignore_classes: names whose objects are left out.
        filter_cfg: for training only. `filter_empty_gt` drops images without objects,
            `min_size` those with a side below it; objects with a side below `bbox_min_size`
            are flagged as ignored. Pixels.
        difficult: in training. 'ignore': such objects are no targets, as in mmdet (whose SSD makes
            background of them). 'train': they are targets, as in Caffe's SSD. Metrics never count
            them.
        strict: whether notices in the report are errors.
        corrupt: what to do about an image that cannot be decoded. 'error': stop, at the start
            where header or end of the file show it, else when it is read. 'skip': decode all at
            the start, leave out those and say so; for training only.
        use_index: see `VOCIndex`.
        one_based: whether boxes count pixels from 1, as VOC's do.
        pipeline: transforms.
        test_mode: read for evaluation.
        img_subdir: of the images.
        ann_subdir: of the annotations.
        indices: see mmengine's BaseDataset; so are the remaining ones.
        serialize_data: keep the list pickled, so that workers share its memory.
        lazy_init: read at the first use instead.
        max_refetch: tries where the pipeline gives None in training.
        backend_args: None; files are read from disk.

    Raises:
        ConfigError: contradictory arguments.
        DataError: files missing or wrong, all of them at once.
    """

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
        one_based: bool = True,
        pipeline: Sequence[Any] = (),
        test_mode: bool = False,
        img_subdir: str = IMAGES,
        ann_subdir: str = ANNOTATIONS,
        indices: int | Sequence[int] | None = None,
        serialize_data: bool = True,
        lazy_init: bool = False,
        max_refetch: int = 1000,
        backend_args: None = None,
    ) -> None:
        if backend_args is not None:
            raise ConfigError('VOCDataset reads from disk: backend_args must be None')
        prefix = _known('data_prefix', data_prefix, {'sub_data_root': ''})
        self._filters = _known('filter_cfg', filter_cfg, FILTERS)
        self._class_words = class_aliases or {}, ignore_classes
        # Also here, because `lazy_init` must not put off what the config alone shows.
        self._lookup(metainfo)
        _require('corrupt', corrupt, CORRUPT)
        _require('difficult', difficult, DIFFICULT)
        self.difficult = difficult
        self.part = None if part is None else DrawnPart.of(part)
        self.strict, self.one_based = strict, one_based
        self.corrupt, self.use_index = corrupt, use_index
        self.places = VOCPlaces.of(
            {
                'data_root': data_root,
                'ann_file': ann_file,
                'data_prefix': prefix,
                'img_subdir': img_subdir,
                'ann_subdir': ann_subdir,
            }
        )
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

    def load_data_list(self) -> list[dict[str, Any]]:
        """Read and check every file of the split."""
        require_places([('', self.places)])
        self.report = VOCReport(self.places.subject)
        reader = VOCReader(
            self._lookup(self._metainfo),
            self.report,
            one_based=self.one_based,
            img_subdir=self.places.img_subdir,
            ann_subdir=self.places.ann_subdir,
            part=self.part,
            skip_corrupt=self.corrupt == 'skip',
            use_index=self.use_index,
        )
        samples = reader.read(self.places.roots)
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
        ids = [sample['img_id'] for sample in self.data_list if not sample['instances']]
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

    def _lookup(self, metainfo: Any) -> ClassLookup:
        aliases, ignored = self._class_words
        return ClassLookup(metainfo, aliases, ignored)


def _require(key: str, given: str, known: Sequence[str]) -> None:
    if given not in known:
        words = ' or '.join(map(repr, known))
        raise ConfigError(f'{key} of VOCDataset must be {words}, got {given!r}')


def _known(
    key: str, given: Mapping[str, Any] | None, defaults: Mapping[str, Any]
) -> dict[str, Any]:
    unknown = [name for name in given or {} if name not in defaults]
    if unknown:
        raise ConfigError(
            [
                f'{key} of VOCDataset has no {name!r}; known: {", ".join(defaults)}.'
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
