from types import SimpleNamespace

from mmholdout.hooks import RuntimeInfoHook


def test_publishes_the_position_and_no_metric():
    info = {}
    hub = SimpleNamespace(update_info=info.__setitem__)
    runner = SimpleNamespace(message_hub=hub, max_epochs=3, max_iters=30, epoch=1, iter=12)
    hook = RuntimeInfoHook()
    hook.before_train(runner)
    runner.iter = 13
    hook.before_train_iter(runner, 2)
    assert info == {'max_epochs': 3, 'max_iters': 30, 'epoch': 1, 'iter': 13}
