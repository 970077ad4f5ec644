"""A run that is over stays as it is, however often it is resumed."""

import hashlib

import pytest

# The checkpoint is written again, with the same content; the log grows.
REWRITTEN = ('last.pth', 'last.prev.pth', 'train.log', 'curves.png', 'digests.json')
ENDINGS = {
    'max_epochs': 'train_cfg = dict(max_epochs=2)',
    'early_stop': "custom_hooks = [dict(type='EarlyStoppingHook', patience=0, **steering)]",
}


def contents(folder):
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob('*'))
        if path.is_file() and path.name not in REWRITTEN
    }


@pytest.mark.guarantee
@pytest.mark.parametrize('ending', ENDINGS)
def test_resumed_twice_nothing_changes(crash, resume_config, ending):
    config = resume_config(f'finished_{ending}', extra=ENDINGS[ending])
    first = crash.train(config, resume=None)
    assert f'done: {ending} after epoch 2' in first.said
    before = contents(first.folder)
    for _ in range(2):
        again = crash.train(config, first.folder, resume='last')
        assert again.fingerprint == first.fingerprint
        assert contents(first.folder) == before
        assert 'Epoch' not in again.said, 'it has trained or validated'
