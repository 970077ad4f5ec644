"""`test`: one named checkpoint, the test split, once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mmengine.config import ConfigDict

from mmholdout.config.check import check
from mmholdout.config.load import load
from mmholdout.config.translate import translate
from mmholdout.errors import CheckpointError, ConfigError, DataError
from mmholdout.history.interruption import StopRequest
from mmholdout.history.run_digests import sha256_of
from mmholdout.memory import keep_freed_memory
from mmholdout.report.console import Console
from mmholdout.runner.before_test import try_out
from mmholdout.runner.checkpoint import read_checkpoint
from mmholdout.runner.device import choose_device, precision_of, with_copies_ahead
from mmholdout.runner.kept_predictions import predictions_of, sha256
from mmholdout.runner.parts import build_split
from mmholdout.runner.resolved_config import config_digest
from mmholdout.runner.run_folder import RunFolder
from mmholdout.runner.runner import HeldOutRunner
from mmholdout.runner.score_thresholds import CLASS_SCORE_THRS, chosen_score_thr
from mmholdout.runner.split_images import image_paths
from mmholdout.runner.test_record import TestRecord
from mmholdout.runner.test_text import describe_test
from mmholdout.splits.known_files import file_digests
from mmholdout.splits.ledger import Ledger, Use
from mmholdout.splits.listed import listed
from mmholdout.splits.record import split_digest
from mmholdout.splits.test_uses import ledger_of


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

    Everything that can fail without the test split's batches is done first: a second use without
    a reason, a config or model that does not fit, labels that cannot be evaluated, images that
    cannot be decoded.

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
    keep_freed_memory()
    loaded = load(config, options or [])
    words = translate(loaded.cfg)
    notices = check(loaded, words)
    if not words.get('test_dataloader'):
        raise ConfigError(f'{config} declares no test split (test_dataloader)')
    path = Path(checkpoint)
    content, checkpoint_digest = _read(path)
    meta = content['meta']
    folder = RunFolder(work_dir or path.resolve().parent.parent)
    folder.check(resume=True)  # a run is welcome there
    console = Console()
    target = choose_device(device)
    precision, differs = precision_of(meta, target)
    built = with_copies_ahead(words, target)
    loader = build_split(built, 'test', seed=0)
    _check_classes(loader.dataset, meta, path)
    ledger = ledger_of(folder.path)
    digest = _digest(loader.dataset)
    ledger.refuse(digest, again)
    remarks = try_out(words, loader.dataset)
    for notice in [*notices, *differs, *remarks]:
        console.say(notice)
    record = TestRecord(folder.path, loaded.cfg, words)
    runner = HeldOutRunner(
        folder=folder,
        console=console,
        device=target,
        precision=precision,
        stop_request=StopRequest(),  # Ctrl-C ends a test at once: there is no state to save
        meta=meta,
        model=ConfigDict(built['model']),
        test_dataloader=loader,
        test_cfg={
            **words['test_cfg'],
            'score_thr': chosen_score_thr(meta),
            CLASS_SCORE_THRS: meta.get(CLASS_SCORE_THRS),
            'bootstrap': words['val_cfg']['bootstrap'],
        },
        test_evaluator=words['test_evaluator'],
        randomness={'seed': 0},
        env_cfg=words.get('env_cfg', {}),
    )
    _load(runner, content, path)
    use = ledger.open(
        digest,
        config_digest(words),
        checkpoint_digest,
        again,
        checkpoint_name=str(path),
        annotations_digest=record.annotations,
    )
    metrics = _measure(runner, use, ledger)
    measured = runner.test_loop.metrics
    about = {
        'split': 'test',
        'use': use.number,
        'classes': list(meta['classes']),
        'score_thr': runner.test_loop.score_thr,
        CLASS_SCORE_THRS: runner.test_loop.class_score_thrs,
        'annotations': record.annotations,
    }
    predictions = predictions_of(measured, about)
    ledger.close(use, metrics, sha256(predictions))
    noise = runner.test_loop.intervals
    console.say(describe_test(path, meta, measured[0], metrics, use.number, ledger.path, noise))
    facts = {
        'checkpoint': str(path),
        'checkpoint_sha256': use.checkpoint_digest,
        'split': digest,
        'use': use.number,
        'opened': use.line_hash,
        'reason': use.reason,
    }
    for remark in record.write({**facts, **metrics}, predictions):
        console.say(remark)
    return metrics


def _measure(runner: HeldOutRunner, use: Use, ledger: Ledger) -> dict[str, float]:
    try:
        return runner.test()
    except BaseException:
        runner.console.say(
            f'the test did not come to its end. It counts all the same: use {use.number} of this '
            f'test split is in {ledger.path}, and the next one needs --again REASON'
        )
        raise
    finally:
        runner.console.close()


def _read(path: Path) -> tuple[dict[str, Any], str]:
    digest = sha256_of(path) if path.is_file() else ''
    content = read_checkpoint(path)
    if sha256_of(path) != digest:
        raise CheckpointError(f'{path} was replaced while it was read: a run is training there')
    return content, digest


def _check_classes(dataset: Any, meta: dict[str, Any], path: Path) -> None:
    classes = tuple(dataset.metainfo['classes'])
    if classes != tuple(meta['classes']):
        raise CheckpointError(
            f'{path} was trained on the classes {", ".join(meta["classes"])}, '
            f'the test split has {", ".join(classes)}'
        )


def _digest(dataset: Any) -> str:
    images = image_paths(dataset)
    digests = file_digests(images.values())
    missing = [str(path) for path in images.values() if str(path) not in digests]
    if missing:
        raise DataError(f'{len(missing)} test images cannot be read: {listed(missing)}')
    return split_digest(images, {i: digests[str(path)] for i, path in images.items()})


def _load(runner: HeldOutRunner, content: dict[str, Any], path: Path) -> None:
    try:
        runner.bare_model.load_state_dict(content['state_dict'], strict=True)
    except RuntimeError as error:
        raise CheckpointError(
            f'{path} belongs to another model than the config describes: '
            + ' '.join(str(error).split())[:600]
        ) from error
