"""`test`: one named checkpoint, the test split, once."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from mmengine.config import ConfigDict

from mmholdout.config.check import check
from mmholdout.config.load import load
from mmholdout.config.translate import translate
from mmholdout.errors import CheckpointError, ConfigError
from mmholdout.history.atomic import write_text
from mmholdout.history.interruption import StopRequest
from mmholdout.report.console import Console
from mmholdout.report.table import per_class_table
from mmholdout.runner.checkpoint import read_checkpoint
from mmholdout.runner.device import choose_device, precision_of
from mmholdout.runner.parts import build_split
from mmholdout.runner.run_folder import RunFolder
from mmholdout.runner.runner import HeldOutRunner
from mmholdout.runner.separation import image_paths
from mmholdout.runner.state import plain
from mmholdout.splits.ledger import Ledger
from mmholdout.splits.overlap import file_digest
from mmholdout.splits.record import split_digest


def test(
    config: str,
    checkpoint: str,
    *,
    options: list[str] | None = None,
    work_dir: str | None = None,
    again: str | None = None,
    device: str | None = None,
) -> dict[str, float]:
    """Measure a checkpoint on the test split; the use is on record before the first batch.

    Args:
        config: path of the config file; its test split is read.
        checkpoint: the file that validation chose.
        options: 'key=value' overrides.
        work_dir: where the result goes; by default the checkpoint's run folder. The ledger is
            `test_ledger.jsonl` beside the run folders.
        again: the reason for a second use of the same test split.
        device: by default CUDA where there is one.

    Raises:
        LedgerError: the split was used before and no reason was given.
        UserError: for everything else that the user can mend.
    """
    loaded = load(config, options or [])
    words = translate(loaded.cfg)
    notices = check(loaded, words)
    if not words.get('test_dataloader'):
        raise ConfigError(f'{config} declares no test split (test_dataloader)')
    path = Path(checkpoint)
    content = read_checkpoint(path)
    folder = RunFolder(work_dir or path.resolve().parent.parent)
    console = Console()
    target = choose_device(device)
    precision, differs = precision_of(content['meta'], target)
    for notice in [*notices, *differs]:
        console.say(notice)
    loader = build_split(words, 'test', seed=0)
    classes = tuple(loader.dataset.metainfo['classes'])
    if classes != tuple(content['meta']['classes']):
        raise CheckpointError(
            f'{path} was trained on the classes {", ".join(content["meta"]["classes"])}, '
            f'the test split has {", ".join(classes)}'
        )
    ledger = Ledger(folder.path.resolve().parent / 'test_ledger.jsonl')
    digest = _test_digest(loader.dataset)
    chosen = content['meta'].get('chosen', {})
    with StopRequest() as stop_request:
        runner = HeldOutRunner(
            folder=folder,
            console=console,
            device=target,
            precision=precision,
            stop_request=stop_request,
            meta=content['meta'],
            model=ConfigDict(words['model']),
            test_dataloader=loader,
            test_cfg={**words['test_cfg'], 'score_thr': chosen.get('val/score_thr')},
            test_evaluator=words['test_evaluator'],
            randomness={'seed': 0},
            env_cfg=words.get('env_cfg', {}),
        )
        _load(runner, content, path)
        use = ledger.open(
            digest,
            hashlib.sha256(json.dumps(plain(words), sort_keys=True).encode()).hexdigest(),
            file_digest(path),
            again,
            checkpoint_name=str(path),
        )
        try:
            metrics = runner.test()
        finally:
            console.close()
    ledger.close(use, metrics)
    console.say(_report(runner, content, path, metrics, use.number, ledger.path))
    result = {'checkpoint': str(path), 'use': use.number, 'reason': again, **metrics}
    write_text(folder.path / 'test.json', json.dumps(result, indent=2) + '\n')
    return metrics


def _test_digest(dataset: Any) -> str:
    images = image_paths(dataset)
    return split_digest(images, {i: file_digest(path) for i, path in images.items()})


def _load(runner: HeldOutRunner, content: dict[str, Any], path: Path) -> None:
    try:
        runner.bare_model.load_state_dict(content['state_dict'], strict=True)
    except RuntimeError as error:
        raise CheckpointError(
            f'{path} belongs to another model than the config describes: '
            + ' '.join(str(error).split())[:600]
        ) from error


def _report(
    runner: HeldOutRunner,
    content: dict[str, Any],
    path: Path,
    metrics: dict[str, float],
    uses: int,
    ledger: Path,
) -> str:
    meta, chosen = content['meta'], content['meta'].get('chosen', {})
    if chosen:
        selected = (
            f'epoch {meta["epoch"]}, chosen by {chosen["monitor"]} = {chosen["value"]:.4f} on the '
            f'val split; precision and recall at its score threshold '
            f'{chosen.get("val/score_thr", float("nan")):.3f}'
        )
    else:
        selected = f'epoch {meta["epoch"]}, which no validation chose'
    rows = [
        {
            'class': row.name,
            'gts': row.gts,
            'dets': row.dets,
            'AP': row.ap,
            'precision': row.precision,
            'recall': row.recall,
        }
        for row in runner.test_loop.metrics[0].result.per_class
    ]
    shown = ', '.join(
        f'{key} = {metrics[f"test/{key}"]:.4f}'
        for key in ('mAP', 'precision', 'recall', 'F1')
        if f'test/{key}' in metrics
    )
    used = 'once' if uses == 1 else f'{uses} times'
    return (
        f'{path}: {selected}\n{per_class_table(rows)}\ntest: {shown}\n'
        f'test split used {used} ({ledger})'
    )
