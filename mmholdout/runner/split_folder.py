"""Lists of train, val and test for a folder in VOC layout that has none yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from mmholdout.datasets.voc_files import ANNOTATION_SUFFIXES, IMAGE_SUFFIXES, FilesById
from mmholdout.datasets.voc_places import ANNOTATIONS, IMAGES
from mmholdout.datasets.voc_xml import read_annotation
from mmholdout.errors import DataError
from mmholdout.history.atomic import write_text
from mmholdout.runner.digests_file import digests_of
from mmholdout.splits.draw_split import DrawnSplits, draw_split
from mmholdout.splits.duplicate_report import DuplicateReport
from mmholdout.splits.groups import groups_of, members
from mmholdout.splits.near_duplicates import find_within

LISTS = Path('ImageSets', 'Main')
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class SplitFolder:
    """What was drawn.

    Attributes:
        drawn: the ids of each split, and what could not be had.
        classes: id -> names of the classes in it.
        duplicates: near-duplicates, which were kept together; None where none were looked for.
    """

    drawn: DrawnSplits
    classes: Mapping[str, frozenset[str]]
    duplicates: DuplicateReport | None

    def table(self) -> list[tuple[str, list[int]]]:
        """Rows: images, then each class by its images; one number for each split."""
        names = sorted({name for held in self.classes.values() for name in held})
        rows = [('images', [len(ids) for ids in self.drawn.ids.values()])]
        rows += [
            (name, [sum(name in self.classes[i] for i in ids) for ids in self.drawn.ids.values()])
            for name in names
        ]
        return rows


def split_folder(
    root: Path,
    ratios: Mapping[str, float],
    *,
    seed: int = 0,
    group: str | None = None,
    look_for_duplicates: bool = True,
    force: bool = False,
    progress: Progress | None = None,
) -> SplitFolder:
    """Draw the splits of every annotated image and write `ImageSets/Main/<split>.txt`.

    Args:
        root: holds `Annotations/` and `JPEGImages/`.
        ratios: share of each split, in sum 1.
        seed: of the draw; the same files and seed give the same lists.
        group: regular expression whose first bracket, found in an id, names what must stay
            together: a video, a scene, a patient.
        look_for_duplicates: compare all images, and keep copies of one picture together.
        force: replace lists that are there.
        progress: told ('images' or 'pairs', number done, of how many).

    Raises:
        ConfigError: ratios or pattern that cannot be.
        DataError: missing folders, annotations without image, unreadable files, lists that are
            there already, too few images. Nothing is written then.
    """
    lists = {split: root / LISTS / f'{split}.txt' for split in ratios}
    refuse_lists(lists.values(), force)
    images, classes = annotated(root)
    together, duplicates = kept_together(root, images, group, look_for_duplicates, progress)
    drawn = draw_split(classes, ratios, seed, together)
    (root / LISTS).mkdir(parents=True, exist_ok=True)
    for split, path in lists.items():
        write_text(path, ''.join(f'{i}\n' for i in drawn.ids[split]))
    return SplitFolder(drawn, classes, duplicates)


def kept_together(
    root: Path,
    images: Mapping[str, Path],
    group: str | None,
    look_for_duplicates: bool,
    progress: Progress | None,
) -> tuple[list[list[str]], DuplicateReport | None]:
    """Ids that no draw may separate, and what was found of copies; None where not looked for."""
    together = [] if group is None else members(groups_of(images, group))
    if not look_for_duplicates:
        return together, None
    duplicates = find_within(images, digests_of(root), progress)
    return together + [list(pair) for pair in duplicates.together()], duplicates


def refuse_lists(paths: Iterable[Path], force: bool) -> None:
    """Raise DataError for lists that are there, unless they are to be replaced."""
    there = [str(path) for path in paths if path.exists()]
    if there and not force:
        raise DataError(
            f'{", ".join(there)}: already there, and a new draw would move images from test to '
            'train. Use the lists as they are, or give --force.'
        )


def annotated(root: Path) -> tuple[dict[str, Path], dict[str, frozenset[str]]]:
    """Every annotated image of a folder by its id, and the names of the classes in each.

    Raises:
        DataError: everything that is wrong with the files.
    """
    missing = [name for name in (ANNOTATIONS, IMAGES) if not (root / name).is_dir()]
    if missing:
        raise DataError(
            f'{root.absolute()} lacks {" and ".join(f"{name}/" for name in missing)}; the folder '
            f'must hold {ANNOTATIONS}/<id>.xml and {IMAGES}/<id>.jpg (or .png, .bmp, .webp)'
        )
    pictures = FilesById(root / IMAGES, IMAGE_SUFFIXES)
    images: dict[str, Path] = {}
    classes: dict[str, frozenset[str]] = {}
    problems: list[str] = []
    for path in sorted((root / ANNOTATIONS).iterdir()):
        if path.suffix.lower() not in ANNOTATION_SUFFIXES or path.name.startswith('.'):
            continue
        found = pictures.find(path.stem)
        if len(found) != 1:
            what = 'no image' if not found else f'{len(found)} images'
            problems.append(f'{path}: {what} of this id in {IMAGES}/{pictures.hint(path.stem)}')
            continue
        try:
            annotation = read_annotation(path)
        except DataError as error:
            problems += error.problems
            continue
        images[path.stem] = found[0]
        classes[path.stem] = frozenset(thing.name for thing in annotation.objects)
    if problems:
        raise DataError(problems)
    if not images:
        raise DataError(f'{root / ANNOTATIONS} holds no annotation (*.xml)')
    return images, classes
