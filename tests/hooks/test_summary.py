import json
from types import SimpleNamespace

from mmholdout.hooks import SummaryHook
from mmholdout.runner.run_folder import RunFolder


def test_written_at_the_end_and_taken_away_at_the_start(tmp_path):
    runner = SimpleNamespace(
        folder=RunFolder(tmp_path), stop_reason=None, train_loop=SimpleNamespace(limit='max_epochs')
    )
    runner.summary = lambda: {'stop_reason': runner.stop_reason, 'stopped_epoch': 3}
    hook = SummaryHook()
    hook.after_train(runner)
    assert json.loads(runner.folder.summary.read_text())['stop_reason'] == 'max_epochs'
    hook.before_train(runner)
    assert not runner.folder.summary.exists()
