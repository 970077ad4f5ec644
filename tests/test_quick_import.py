from __future__ import annotations

import gc
import subprocess
import sys
import textwrap
import types
import warnings

import pytest

from mmholdout import quick_import as module
from mmholdout.quick_import import quick_import


def run(code):
    done = subprocess.run(
        [sys.executable, '-c', textwrap.dedent(code)], capture_output=True, text=True, check=True
    )
    return done.stdout.split()


def test_drawing_and_matching_libraries_are_not_imported_with_mmdet_but_work():
    code = """
        import sys
        import mmholdout.registry
        print(*[name in sys.modules for name in ('matplotlib', 'scipy.optimize')])
        from mmdet.models.task_modules.assigners import hungarian_assigner
        print(hungarian_assigner.linear_sum_assignment([[0, 1], [1, 0]])[1].tolist() == [0, 1])
        from mmdet.utils import mot_error_visualize
        print(mot_error_visualize.Rectangle((0, 0), 2, 3).get_height())
        mot_error_visualize.plt.rcParams['figure.figsize'] = 1, 1
        import matplotlib.pyplot
        print(matplotlib.pyplot.rcParams['figure.figsize'] == [1, 1])
        print(isinstance(matplotlib.__version__, str))
    """
    assert run(code) == ['False', 'False', 'True', '3', 'True', 'True']


def test_whoever_else_imports_them_meanwhile_gets_the_real_ones():
    code = """
        from mmholdout.quick_import import quick_import
        with quick_import():
            import matplotlib.pyplot as plt
            from matplotlib.patches import Rectangle
            from scipy.optimize import linear_sum_assignment
            from scipy.optimize._lsap import linear_sum_assignment as other
            class Mine(Rectangle):
                pass
        print(isinstance(plt.rcParams, dict), linear_sum_assignment is other)
    """
    assert run(code) == ['True', 'True']


@pytest.fixture
def mmdet_like(monkeypatch):
    """A module of mmdet's that imports a deferred one."""
    monkeypatch.setattr(module, 'DEFERRED', ('json.tool',))
    monkeypatch.delitem(sys.modules, 'json.tool', raising=False)
    return types.ModuleType('mmdet.drawing')


def test_mmengines_classes_for_several_processes_work_although_their_bases_come_late():
    code = """
        import sys, tempfile
        from mmholdout import loops
        print('torch.distributed.fsdp' in sys.modules, 'sympy' in sys.modules)
        import torch
        from mmengine.optim.optimizer.zero_optimizer import ZeroRedundancyOptimizer
        torch.distributed.init_process_group(
            'gloo', init_method=f'file://{tempfile.mkdtemp()}/store', rank=0, world_size=1
        )
        layer = torch.nn.Linear(2, 2)
        optimizer = ZeroRedundancyOptimizer(layer.parameters(), 'SGD', lr=0.5)
        before = layer.bias.tolist()
        layer(torch.ones(1, 2)).sum().backward()
        optimizer.step()
        moved = [round(old - new, 5) for new, old in zip(layer.bias.tolist(), before)]
        print(moved == [0.5, 0.5])
        print(isinstance(optimizer, torch.optim.Optimizer))
        from mmengine.model import MMFullyShardedDataParallel
        try:
            MMFullyShardedDataParallel(layer)
        except RuntimeError as error:
            print('accelerator' in str(error))
        from torch.distributed.fsdp import FullyShardedDataParallel
        print(issubclass(MMFullyShardedDataParallel, FullyShardedDataParallel))
        from mmengine._strategy.fsdp import StateDictType
        print(isinstance(StateDictType['FULL_STATE_DICT'], StateDictType))
        print(StateDictType.FULL_STATE_DICT is StateDictType['FULL_STATE_DICT'])
    """
    assert run(code) == ['False', 'False', *['True'] * 6]


def test_a_deferred_name_is_a_stand_in_until_it_is_called(mmdet_like):
    with quick_import():
        exec('from json.tool import main', vars(mmdet_like))  # noqa: S102
        assert 'json.tool' in sys.modules
    assert 'json.tool' not in sys.modules
    with pytest.raises(TypeError):
        mmdet_like.main('one argument too many')
    assert isinstance(sys.modules['json.tool'], types.ModuleType)


def test_all_is_as_before_even_after_an_error(mmdet_like):
    filters = list(warnings.filters)
    assert gc.isenabled()
    with pytest.raises(ZeroDivisionError), quick_import():
        assert not gc.isenabled()
        1 / 0  # noqa: B018
    assert gc.isenabled()
    assert warnings.filters == filters
    assert 'json.tool' not in sys.modules


def test_a_collector_that_was_off_stays_off(mmdet_like):
    gc.disable()
    try:
        with quick_import():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_a_module_that_is_imported_already_is_not_deferred(monkeypatch):
    monkeypatch.setattr(module, 'DEFERRED', ('json',))
    real = sys.modules['json']
    with quick_import():
        assert sys.modules['json'] is real
    assert sys.modules['json'] is real
