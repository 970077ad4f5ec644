"""COCO evaluation of a split: the twelve numbers of pycocotools and a table of the classes.

`match_coco` matches once, `rank_matches` sorts once, and `accumulate` counts as often as wanted.
"""

from __future__ import annotations

from collections.abc import Sequence

from mmholdout.errors import DataError
from mmholdout.metrics.coco_accumulate import accumulate
from mmholdout.metrics.coco_match import match_coco
from mmholdout.metrics.coco_ranking import rank_matches
from mmholdout.metrics.coco_result import COCOResult, class_rows, coco_class_key, summarize
from mmholdout.metrics.keys import Mode, check_classes
from mmholdout.metrics.matches import Matches
from mmholdout.metrics.scene import Scene

_KEYS = (
    *('coco_AP', 'coco_AP50', 'coco_AP75', 'coco_AP_small', 'coco_AP_medium', 'coco_AP_large'),
    *('coco_AR1', 'coco_AR10', 'coco_AR100', 'coco_AR_small', 'coco_AR_medium', 'coco_AR_large'),
)


def evaluate_coco(
    scene: Scene, classes: Sequence[str], matches: Matches | None = None
) -> COCOResult:
    """COCO's numbers, equal to pycocotools.

    Equal scores: the earlier image, then the earlier detection comes first. Equal overlaps: the
    later object is taken. A class without objects takes no part in any mean.

    Args:
        scene: what to measure. pycocotools has its images in the order of their ids.
        classes: names in label order.
        matches: from `match_coco(scene)` with COCO's options, where they are known already.

    Raises:
        ConfigError: the class list is impossible.
        DataError: no object is to be found, or the class list is of another length.
    """
    check_classes(classes)
    if len(classes) != scene.num_classes:
        raise DataError(f'{len(classes)} class names, but labels of {scene.num_classes} classes')
    objects = scene.objects
    if objects.ignore.all():
        raise DataError(
            f'none of the {scene.num_images} images has an object to be found '
            f'({len(objects)} are ignored), so there is nothing to measure'
        )
    accumulated = accumulate(rank_matches(matches or match_coco(scene)))
    return COCOResult(
        num_images=scene.num_images,
        summary=summarize(accumulated),
        per_class=class_rows(accumulated, classes),
    )


def coco_keys(classes: Sequence[str] = ()) -> dict[str, Mode | None]:
    """Keys, without a split's prefix, and their directions.

    Args:
        classes: names in label order; none where they are not known yet.

    Raises:
        ConfigError: the classes are impossible.
    """
    if len(classes):
        check_classes(classes)
    return dict.fromkeys([*_KEYS, *map(coco_class_key, classes)], 'max')
