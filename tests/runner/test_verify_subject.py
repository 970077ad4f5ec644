import pytest

from mmholdout.errors import ConfigError, DataError, RunFolderError, UserError
from mmholdout.runner.verify_subject import BEST


def test_what_was_changed_is_not_relied_on(subject):
    assert subject.has('history.jsonl') and subject.rows()
    subject.changed.add('history.jsonl')
    assert not subject.has('history.jsonl')
    with pytest.raises(RunFolderError, match=r'history\.jsonl was changed'):
        subject.rows()


def test_what_is_missing_is_named(subject):
    with pytest.raises(RunFolderError, match=r'no curves\.svg, x'):
        subject.need('config.py', 'curves.svg', 'x')


def test_a_check_that_cannot_be_made_is_said(subject):
    with subject.step('this'):
        raise DataError(['no data', 'no labels'])
    with subject.step('that'):
        pass
    assert subject.found.not_checked == ['this: no data', 'this: no labels']


def test_defects_are_not_swallowed(subject):
    with pytest.raises(ZeroDivisionError), subject.step('this'):
        raise ZeroDivisionError


def test_the_data_where_they_are_now(subject):
    assert subject.words()['val_dataloader']['dataset']['data_root'] == subject.data_root
    subject.data_root = None
    assert subject.words()['val_dataloader']['dataset']['data_root'] != subject.data_root


def test_another_config(subject, small_config):
    subject.config = str(small_config('train_cfg = dict(max_epochs=77)'))
    assert subject.words()['train_cfg']['max_epochs'] == 77


@pytest.mark.guarantee
def test_a_changed_config_is_not_even_read(subject):
    subject.changed.add('config.py')
    with pytest.raises(UserError, match=r'config\.py was changed'):
        subject.words()


def test_custom_imports_that_fail(subject):
    path = subject.folder / 'config.py'
    path.write_text(path.read_text() + "custom_imports = {'imports': ['not_there_at_all']}\n")
    with pytest.raises(ConfigError, match='not_there_at_all'):
        subject.words()


def test_a_config_that_makes_no_sense(subject):
    """Of a run without a record nothing vouches for it: it is checked like any other."""
    path = subject.folder / 'config.py'
    path.write_text(path.read_text().replace('custom_hooks = ', 'custom_hocks = '))
    with pytest.raises(ConfigError, match='custom_hooks'):
        subject.words()


def test_the_best_model(subject):
    assert subject.meta(BEST)['chosen']['monitor'] == 'val/mAP'
    subject.changed.add(BEST)
    with pytest.raises(RunFolderError, match=BEST):
        subject.meta(BEST)
