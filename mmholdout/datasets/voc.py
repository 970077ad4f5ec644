"""Detection data in Pascal VOC's layout."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from mmdet.datasets import BaseDetDataset
from mmengine.registry import DefaultScope

from mmholdout.datasets.class_lookup import ClassLookup
from mmholdout.datasets.voc_reader import VOCReader
from mmholdout.datasets.voc_report import VOCReport
from mmholdout.errors import ConfigError, DataError, did_you_mean
from mmholdout.registry import DATASETS, TRANSFORMS

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

    Args:
        ann_file: the list, relative to `data_root`.
        metainfo: `dict(classes=(...))`, in label order.
        data_root: the folder of the data.
        data_prefix: `sub_data_root` is between `data_root` and the two folders.
        class_aliases: name as written -> class.
        ignore_classes: names whose objects are left out.
        filter_cfg: for training only. `filter_empty_gt` drops images without objects,
            `min_size` those with a side below it; objects with a side below `bbox_min_size`
            are flagged as ignored. Pixels.
        strict: whether notices in the report are errors.
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
        ann_file: str = '',
        metainfo: Mapping[str, Any] | None = None,
        data_root: str | None = '',
        data_prefix: Mapping[str, str] | None = None,
        class_aliases: Mapping[str, str] | None = None,
        ignore_classes: Sequence[str] = (),
        filter_cfg: Mapping[str, Any] | None = None,
        strict: bool = False,
        one_based: bool = True,
        pipeline: Sequence[Any] = (),
        test_mode: bool = False,
        img_subdir: str = 'JPEGImages',
        ann_subdir: str = 'Annotations',
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
        self.strict, self.one_based = strict, one_based
        self.img_subdir, self.ann_subdir = img_subdir, ann_subdir
        self.listed = ann_file
        self.report = VOCReport(ann_file)
        transforms = _transforms(pipeline)
        super().__init__(
            ann_file=str(ann_file),
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
        self.report = VOCReport(self.ann_file)
        reader = VOCReader(
            self._folder(),
            self._lookup(self._metainfo),
            self.report,
            one_based=self.one_based,
            img_subdir=self.img_subdir,
            ann_subdir=self.ann_subdir,
        )
        samples = reader.read(Path(self.ann_file))
        self.report.raise_problems(self.strict)
        return samples

    def filter_data(self) -> list[dict[str, Any]]:
        """Apply `filter_cfg`, in training only; what is dropped is counted in the report."""
        empty = sum(not sample['instances'] for sample in self.data_list)
        if self.test_mode:
            kept = self.data_list
        else:
            kept = [sample for sample in self.data_list if self._keeps(sample)]
            _flag_small(kept, self._filters['bbox_min_size'])
        drops_empty = self._filters['filter_empty_gt'] and not self.test_mode
        if empty:
            fate = 'dropped (filter_empty_gt)' if drops_empty else 'kept as negatives'
            self.report.fact(f'images without objects, {fate}: {empty}')
        small = len(self.data_list) - len(kept) - (empty if drops_empty else 0)
        if small:
            self.report.fact(
                f'images with a side below {self._filters["min_size"]} px, dropped (min_size): '
                f'{small}'
            )
        if not kept:
            raise DataError(
                f'filter_cfg={dict(self._filters)} leaves none of the {len(self.data_list)} '
                f'images of {self.ann_file}'
            )
        return kept

    def _keeps(self, sample: dict[str, Any]) -> bool:
        if self._filters['filter_empty_gt'] and not sample['instances']:
            return False
        return bool(min(sample['width'], sample['height']) >= self._filters['min_size'])

    def _lookup(self, metainfo: Any) -> ClassLookup:
        aliases, ignored = self._class_words
        return ClassLookup(metainfo, aliases, ignored)

    def _folder(self) -> Path:
        """The folder above images and annotations, after checking that all is there."""
        root, folder = Path(self.data_root or '.'), Path(self.data_prefix['sub_data_root'])
        remedy = (
            'Set data_root in the config or give --cfg-options data_root=PATH; the folder holds '
            f'{self.listed or "the list of images"}, {self.ann_subdir}/ and {self.img_subdir}/'
        )
        if not root.is_dir():
            raise DataError(
                f'data_root {str(root)!r} is no folder (looked at {root.absolute()}). {remedy}'
            )
        if not self.listed:
            raise DataError(f'the dataset names no list of images: set ann_file. {remedy}')
        subfolders = (folder / self.ann_subdir, folder / self.img_subdir)
        missing = [f'folder {path}' for path in subfolders if not path.is_dir()]
        if not Path(self.ann_file).is_file():
            missing.insert(0, f'list of images (ann_file) {self.ann_file}')
        if missing:
            raise DataError(
                f'missing below data_root {str(root.absolute())!r}: {"; ".join(missing)}. {remedy}'
            )
        return folder


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
