"""`train`: from a config file to a selected model, without ever touching the test split."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mmholdout.config.amp import use_amp
from mmholdout.config.check import check
from mmholdout.config.dump import dumps
from mmholdout.config.load import Loaded, load
from mmholdout.config.refit import as_refit
from mmholdout.config.translate import translate
from mmholdout.history import run_digests
from mmholdout.history.atomic import write_text
from mmholdout.history.interruption import StopRequest
from mmholdout.memory import keep_freed_memory
from mmholdout.runner.advice import with_advice
from mmholdout.runner.build import build_runner
from mmholdout.runner.device import choose_device, choose_precision, slow_precision
from mmholdout.runner.late_compiler import import_compiler_late
from mmholdout.runner.outcome import outcome
from mmholdout.runner.parts import without_test
from mmholdout.runner.plan import describe
from mmholdout.runner.refit_model import refit_sentences, write_refit_model
from mmholdout.runner.resume import state_to_resume, take_over
from mmholdout.runner.run_console import RunConsole
from mmholdout.runner.run_folder import RunFolder


def train(
    config: str,
    *,
    options: list[str] | None = None,
    work_dir: str | None = None,
    resume: str | None = None,
    seed: int | None = None,
    device: str | None = None,
    amp: bool = False,
    dry_run: bool = False,
    fold: int | None = None,
) -> dict[str, Any]:
    """Run the whole job; gives the fields of summary.json.

    Args:
        config: path of the config file.
        options: 'key=value' overrides.
        work_dir: the run folder; by default `work_dirs/<config stem>`.
        resume: None, 'last' (must exist), 'auto' (if it exists) or a checkpoint's path.
        seed: overrides `randomness.seed`.
        device: by default CUDA where there is one.
        amp: mixed precision, whatever the config says.
        dry_run: stop after the checks and the plan.
        fold: number of a fold, whose lists take the place of those of train and val; overrides
            the config's. The run folder is then `fold_<k>` below the default one.

    Raises:
        UserError: for everything that the user can mend.
        Interrupted: after Ctrl-C or SIGTERM, when the state has been saved.
    """
    import_compiler_late()
    keep_freed_memory()
    loaded = load(config, options or [])
    if amp:
        use_amp(loaded.cfg)
    if fold is not None:
        loaded.cfg['fold'] = fold
    if seed is not None:
        loaded.cfg['randomness'] = {**(loaded.cfg.get('randomness') or {}), 'seed': seed}
    fold = loaded.cfg.get('fold')
    path = Path(loaded.cfg.get('work_dir') or f'work_dirs/{Path(config).stem}')
    folder = RunFolder(work_dir or (path if fold is None else path / f'fold_{fold}'))
    return run_loaded(
        loaded,
        config=config,
        folder=folder,
        resume_command=_resume_command(config, folder, options, seed, device, amp, fold),
        resume=resume,
        device=device,
        dry_run=dry_run,
    )


def run_loaded(
    loaded: Loaded,
    *,
    config: str,
    folder: RunFolder,
    resume_command: str,
    resume: str | None = None,
    device: str | None = None,
    dry_run: bool = False,
    notices: Sequence[str] = (),
) -> dict[str, Any]:
    """`train` from a config that has been read, which may be that of a refit.

    Args:
        loaded: the config; what the command line overrides is in it.
        config: path that checkpoints and messages name.
        folder: of the run.
        resume_command: how to continue after an interruption.
        resume: see `train`.
        device: see `train`.
        dry_run: see `train`.
        notices: what to say first.

    Raises:
        UserError: see `train`.
        Interrupted: see `train`.
    """
    words = translate(loaded.cfg)
    notices = [*check(loaded, words), *notices]
    words = as_refit(words)
    refit = words.get('refit')
    chosen_device = choose_device(device)
    precision = choose_precision(words['optim_wrapper'], chosen_device)
    if precision.dtype != 'float32':
        words['optim_wrapper']['dtype'] = precision.dtype
    if dry_run:
        state_to_resume(folder, resume)
        RunConsole().say('\n'.join([describe(words, with_data=True), *notices]))
        return {}
    console = RunConsole()
    try:
        if resume is not None:
            folder.hold()
        resumed = state_to_resume(folder, resume)
        is_resumed = resumed.content is not None
        folder.check(resume=is_resumed)
        written_config = dumps(loaded.cfg)

        def begin() -> None:
            folder.begin(resume=is_resumed)
            (folder.path / run_digests.NAME).unlink(missing_ok=True)  # from here on files change
            console.open_log(folder.log)
            take_over(folder, resumed)
            write_text(folder.config, written_config)

        said = refit_sentences(refit) if refit else []
        for notice in [*notices, *said, *slow_precision(precision), *resumed.notices]:
            console.say(notice)
        with StopRequest() as stop_request:
            runner = build_runner(
                without_test(words),
                folder=folder,
                console=console,
                device=chosen_device,
                stop_request=stop_request,
                config_path=config,
                resume_command=resume_command,
                test_dataset=(words.get('test_dataloader') or {}).get('dataset'),
                content=resumed.content,
                precision=precision,
                begin=begin,
            )
            with with_advice(folder, resume_command):
                runner.train()
                if refit:
                    write_refit_model(folder)
        console.close()
        console.say(outcome(runner, config))
        with with_advice(folder, resume_command):
            run_digests.record_run(folder.path)  # the log too, so nothing is said after it
    finally:
        console.close()
        folder.end()
    return runner.summary()


def _resume_command(
    config: str,
    folder: RunFolder,
    options: list[str] | None,
    seed: int | None,
    device: str | None,
    amp: bool,
    fold: int | None,
) -> str:
    words = ['python', 'tools/train.py', config, '--work-dir', str(folder.path)]
    if fold is not None:
        words += ['--fold', str(fold)]
    if seed is not None:
        words += ['--seed', str(seed)]
    if device is not None:
        words += ['--device', device]
    if amp:
        words.append('--amp')
    if options:
        words += ['--cfg-options', *options]
    return shlex.join([*words, '--resume'])
