"""Reads all files of a split and reports on them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mmholdout.datasets.class_lookup import ClassLookup
from mmholdout.datasets.image_header import ImageHeader, read_header
from mmholdout.datasets.voc_boxes import Box, clean_box
from mmholdout.datasets.voc_files import ANNOTATION_SUFFIXES, IMAGE_SUFFIXES, FilesById
from mmholdout.datasets.voc_lists import read_list
from mmholdout.datasets.voc_report import VOCReport
from mmholdout.datasets.voc_xml import VOCAnnotation, VOCObject, read_annotation
from mmholdout.errors import DataError


class VOCReader:
    """One pass over a split; problems, notices and facts go to the report.

    Args:
        folder: above the images and the annotations.
        lookup: of class names.
        report: filled by `read`; its problems are not raised here.
        one_based: see `clean_box`.
        img_subdir: of the images.
        ann_subdir: of the annotations.
    """

    def __init__(
        self,
        folder: Path,
        lookup: ClassLookup,
        report: VOCReport,
        *,
        one_based: bool = True,
        img_subdir: str = 'JPEGImages',
        ann_subdir: str = 'Annotations',
    ) -> None:
        self.lookup, self.report = lookup, report
        self.one_based = one_based
        self.images = FilesById(folder / img_subdir, IMAGE_SUFFIXES)
        self.annotations = FilesById(folder / ann_subdir, ANNOTATION_SUFFIXES)
        self._sizeless = 0

    def read(self, ann_file: Path) -> list[dict[str, Any]]:
        """Samples in the order of the list; incomplete where the report holds problems.

        Raises:
            DataError: the list itself cannot be read.
        """
        ids = self._ids(ann_file)
        pairs = [pair for img_id in ids if (pair := self._files(img_id))]
        samples = [s for pair in pairs if (s := self._sample(*pair))]
        if unknown := self.lookup.unknown():
            self.report.problem(unknown)
        for name, count in self.lookup.ignored.items():
            self.report.fact(f'objects of class {name!r}, left out (ignore_classes): {count}')
        if self._sizeless:
            self.report.fact(
                f'annotations without a usable <size>, taken from the image: {self._sizeless}'
            )
        self._say_absent(samples)
        return samples

    def _ids(self, ann_file: Path) -> tuple[str, ...]:
        listed = read_list(ann_file)
        if not listed.ids:
            self.report.problem('the list is empty; a split needs at least one image')
        if listed.repeated:
            self.report.notice(
                'id listed more than once, taken once',
                *(f'{img_id!r} ({count} times)' for img_id, count in listed.repeated.items()),
            )
        if listed.per_class:
            self.report.fact(
                "the list is one of VOC's per-class lists; its flags (-1, 0, 1) are not read and "
                f'all {len(listed.ids)} images are taken'
            )
        return listed.ids

    def _files(self, img_id: str) -> tuple[str, Path, Path] | None:
        images, annotations = self.images.find(img_id), self.annotations.find(img_id)
        if len(images) == 1 and len(annotations) == 1:
            return img_id, images[0], annotations[0]
        for found, what in ((images, 'images'), (annotations, 'annotations')):
            if len(found) > 1:
                names = ' and '.join(path.name for path in found)
                self.report.problem(f'listed ids with several {what}', f'{img_id!r}: {names}')
        if not (images and annotations):
            where = [str(f.folder) for f in self._lacking(images, annotations)]
            holder = self.annotations if not annotations else self.images
            self.report.problem(
                f'listed ids without a file in {" and in ".join(where)}',
                f'{img_id!r}{holder.hint(img_id)}',
            )
        return None

    def _lacking(self, images: list[Path], annotations: list[Path]) -> list[FilesById]:
        found = ((annotations, self.annotations), (images, self.images))
        return [folder for paths, folder in found if not paths]

    def _sample(self, img_id: str, image: Path, xml: Path) -> dict[str, Any] | None:
        header, annotation = None, None
        try:
            header = read_header(image)
        except DataError as error:
            self.report.problem('images that cannot be used', *error.problems)
        try:
            annotation = read_annotation(xml)
        except DataError as error:
            self.report.problem('annotations that cannot be used', *error.problems)
        if header is None or annotation is None:
            return None
        file = f'{self.annotations.folder.name}/{img_id}{xml.suffix}'
        self._compare_size(file, header, annotation)
        return {
            'img_id': img_id,
            'img_path': str(image),
            'height': header.height,
            'width': header.width,
            'instances': self._instances(file, header, annotation.objects),
        }

    def _compare_size(self, file: str, header: ImageHeader, annotation: VOCAnnotation) -> None:
        written, actual = annotation.size, (header.width, header.height)
        if written is None:
            self._sizeless += 1
        elif header.turned and written == actual[::-1]:
            self.report.notice(
                'image is turned by its EXIF orientation but <size> is not, so the boxes may be '
                'in the unturned frame',
                f'{file} ({written[0]}x{written[1]} turned to {actual[0]}x{actual[1]})',
            )
        elif written != actual:
            self.report.notice(
                "<size> is not the image's, which is taken",
                f'{file} ({written[0]}x{written[1]}, image {actual[0]}x{actual[1]})',
            )

    def _instances(
        self, file: str, header: ImageHeader, objects: tuple[VOCObject, ...]
    ) -> list[dict[str, Any]]:
        instances: list[dict[str, Any]] = []
        seen: dict[Box, set[int]] = {}
        for number, item in enumerate(objects, 1):
            label = self.lookup.label(item.name, file)
            if label is None:
                continue
            clean = clean_box(item.box, header.width, header.height, self.one_based)
            if clean.remark:
                self.report.notice(clean.remark.value, _where(file, number, item))
            if clean.bbox is None:
                continue
            labels = seen.setdefault(clean.bbox, set())
            if labels:
                what = 'the same box twice' if label in labels else 'one box under two classes'
                self.report.notice(f'{what}, kept', _where(file, number, item))
            labels.add(label)
            instances.append(
                {
                    'bbox': list(clean.bbox),
                    'bbox_label': label,
                    'ignore_flag': int(item.difficult),
                }
            )
        return instances

    def _say_absent(self, samples: list[dict[str, Any]]) -> None:
        present = {i['bbox_label'] for sample in samples for i in sample['instances']}
        absent = [name for n, name in enumerate(self.lookup.classes) if n not in present]
        if absent:
            self.report.fact(f'classes without an object: {", ".join(absent)}')


def _where(file: str, number: int, item: VOCObject) -> str:
    sides = ', '.join(f'{side:g}' for side in item.box)
    return f'{file} object {number} {item.name!r} ({sides})'
