"""`tools/evaluate.py`: VOC's and COCO's numbers of detections in COCO's JSON, without torch."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from mmholdout.cli import exit as exit_codes
from mmholdout.cli.say import say
from mmholdout.errors import ConfigError, StorageError

if TYPE_CHECKING:
    from mmholdout.metrics.coco_files import COCOFiles
    from mmholdout.metrics.coco_files_result import COCOFilesResult
    from mmholdout.metrics.error_analysis import ErrorAnalysis

TOLERANCE = 1e-9  # to which our numbers are pycocotools'


def parser() -> argparse.ArgumentParser:
    """The arguments; nothing heavy is imported for --help."""
    p = argparse.ArgumentParser(
        prog='evaluate.py',
        description="Measure any trainer's detections: COCO's twelve numbers, VOC's mean average "
        'precision, a table of the classes, and the types of errors with what each costs.',
    )
    p.add_argument(
        'predictions',
        metavar='PREDICTIONS',
        type=Path,
        help='a JSON list of {"image_id", "category_id", "bbox": [x, y, width, height], "score"}',
    )
    p.add_argument(
        'ground_truth',
        metavar='GROUND_TRUTH',
        type=Path,
        help='a JSON object with images, annotations and categories',
    )
    p.add_argument('--out', type=Path, metavar='FILE', help='write the numbers there as JSON')
    p.add_argument('--force', action='store_true', help='replace FILE where it exists')
    p.add_argument(
        '--backend',
        choices=('mmholdout', 'pycocotools'),
        default='mmholdout',
        help="pycocotools: show the official code's numbers beside ours (slower)",
    )
    p.add_argument(
        '--iou-thr',
        type=float,
        default=0.5,
        metavar='X',
        help="overlap for VOC's mAP, precision, recall and F1 (default: %(default)s)",
    )
    p.add_argument(
        '--score-thr',
        type=float,
        metavar='X',
        help='threshold of precision, recall and F1 (default: the one of the best F1)',
    )
    p.add_argument(
        '--legacy-pixel',
        action='store_true',
        help="VOC's numbers with boxes that include their last pixel, as in the VOC devkit",
    )
    p.add_argument(
        '--sides',
        type=float,
        nargs='+',
        default=(),
        metavar='PX',
        help='AP and recall by size: limits of bins, square roots of areas (such as 16 64)',
    )
    return p


def _body(argv: list[str] | None) -> int:
    args = parser().parse_args(argv)
    _check_out(args)
    from mmholdout.metrics.coco_files import read_coco_files
    from mmholdout.metrics.coco_files_result import evaluate_coco_files
    from mmholdout.metrics.coco_official import official_coco
    from mmholdout.metrics.options import VOCOptions
    from mmholdout.metrics.size_bins import size_areas

    VOCOptions(iou_thr=args.iou_thr)  # before the files, which may take minutes
    if args.sides:
        size_areas(args.sides)
    files = read_coco_files(args.predictions, args.ground_truth)
    result = evaluate_coco_files(files, args.iou_thr, args.legacy_pixel, args.score_thr, args.sides)
    official = official_coco(files) if args.backend == 'pycocotools' else None
    for table in _tables(files, result, official):
        say(f'{table}\n')
    if args.out is not None:
        _write(args.out, _content(args, files, result, official))
        say(f'written: {args.out}')
    return 0 if official is None else _verdict(result, official)


def _tables(
    files: COCOFiles, result: COCOFilesResult, official: dict[str, float] | None
) -> Iterator[str]:
    """What is printed, from above to below; a further analysis adds its table here."""
    from mmholdout.report.coco_table import coco_class_table, summary_table
    from mmholdout.report.metric_text import metric_text

    found, truth, voc = files.predictions, files.truth, result.voc
    without = len(truth.image_ids) - len(set(found.images.tolist()))
    head = (
        f'{len(truth.image_ids)} images, {len(truth.objects)} objects '
        f'({int(truth.objects.crowd.sum())} crowds), {len(truth.classes)} classes, '
        f'{len(found.labels)} detections; {without} images without a detection'
    )
    yield '\n'.join([head, *(f'note: {note}' for note in truth.objects.notes)])
    yield 'COCO\n' + summary_table(result.coco.summary, official)
    pixel = ', legacy pixel' if voc.options.legacy_pixel else ''
    point = voc.point
    lines = [
        f'VOC mAP@{voc.options.iou_thr:g}{pixel}: '
        f'{metric_text(voc.mean_aps[voc.options.iou_thr], digits=3)} by area, '
        f'{metric_text(result.eleven_points, digits=3)} by 11 points'
    ]
    if point.score_thr is not None:
        shares = zip(('precision', 'recall', 'F1'), (point.precision, point.recall, point.f1))
        listed = ', '.join(f'{name} {metric_text(value, digits=3)}' for name, value in shares)
        lines.append(f'at score {point.score_thr:.4g} and above: {listed}')
    yield '\n'.join(lines)
    yield "Classes (AP50 to AR100 are COCO's)\n" + coco_class_table(result.class_rows())
    yield from _error_tables(result.errors)


def _error_tables(errors: ErrorAnalysis) -> Iterator[str]:
    from mmholdout.metrics.tide import TIDE_TYPES
    from mmholdout.report.error_tables import confusion_table, error_type_table, size_table
    from mmholdout.report.metric_text import metric_text

    tide = errors.tide
    thr = errors.iou_thr
    yield f'Errors (IoU {thr:g})\n' + error_type_table(TIDE_TYPES, tide.counts, tide.cost)
    if errors.sizes:
        rows = [(row.name, row.gts, row.ap, row.recall) for row in errors.sizes]
        yield f'Sizes (IoU {thr:g})\n' + size_table(rows)
    if errors.confusion is not None:
        kept = errors.confusion.score_thr
        wrong = errors.curve.fp_per_image_at(kept)
        yield (
            f"Confusion at score {kept:.4g} and above (best F1 by COCO's matching), "
            f'{metric_text(float(wrong))} wrong detections per image\n'
            + confusion_table(errors.confusion.counts.tolist(), errors.classes)
        )
    if errors.calibration is not None and errors.calibration.ece is not None:
        yield f'calibration error (ECE) {metric_text(errors.calibration.ece, digits=3)}'


def _verdict(result: COCOFilesResult, official: dict[str, float]) -> int:
    from mmholdout.report.coco_table import largest_difference

    apart = largest_difference(result.coco.summary, official)
    if apart <= TOLERANCE:
        say(f'largest difference from pycocotools: {apart:.1e}')
        return 0
    say(
        f'DIFFERENT: mmholdout and pycocotools differ by {apart:.1e}, more than {TOLERANCE:g}. '
        'This is a defect of mmholdout: quote the numbers of pycocotools, and please report it.'
    )
    return 1


def _content(
    args: argparse.Namespace,
    files: COCOFiles,
    result: COCOFilesResult,
    official: dict[str, float] | None,
) -> str:
    """The metric keys as numbers; `confusion` as counts; and under `about` what they are of."""
    content: dict[str, object] = dict(result.to_dict())
    content |= {f'pycocotools/{key}': value for key, value in (official or {}).items()}
    confusion = result.errors.confusion
    if confusion is not None:
        content['confusion'] = {  # rows are true classes, columns detected ones
            'classes': [*result.errors.classes, 'background'],
            'counts': confusion.counts.tolist(),
            'score_thr': confusion.score_thr,
            'ignored': confusion.num_ignored,
        }
    content['about'] = {
        'predictions': str(args.predictions),
        'ground_truth': str(args.ground_truth),
        'images': len(files.truth.image_ids),
        'iou_thr': args.iou_thr,
        'legacy_pixel': args.legacy_pixel,
        'notes': list(files.truth.objects.notes),
    }
    return json.dumps(content, indent=2, allow_nan=False) + '\n'


def _check_out(args: argparse.Namespace) -> None:
    out = args.out
    if out is None:
        return
    if any(out.resolve() == path.resolve() for path in (args.predictions, args.ground_truth)):
        raise ConfigError(f'--out {out} is one of the files to be read; it would be lost')
    if out.is_dir() or not out.parent.is_dir():
        raise StorageError(f'--out {out} cannot be written: a file in a folder that exists')
    if out.exists() and not args.force:
        raise StorageError(f'{out} exists; --force replaces it')


def _write(out: Path, text: str) -> None:
    from mmholdout.history.atomic import write_text

    try:
        write_text(out, text)
    except OSError as error:
        raise StorageError(f'{out} cannot be written: {error.strerror or error}') from None


def main(argv: list[str] | None = None) -> int:
    """Run the command; gives the exit code."""
    return exit_codes.run(_body, argv)
