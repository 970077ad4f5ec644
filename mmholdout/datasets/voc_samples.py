"""From an image header and an annotation to a sample, with what had to be mended."""

from __future__ import annotations

from typing import Any

from mmholdout.datasets.class_lookup import ClassLookup
from mmholdout.datasets.image_header import ImageHeader
from mmholdout.datasets.voc_boxes import Box, clean_box
from mmholdout.datasets.voc_report import VOCReport
from mmholdout.datasets.voc_xml import VOCAnnotation, VOCObject


class VOCSamples:
    """Makes the samples of one split and keeps count of what the report says at its end.

    Args:
        lookup: of class names.
        report: filled by the methods.
        one_based: see `clean_box`.
        size: what the annotation calls the size of its image; '' where it has none.
        marks: each instance has those of its object besides.
    """

    def __init__(
        self,
        lookup: ClassLookup,
        report: VOCReport,
        one_based: bool = True,
        *,
        size: str = '<size>',
        marks: bool = False,
    ) -> None:
        self.lookup, self.report, self.one_based = lookup, report, one_based
        self.size, self.marks = size, marks
        self._sizeless = 0

    def make(self, file: str, header: ImageHeader, annotation: VOCAnnotation) -> dict[str, Any]:
        """`height` and `width` in pixels of the decoded image, and its `instances`.

        Args:
            file: names the annotation in the report.
            header: of the image, whose size counts.
            annotation: as written.
        """
        self._compare_size(file, header, annotation)
        return {
            'height': header.height,
            'width': header.width,
            'instances': self._instances(file, header, annotation.objects),
        }

    def _compare_size(self, file: str, header: ImageHeader, annotation: VOCAnnotation) -> None:
        written, actual = annotation.size, (header.width, header.height)
        if written is None:
            self._sizeless += bool(self.size)
        elif header.turned and written == actual[::-1]:
            self.report.notice(
                f'image is turned by its EXIF orientation but {self.size} is not, so the boxes may '
                'be in the unturned frame',
                f'{file} ({written[0]}x{written[1]} turned to {actual[0]}x{actual[1]})',
            )
        elif written != actual:
            self.report.notice(
                f"{self.size} is not the image's, which is taken",
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
            if self.marks:
                instances[-1]['marks'] = item.marks | ({'difficult'} if item.difficult else set())
        return instances

    def say_facts(self, samples: list[dict[str, Any]]) -> None:
        """Report on what only the whole split shows: unknown, left-out and absent classes."""
        if unknown := self.lookup.unknown():
            self.report.problem(unknown)
        for name, count in self.lookup.ignored.items():
            self.report.fact(f'objects of class {name!r}, left out (ignore_classes): {count}')
        if self._sizeless:
            self.report.fact(
                f'annotations without a usable {self.size}, taken from the image: {self._sizeless}'
            )
        present = {i['bbox_label'] for sample in samples for i in sample['instances']}
        absent = [name for n, name in enumerate(self.lookup.classes) if n not in present]
        if absent:
            self.report.fact(f'classes without an object: {", ".join(absent)}')


def _where(file: str, number: int, item: VOCObject) -> str:
    sides = ', '.join(f'{side:g}' for side in item.box)
    return f'{file} object {number} {item.name!r} ({sides})'
