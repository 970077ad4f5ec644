from __future__ import annotations

from mmholdout.config.check import check
from mmholdout.config.translate import translate


def notices(loaded) -> list[str]:
    return check(loaded, translate(loaded.cfg))


def test_a_correct_config_is_quiet(child):
    assert notices(child()) == []


def test_a_moved_transform_is_said(child):
    text = """
    val_dataloader = dict(dataset=dict(pipeline=[dict(type='LoadImageFromFile'),
        dict(type='Resize', scale=(3, 3)), dict(type='LoadAnnotations', with_bbox=True)]))
    """
    (notice,) = notices(child(text))
    assert notice.startswith('val_dataloader.dataset.pipeline: LoadAnnotations is moved')


def test_a_data_root_that_gives_way_is_said(child):
    (notice,) = notices(child("val_dataloader = dict(dataset=dict(data_root='own'))"))
    assert notice == (
        "val_dataloader.dataset.data_root: 'own' gives way to the top-level 'data/base'"
    )


def test_a_missing_test_split_is_said(child):
    (notice,) = notices(child('test_dataloader = None'))
    assert notice.startswith('test_dataloader: there is none')


def test_unread_names_of_stock_files_are_a_notice(child, write):
    write('stock/.mim/configs/extra.py', 'not_read = dict(a=16)')
    loaded = child()
    assert 'not_read' not in loaded.cfg
    text = "_base_ = ['./base.py', './stock/.mim/configs/extra.py']"
    from mmholdout.config.load import load

    (notice,) = notices(load(write('child.py', text)))
    assert notice.startswith('not_read: is not used here')


def test_custom_imports_come_before_the_registries(child, write, problems_of):
    write(
        'hooks_of_a_test.py',
        """
        from mmengine.hooks import Hook
        from mmholdout.registry import HOOKS

        @HOOKS.register_module(force=True)
        class HookOfATest(Hook):
            def __init__(self, wish: int = 1) -> None: ...
        """,
    )
    text = "custom_imports = dict(imports=['hooks_of_a_test'])\n"
    assert problems_of(text + "custom_hooks = [dict(type='HookOfATest', wish=2)]") == []
    (problem,) = problems_of(text + "custom_hooks = [dict(type='HookOfATest', wsh=2)]")
    assert "Did you mean 'wish'" in problem


def test_an_import_that_fails_is_one_problem_of_all(problems_of):
    problems = problems_of("custom_imports = dict(imports=['not_there_at_all'])\nload_form = 3")
    assert len(problems) == 2
    assert problems[0].startswith(
        "custom_imports (child.py:2): importing 'not_there_at_all' failed"
    )
