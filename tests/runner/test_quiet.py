import io
import logging
import uuid

import pytest

from mmholdout.report.console import Console
from mmholdout.runner.quiet import QuietRunner


@pytest.fixture
def runner():
    made = object.__new__(QuietRunner)
    made.console, made._experiment_name = Console(stream=io.StringIO()), uuid.uuid4().hex
    made.logger = made.build_logger()
    return made


def test_what_hooks_log_is_said(runner):
    runner.logger.info('from a hook')
    assert runner.console._stream.getvalue() == 'from a hook\n'
    assert runner.logger.level == logging.INFO


def test_nothing_is_written(runner, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    runner.dump_config()
    runner._log_env({})
    assert runner.timestamp == '' and not runner.build_visualizer()._vis_backends
    assert not list(tmp_path.iterdir())
