"""Child registries, scope `mmholdout`, of every registry that mmdet has.

A registry that mmdet has and we lack makes mmengine print 'Failed to search registry'; the
test of this file compares the two lists.
"""

from mmholdout.quick_import import quick_import

with quick_import():
    from mmholdout import compat, ops

    ops.supply()  # mmdet.models asks for mmcv's compiled operators
    from mmdet import registry as mmdet_registry
    from mmengine.registry import Registry

compat.apply()

SCOPE = 'mmholdout'


def _child(name: str, *rooms: str) -> Registry:
    parent = getattr(mmdet_registry, name)
    return Registry(
        parent.name, parent=parent, scope=SCOPE, locations=[f'{SCOPE}.{room}' for room in rooms]
    )


RUNNERS = _child('RUNNERS')
RUNNER_CONSTRUCTORS = _child('RUNNER_CONSTRUCTORS')
LOOPS = _child('LOOPS', 'loops')
HOOKS = _child('HOOKS', 'hooks')
DATASETS = _child('DATASETS', 'datasets')
DATA_SAMPLERS = _child('DATA_SAMPLERS', 'datasets')
TRANSFORMS = _child('TRANSFORMS', 'datasets')
MODELS = _child('MODELS', 'models')
MODEL_WRAPPERS = _child('MODEL_WRAPPERS')
WEIGHT_INITIALIZERS = _child('WEIGHT_INITIALIZERS', 'models')
OPTIMIZERS = _child('OPTIMIZERS')
OPTIM_WRAPPERS = _child('OPTIM_WRAPPERS')
OPTIM_WRAPPER_CONSTRUCTORS = _child('OPTIM_WRAPPER_CONSTRUCTORS')
PARAM_SCHEDULERS = _child('PARAM_SCHEDULERS')
METRICS = _child('METRICS', 'evaluation')
EVALUATOR = _child('EVALUATOR', 'evaluation')
TASK_UTILS = _child('TASK_UTILS', 'models')
VISUALIZERS = _child('VISUALIZERS')
VISBACKENDS = _child('VISBACKENDS')
LOG_PROCESSORS = _child('LOG_PROCESSORS')
