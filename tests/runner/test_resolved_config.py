import pytest

from mmholdout.config.dump import dump
from mmholdout.config.load import load
from mmholdout.config.translate import translate
from mmholdout.errors import ConfigError
from mmholdout.runner.resolved_config import config_digest, read_resolved


def test_what_was_dumped_is_read_and_has_the_same_digest(small_config, tmp_path):
    cfg = load(small_config()).cfg
    dump(cfg, tmp_path / 'config.py')
    again = read_resolved(tmp_path / 'config.py')
    assert again == cfg
    assert config_digest(translate(again)) == config_digest(translate(cfg))


def test_another_config_has_another_digest(small_config):
    one, two = (translate(load(small_config()).cfg) for _ in 'ab')
    assert config_digest(one) == config_digest(two)
    two['randomness'] = {'seed': 4}
    assert config_digest(one) != config_digest(two)


@pytest.mark.parametrize(
    'text',
    [
        'import os',
        'x = open("y")',
        'x = __import__("os").system("touch bitten")',
        'x.y = 3',
        'x = y = 3',
        'x = {',
        '\0',
        '(' * 5000,
    ],
)
def test_nothing_in_it_is_executed(tmp_path, text, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / 'config.py').write_text(text)
    with pytest.raises(ConfigError, match=r'config\.py is not a resolved config'):
        read_resolved(tmp_path / 'config.py')
    assert not (tmp_path / 'bitten').exists()


def test_missing(tmp_path):
    with pytest.raises(ConfigError, match='there is no'):
        read_resolved(tmp_path / 'config.py')
