"""The harness of the proofs of exact resume: it must not miss an operation or a difference."""

import json
import subprocess
import sys
from importlib import util
from pathlib import Path

import pytest

CRASH = Path(__file__).parent / 'crash'
BEFORE = """
import io, json, os, shutil, subprocess, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from journal import Journal
from states import crash_states, seen, unsynced_renames
folder = Path(sys.argv[2])
(folder / 'old').write_text('was there')
journal = Journal(folder)
journal.watch()
"""
AFTER = """
journal.check()
states = crash_states(journal.operations, journal.operations.index(('event', 'start')))
print(json.dumps({
    'unseen': journal.unseen,
    'seen': seen(journal.operations),
    'unsynced_renames': unsynced_renames(journal.operations),
    'states': [{k: v.decode() for k, v in s.files.items()} for s in states],
    'labels': [s.labels for s in states],
}))
"""


@pytest.fixture
def watched(tmp_path):
    """Runs lines of code under watch, in a folder that holds the file 'old'."""

    def run(code):
        folder = tmp_path / 'run'
        folder.mkdir()
        done = subprocess.run(
            [sys.executable, '-c', BEFORE + code + AFTER, str(CRASH), str(folder)],
            capture_output=True,
            text=True,
            check=True,
        )
        found = json.loads(done.stdout)
        found['disk'] = {
            path.relative_to(folder).as_posix() + '/' * path.is_dir(): path.read_text()
            if path.is_file()
            else ''
            for path in folder.rglob('*')
        }
        return found

    return run


@pytest.mark.guarantee
def test_every_way_of_writing_is_seen(watched):
    found = watched("""
(folder / 'sub').mkdir()
os.makedirs(folder / 'a' / 'b')
(folder / 'text').write_text('text')
(folder / 'bytes').write_bytes(b'bytes')
with open(folder / 'sub' / 'lines', 'w') as file:
    print('one', file=file)
    file.flush()
    file.write('two')
with open(folder / 'sub' / 'lines', 'a') as file:
    file.write('three')
with (folder / 'old').open('r+b') as file:
    file.seek(4)
    file.write(b'IS')
    file.truncate(8)
with io.open(folder / 'new', 'xb', buffering=0) as file:
    file.write(b'unbuffered')
handle = os.open(folder / 'low', os.O_CREAT | os.O_WRONLY)
os.write(handle, b'low')
os.write(handle, b'level')
os.close(handle)
shutil.copyfile(folder / 'text', folder / 'copy')
(folder / 'copy').rename(folder / 'moved')
os.replace(folder / 'bytes', folder / 'text')
(folder / 'new').unlink()
""")
    assert found['unseen'] == []
    assert found['states'][-1] == found['disk']
    assert found['disk']['old'] == 'was ISer' and found['disk']['text'] == 'bytes'
    assert found['disk']['sub/lines'] == 'one\ntwothree' and found['disk']['moved'] == 'text'
    assert 'unlink new' in found['seen'] and 'rename copy to moved' in found['seen']


@pytest.mark.guarantee
@pytest.mark.parametrize(
    'unseen', ["subprocess.run(['touch', folder / 'x'])", "journal._files.pop('old')"]
)
def test_what_it_cannot_see_it_notices(watched, unseen):
    assert watched(unseen)['unseen']


@pytest.mark.guarantee
def test_states_of_an_appended_line(watched):
    """What Python still holds is not on disk; what is not synchronised, a power cut takes."""
    found = watched("""
with open(folder / 'old', 'ab') as file:
    file.write(b'12')
    file.write(b'3456')
    file.flush()
    os.fsync(file.fileno())
    file.write(b'7')
""")
    was = 'was there'
    contents = [state['old'] for state in found['states']]
    parts = ('', '1', '123', '12345', '123456', '1234567')
    assert contents == [was + part for part in parts]
    cut = [label for labels in found['labels'] for label in labels if 'power cut' in label]
    assert cut == ['start: write old, power cut'] * 2
    at = {label: s['old'] for s, ls in zip(found['states'], found['labels']) for label in ls}
    assert at['start: write old, power cut'] == was + '123456'


@pytest.mark.guarantee
def test_a_rename_without_a_sync_is_found(watched):
    found = watched("""
(folder / 'new').write_text('new')
os.replace(folder / 'new', folder / 'old')
""")
    assert found['unsynced_renames'] == ['old']
    assert {'old': ''} in found['states'], 'the power cut that leaves an empty file'


@pytest.fixture(scope='module')
def fingerprint():
    spec = util.spec_from_file_location('fingerprint', CRASH / 'fingerprint.py')
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.fingerprint


@pytest.fixture
def run_folder(tmp_path):
    """Writes a run folder of a few values; gives it."""
    import torch

    def write(weight=1.0, counter=3, seconds=1.0, lr=0.1, reason='early_stop', kept='x', extra=()):
        (tmp_path / 'checkpoints').mkdir(exist_ok=True)
        content = {
            'state_dict': {'w': torch.tensor([[weight]]), 'n': torch.tensor(1)},
            'run_state': {'plateau': {'bad': counter}, 'position': {'seconds': seconds}},
            'optimizer': [{'step': torch.ones(2)}, (1, [2.5, None])],
        }
        torch.save(content, tmp_path / 'checkpoints' / 'last.pth')
        (tmp_path / 'history.jsonl').write_text(json.dumps({'lr': lr, 'val_seconds': seconds}))
        (tmp_path / 'summary.json').write_text(json.dumps({'stop_reason': reason}))
        (tmp_path / 'splits.json').write_text(kept)
        for name in extra:
            (tmp_path / name).touch()
        return tmp_path

    return write


@pytest.mark.guarantee
@pytest.mark.parametrize(
    'changed',
    [
        dict(weight=1.0000001),
        dict(counter=4),
        dict(lr=0.1000001),
        dict(reason='max_epochs'),
        dict(kept='y'),
        dict(extra=['.last.pth.12345678.tmp']),
    ],
    ids=lambda c: next(iter(c)),
)
def test_a_difference_is_seen(fingerprint, run_folder, difference, changed):
    before = fingerprint(run_folder())
    assert difference(fingerprint(run_folder(seconds=2.0)), before) == ''
    assert difference(fingerprint(run_folder(**changed)), before)
