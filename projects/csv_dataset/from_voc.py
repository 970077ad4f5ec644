"""Write boxes.csv for a folder in VOC layout: `python projects/csv_dataset/from_voc.py FOLDER`."""

import csv
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from mmholdout.datasets.voc_xml import read_annotation


def write_boxes(root: Path) -> int:
    """One line for each object; gives their number. Its lists and images stay where they are.

    VOC counts pixels from 1 and a box includes its last one; here they are continuous.
    """
    rows = []
    for path in sorted((root / 'Annotations').glob('*.xml')):
        for thing in read_annotation(path).objects:
            x1, y1, x2, y2 = thing.box
            rows.append((path.stem, thing.name, x1 - 1, y1 - 1, x2, y2, int(thing.difficult)))
    with (root / 'boxes.csv').open('w', newline='', encoding='utf-8') as file:
        writer = csv.writer(file)
        writer.writerow(('image', 'class', 'x1', 'y1', 'x2', 'y2', 'difficult'))
        writer.writerows(rows)
    return len(rows)


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.stdout.write(f'wrote {write_boxes(Path(sys.argv[1]))} boxes\n')
