"""Detection data in Pascal VOC's layout."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from mmholdout.datasets.checked import CheckedDataset, Listed, Words
from mmholdout.datasets.drawn_split import DrawnPart
from mmholdout.datasets.voc_files import ANNOTATION_SUFFIXES, IMAGE_SUFFIXES, FilesById
from mmholdout.datasets.voc_lists import read_ids
from mmholdout.datasets.voc_places import ANNOTATIONS, IMAGES, VOCPlaces
from mmholdout.datasets.voc_reader import VOCReader
from mmholdout.datasets.voc_xml import read_annotation
from mmholdout.errors import DataError
from mmholdout.formats.voc_writer import CLASSES, VOCWriter
from mmholdout.registry import DATASETS

SPLITS = ('train', 'val', 'test')


@DATASETS.register_module()
class VOCDataset(CheckedDataset):
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

    format_name = 'voc'
    writer = VOCWriter
    not_kept = 'fields of the XML files such as <source>, <owner> and <segmented>'
    prefixes = {'sub_data_root': ''}

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
        self.one_based = one_based
        self._subdirs = {'img_subdir': img_subdir, 'ann_subdir': ann_subdir}
        super().__init__(
            ann_file=ann_file,
            metainfo=metainfo,
            data_root=data_root,
            data_prefix=data_prefix,
            part=part,
            class_aliases=class_aliases,
            ignore_classes=ignore_classes,
            filter_cfg=filter_cfg,
            difficult=difficult,
            strict=strict,
            corrupt=corrupt,
            use_index=use_index,
            pipeline=pipeline,
            test_mode=test_mode,
            indices=indices,
            serialize_data=serialize_data,
            lazy_init=lazy_init,
            max_refetch=max_refetch,
            backend_args=backend_args,
        )

    def own_words(self) -> dict[str, Any]:
        """The two folders."""
        return self._subdirs

    @classmethod
    def places_of(cls, words: Words) -> VOCPlaces:
        """The lists with their folders; see `VOCPlaces.of`."""
        return VOCPlaces.of(words)

    @classmethod
    def listed(cls, words: Words) -> Iterator[Listed]:
        """The images of all lists that are there."""
        places, part = VOCPlaces.of(words), DrawnPart.of(words.get('part') or {})
        for root in places.roots:
            if root.list_path.is_file():
                folder = root.folder / places.img_subdir
                files = FilesById(folder, IMAGE_SUFFIXES)
                for i in read_ids(root.list_path):
                    if part.holds(root.prefix + i):
                        paths = files.find(i)
                        yield root.prefix + i, paths[0] if paths else folder / i, bool(paths)

    @classmethod
    def label_files(cls, words: Words) -> Iterator[Path]:
        """Lists and XML files."""
        places, part = VOCPlaces.of(words), DrawnPart.of(words.get('part') or {})
        for root in places.roots:
            yield root.list_path
            if not root.list_path.is_file():
                continue
            try:
                ids = read_ids(root.list_path)
            except DataError:  # the list is a file too, and that it is damaged shows by it
                continue
            found = FilesById(root.folder / places.ann_subdir, ANNOTATION_SUFFIXES)
            for image_id in ids:
                if part.holds(root.prefix + image_id):
                    yield from found.find(image_id)

    @classmethod
    def ids_below(cls, words: Words) -> Path:
        """`data_root`."""
        return Path(VOCPlaces.of(words).data_root)

    @classmethod
    def files_of_ids(cls, words: Words, ids: Sequence[str]) -> dict[str, Path]:
        """An id is its file, whether a list names it or not."""
        found: dict[str, Path] = {}
        places = VOCPlaces.of(words)
        for root in places.roots:
            files = FilesById(root.folder / places.img_subdir, IMAGE_SUFFIXES)
            for image_id in ids:
                here = files.find(image_id.removeprefix(root.prefix))
                if image_id.startswith(root.prefix) and here:
                    found.setdefault(image_id, here[0])
        return found

    @classmethod
    def words_of_folder(cls, folder: Path) -> dict[str, dict[str, Any]]:
        """The lists `ImageSets/Main/{train,val,test}.txt` that are there."""
        if not all((folder / name).is_dir() for name in (ANNOTATIONS, IMAGES)):
            return {}
        lists = {split: f'ImageSets/Main/{split}.txt' for split in SPLITS}
        return {
            split: {'type': cls.__name__, 'data_root': str(folder), 'ann_file': name}
            for split, name in lists.items()
            if (folder / name).is_file()
        }

    @classmethod
    def classes_of(cls, words: Words) -> tuple[str, ...]:
        """Those of `classes.txt` where it is there, else all that the XML files name, sorted."""
        places = VOCPlaces.of(words)
        named = Path(places.data_root, CLASSES)
        if named.is_file():
            lines = named.read_text(encoding='utf-8-sig').splitlines()
            return tuple(line.strip() for line in lines if line.strip())
        xmls = (path for path in cls.label_files(words) if path.suffix in ANNOTATION_SUFFIXES)
        names: set[str] = set()
        for path in xmls:
            with suppress(DataError):  # told with all others where it is read
                names.update(thing.name for thing in read_annotation(path).objects)
        return tuple(sorted(names))

    def read_samples(self, *, marks: bool = False) -> list[dict[str, Any]]:
        """Read and check every file of the split."""
        reader = VOCReader(
            self.lookup(self._metainfo),
            self.report,
            one_based=self.one_based,
            img_subdir=self.places.img_subdir,
            ann_subdir=self.places.ann_subdir,
            part=self.part,
            skip_corrupt=self.corrupt == 'skip',
            use_index=self.use_index and not marks,
            marks=marks,
        )
        return reader.read(self.places.roots)
