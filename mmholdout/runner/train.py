"""`train`: from a config file to a selected model, without ever touching the test split."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

from mmholdout.config.amp import use_amp
from mmholdout.config.check import check
from mmholdout.config.dump import dumps
from mmholdout.config.load import load
from mmholdout.config.translate import translate
from mmholdout.history import run_digests
from mmholdout.history.atomic import write_text
from mmholdout.history.interruption import StopRequest
from mmholdout.runner.advice import with_advice
from mmholdout.runner.build import build_runner
from mmholdout.runner.device import choose_device, choose_precision, slow_precision
from mmholdout.runner.outcome import outcome
from mmholdout.runner.parts import without_test
from mmholdout.runner.plan import describe
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

    Raises:
        UserError: for everything that the user can mend.
        Interrupted: after Ctrl-C or SIGTERM, when the state has been saved.
    """
    loaded = load(config, options or [])
    if amp:
        use_amp(loaded.cfg)
    words = translate(loaded.cfg)
    notices = check(loaded, words)
    if seed is not None:
        loaded.cfg['randomness'] = {**(loaded.cfg.get('randomness') or {}), 'seed': seed}
        words['randomness'] = {**words['randomness'], 'seed': seed}
    chosen_device = choose_device(device)
    precision = choose_precision(words['optim_wrapper'], chosen_device)
    if precision.dtype != 'float32':
        words['optim_wrapper']['dtype'] = precision.dtype
    folder = RunFolder(work_dir or words.get('work_dir') or f'work_dirs/{Path(config).stem}')
    if dry_run:
        state_to_resume(folder, resume)
        RunConsole().say(describe(words, with_data=True))
        return {}
    console = RunConsole()
    resume_command = _resume_command(config, folder, options, seed, device, amp)
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

        for notice in [*notices, *slow_precision(precision), *resumed.notices]:
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
) -> str:
    words = ['python', 'tools/train.py', config, '--work-dir', str(folder.path)]
    if seed is not None:
        words += ['--seed', str(seed)]
    if device is not None:
        words += ['--device', device]
    if amp:
        words.append('--amp')
    if options:
        words += ['--cfg-options', *options]
    return shlex.join([*words, '--resume'])
