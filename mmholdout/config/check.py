"""Everything wrong with a config at once, before any data is read."""

from __future__ import annotations

from typing import Any

from mmholdout.config.arguments import check_arguments
from mmholdout.config.classes import check_classes
from mmholdout.config.compile import check_compile
from mmholdout.config.ema import check_ema
from mmholdout.config.evaluation import check_evaluation, evaluation_words
from mmholdout.config.exact_resume import check_exact_resume, exact_resume_notices
from mmholdout.config.fold import check_fold
from mmholdout.config.held_out import check_held_out
from mmholdout.config.leaves import leaves
from mmholdout.config.legacy import check_legacy
from mmholdout.config.load import Loaded
from mmholdout.config.monitors import check_monitors
from mmholdout.config.optim import check_optim
from mmholdout.config.origin import dotted
from mmholdout.config.pipelines import annotations_first
from mmholdout.config.problems import Problems
from mmholdout.config.project import import_custom_modules
from mmholdout.config.refit import check_refit
from mmholdout.config.schema import check_schema
from mmholdout.config.splits import check_splits
from mmholdout.config.typed import check_typed
from mmholdout.config.words import SPLITS


def check(loaded: Loaded, words: dict[str, Any]) -> list[str]:
    """Check a config against the registries and against itself.

    Args:
        loaded: what `load` gave.
        words: what `translate` made of it.

    Returns:
        Notices: what the user should know although it is no mistake.

    Raises:
        ConfigError: all problems, each with key path and line.
    """
    cfg, problems = loaded.cfg, Problems(loaded.origins)
    for failure in import_custom_modules(cfg):
        problems.add(('custom_imports',), failure)
    for path, text in loaded.refused:
        problems.add(path, text)
    said = check_legacy(cfg, problems)
    check_schema(cfg, problems, said)
    check_evaluation(cfg, problems)
    check_splits(cfg, problems)
    check_fold(cfg, problems)
    check_refit(cfg, problems)
    check_exact_resume(cfg, problems)
    check_ema(cfg, problems)
    check_compile(cfg, problems)
    check_optim(cfg, problems)
    check_typed(cfg, problems, said)
    check_held_out(words, problems, loaded.separate)
    check_classes(words, problems)
    check_monitors(cfg, words, problems)
    check_arguments(cfg, words, problems)
    problems.raise_if_any()
    return _notices(loaded)


def _notices(loaded: Loaded) -> list[str]:
    cfg = loaded.cfg
    notices = list(loaded.translated)
    notices += [
        f'{name}: is not used here (a stock file defines it: {loaded.origins.of((name,))})'
        for name in loaded.stock_names
    ]
    notices += exact_resume_notices(cfg)
    loss = evaluation_words(cfg)['loss']
    if not loss:
        notices.append('evaluation.loss=False: no validation loss is measured, metrics alone')
    for split in SPLITS:
        for path, leaf in leaves(cfg, split):
            own, root = leaf.get('data_root'), cfg.get('data_root')
            if own is not None and root is not None and own != root:
                notices.append(
                    f'{dotted(path)}.data_root: {own!r} gives way to the top-level {root!r}'
                )
            if split != 'train':
                needed = split == 'val' and loss
                _, done = annotations_first(leaf.get('pipeline'), needed=needed)
                notices += [f'{dotted(path)}.pipeline: {done}'] if done else []
    if not cfg.get('test_dataloader'):
        notices.append('test_dataloader: there is none, so that tools/test.py cannot be run')
    return notices
