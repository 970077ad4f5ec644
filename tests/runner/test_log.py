import io
import logging
from pathlib import Path

import mmengine

from mmholdout.report.console import Console
from mmholdout.runner.log import run_logger


def test_hooks_are_heard_library_chatter_is_only_kept(tmp_path):
    stream = io.StringIO()
    logger = run_logger('x', Console(tmp_path / 'log', stream))
    logger.info('from a hook: %d', 7)
    chatter = logging.LogRecord(
        'x', logging.INFO, str(Path(mmengine.__file__).parent / 'runner.py'), 1, 'chatter', (), None
    )
    logger.handle(chatter)
    logger.debug('quiet')
    assert stream.getvalue() == 'from a hook: 7\n'
    log = (tmp_path / 'log').read_text()
    assert 'chatter' in log and 'from a hook: 7' in log and 'quiet' not in log
