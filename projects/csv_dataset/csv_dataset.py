"""Boxes in one CSV file: a data set of your own."""

import csv
from collections import defaultdict
from pathlib import Path

from mmdet.datasets import BaseDetDataset

from mmholdout.datasets.image_header import read_header
from mmholdout.errors import ConfigError, DataError
from mmholdout.registry import DATASETS

COLUMNS = ('image', 'class', 'x1', 'y1', 'x2', 'y2')


@DATASETS.register_module()
class CSVDataset(BaseDetDataset):
    """`boxes.csv` with the columns image, class, x1, y1, x2, y2, and a list of images per split.

    A line of the list is an image's file name without its extension, the same as in the column
    `image`. So the splits can be compared before training without opening a label, and one file
    serves all of them. An image without a line in the CSV has no objects. Boxes are pixels, xyxy. A
    column `difficult` may mark objects with 1 that are no targets and that metrics do not count.

    Args:
        csv_file: relative to `data_root`.
        img_subdir: folder of the images, relative to `data_root`.
        args: of mmdet's BaseDetDataset.
        kwargs: likewise; `ann_file` is the list.

    Raises:
        ConfigError: no classes.
        DataError: everything that is wrong with the files, at once.
    """

    def __init__(
        self, *args, csv_file: str = 'boxes.csv', img_subdir: str = 'JPEGImages', **kwargs
    ) -> None:
        self.csv_file, self.img_subdir = csv_file, img_subdir
        super().__init__(*args, **kwargs)

    def load_data_list(self) -> list[dict]:
        """One entry an image, in the order of the list."""
        root = Path(self.data_root)
        labels = {name: label for label, name in enumerate(self.metainfo.get('classes') or ())}
        if not labels:
            raise ConfigError('CSVDataset needs metainfo=dict(classes=(...))')
        problems: list[str] = []
        boxes = read_boxes(root / self.csv_file, labels, problems)
        samples = []
        for image_id in Path(self.ann_file).read_text(encoding='utf-8').split():
            found = sorted((root / self.img_subdir).glob(f'{image_id}.*'))
            if len(found) != 1:
                problems.append(f'{self.ann_file}: {len(found)} images of the id {image_id}')
                continue
            header = read_header(found[0])
            samples.append(
                {
                    'img_id': image_id,
                    'img_path': str(found[0]),
                    'width': header.width,
                    'height': header.height,
                    'instances': boxes[image_id],
                }
            )
        if problems:
            raise DataError(problems)
        return samples


def read_boxes(path: Path, labels: dict[str, int], problems: list[str]) -> dict[str, list[dict]]:
    """Instances by image, as mmdet has them; what is wrong with a line is added to `problems`."""
    found: dict[str, list[dict]] = defaultdict(list)
    try:
        with path.open(newline='', encoding='utf-8-sig') as file:
            reader = csv.DictReader(file)
            missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
            if missing:
                raise DataError(f'{path} lacks the columns {", ".join(missing)}')
            for row in reader:
                try:
                    box = [float(row[side]) for side in ('x1', 'y1', 'x2', 'y2')]
                    label = labels[row['class']]
                    ignore = int(row.get('difficult') or 0)
                    if not (box[0] < box[2] and box[1] < box[3]):
                        raise ValueError(f'a box without area: {box}')
                except (ValueError, TypeError) as error:
                    problems.append(f'{path}, line {reader.line_num}: {error}')
                except KeyError:
                    known = ', '.join(labels)
                    problems.append(
                        f'{path}, line {reader.line_num}: unknown class {row["class"]!r}; '
                        f'known: {known}'
                    )
                else:
                    found[row['image']].append(
                        {'bbox': box, 'bbox_label': label, 'ignore_flag': ignore}
                    )
    except OSError as error:
        raise DataError(f'{path} cannot be read: {error.strerror}') from error
    return found
