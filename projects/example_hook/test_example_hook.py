from types import SimpleNamespace

from mmholdout.config.check import check
from mmholdout.config.load import load
from mmholdout.config.translate import translate
from mmholdout.history.measurement import Measurement
from mmholdout.registry import HOOKS


def test_registered_by_the_config_and_speaks(request):
    loaded = load(request.path.parent / 'configs' / 'example_hook.py')
    words = translate(loaded.cfg)
    check(loaded, words)
    hook = HOOKS.build(words['custom_hooks'][-1])
    said = []
    runner = SimpleNamespace(
        best=SimpleNamespace(best=0.75),
        best_key='val/mAP',
        logger=SimpleNamespace(info=said.append),
    )
    hook.after_validation(runner, Measurement(3, 30, {'val/mAP': 0.7}))
    assert said == ['0.050 away from the best val/mAP']
