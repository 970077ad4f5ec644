import numpy as np
import pytest
import torch
from mmengine.logging import HistoryBuffer
from torch import nn

from mmholdout.errors import CheckpointError
from mmholdout.runner import load_weights as module
from mmholdout.runner.load_weights import load_weights


def test_loads_what_fits_and_lists_the_rest(tmp_path):
    old, new = nn.ModuleDict(), nn.ModuleDict()
    old['body'], new['body'] = nn.Linear(3, 3), nn.Linear(3, 3)
    old['cls'], new['cls'] = nn.Linear(3, 5), nn.Linear(3, 4)
    old['gone'] = nn.Linear(1, 1)
    new['extra'] = nn.Linear(1, 1)
    torch.save({'state_dict': old.state_dict()}, tmp_path / 'a.pth')
    head = new['cls'].weight.clone()
    notices = '\n'.join(load_weights(new, str(tmp_path / 'a.pth')))
    assert torch.equal(new['body'].weight, old['body'].weight)
    assert torch.equal(new['cls'].weight, head)
    assert '2 of 6 weights loaded' in notices
    assert 'skipped cls.weight: (5, 3) in the file, (4, 3) in the model' in notices
    assert 'not in the model: gone.weight' in notices
    assert 'not in the file: extra.weight' in notices


def test_a_bare_state_dict(tmp_path):
    model = nn.Linear(2, 2)
    torch.save(nn.Linear(2, 2).state_dict(), tmp_path / 'a.pth')
    assert '2 of 2' in load_weights(model, str(tmp_path / 'a.pth'))[0]


def test_nothing_fits(tmp_path):
    torch.save({'x': torch.ones(1)}, tmp_path / 'a.pth')
    with pytest.raises(CheckpointError, match='none of the 1 weights'):
        load_weights(nn.Linear(2, 2), str(tmp_path / 'a.pth'))


@pytest.mark.parametrize('content', [{}, {'state_dict': {}}, [1], {'state_dict': {'a': 'b'}}])
def test_no_weights(tmp_path, content):
    torch.save(content, tmp_path / 'a.pth')
    with pytest.raises(CheckpointError, match='holds no model weights'):
        load_weights(nn.Linear(2, 2), str(tmp_path / 'a.pth'))


def test_missing_file(tmp_path):
    with pytest.raises(CheckpointError, match='there is no checkpoint'):
        load_weights(nn.Linear(2, 2), str(tmp_path / 'a.pth'))


def test_a_published_file_of_mmdet_with_its_logs(tmp_path):
    log = {'log_scalars': {'train/loss': HistoryBuffer([1.0], [1])}, 'seed': np.int64(3)}
    content = {'state_dict': nn.Linear(2, 2).state_dict(), 'message_hub': log, 'meta': {}}
    torch.save(content, tmp_path / 'a.pth')
    assert '2 of 2' in load_weights(nn.Linear(2, 2), str(tmp_path / 'a.pth'))[0]
    torch.save({**content, 'x': pytest.raises}, tmp_path / 'a.pth')
    with pytest.raises(CheckpointError, match=r'a\.pth .*can run code'):
        load_weights(nn.Linear(2, 2), str(tmp_path / 'a.pth'))


def test_an_address_is_downloaded(tmp_path, monkeypatch):
    torch.save(nn.Linear(2, 2).state_dict(), tmp_path / 'a.pth')
    asked = []

    def fetched(source, published, remedy):
        asked.append(source)
        return tmp_path / 'a.pth'

    monkeypatch.setattr(module, 'weights_file', fetched)
    load_weights(nn.Linear(2, 2), str(tmp_path / 'a.pth'))
    assert asked == []
    load_weights(nn.Linear(2, 2), 'https://example.org/a.pth')
    assert asked == ['https://example.org/a.pth']
