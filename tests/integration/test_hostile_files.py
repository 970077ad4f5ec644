"""Annotations, lists and options made to harm, by the commands that read them."""

from __future__ import annotations

import os
import pickle
import shutil
import time

import pytest

from mmholdout.cli import check_config, prepare_data, train
from mmholdout.config.options import parse_value

pytestmark = pytest.mark.guarantee


class Payload:
    """Unpickled by anything that obeys, it makes a folder."""

    def __init__(self, marker):
        self.marker = str(marker)

    def __reduce__(self):
        return os.mkdir, (self.marker,)


@pytest.fixture
def marker(tmp_path):
    path = tmp_path / 'ran'
    yield path
    assert not path.exists(), 'code from a file has run'


@pytest.fixture
def data(tmp_path, small_sample):
    folder = tmp_path / 'data'
    shutil.copytree(small_sample, folder)
    return folder


@pytest.fixture
def refused(capsys):
    """Runs a command: exit code 2 and one message with these parts."""

    def run(main, argv, *parts):
        assert main([str(a) for a in argv]) == 2
        said = capsys.readouterr()
        for part in parts:
            assert part in said.out + said.err
        assert 'Traceback' not in said.err
        return said.out + said.err

    return run


OTHER_FILE = 'the content of another file'
LAUGHS = ''.join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
BODY = '<annotation><object><name>{}</name></object></annotation>'
BOMBS = {
    'billion laughs': f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]>' + BODY.format('&l9;'),
    'quadratic': '<!DOCTYPE a [<!ENTITY x "%s">]>' % ('x' * 50_000) + BODY.format('&x;' * 50_000),
    'attributes': '<!DOCTYPE a [<!ATTLIST b c CDATA "%s">]>' % ('x' * 1_000_000)
    + '<annotation>%s</annotation>' % ('<b/>' * 100_000),
    'external entity': '<!DOCTYPE a [<!ENTITY x SYSTEM "{secret}">]>' + BODY.format('&x;'),
    'parameter entity': '<!DOCTYPE a [<!ENTITY % x SYSTEM "{secret}"> %x;]>' + BODY.format('a'),
    'external DTD': '<!DOCTYPE a SYSTEM "{secret}">' + BODY.format('a'),
    'in UTF-16': f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]>' + BODY.format('&l9;'),
    'huge': '<annotation>' + ' ' * (5 << 20) + '</annotation>',
}


@pytest.mark.parametrize('kind', BOMBS)
def test_xml(refused, data, small_config, tmp_path, kind):
    (tmp_path / 'secret').write_text(OTHER_FILE)
    text = BOMBS[kind].replace('{secret}', (tmp_path / 'secret').as_uri())
    name = (data / 'ImageSets' / 'Main' / 'train.txt').read_text().split()[3]
    encoding = 'utf-16' if kind == 'in UTF-16' else 'utf-8'
    (data / 'Annotations' / f'{name}.xml').write_bytes(text.encode(encoding))
    started = time.process_time()
    argv = [small_config(f'data_root = {str(data)!r}\n')]
    said = refused(check_config.main, argv, f'{name}.xml', 'refused')
    assert OTHER_FILE not in said and time.process_time() - started < 20


@pytest.mark.skipif(os.name == 'nt', reason='needs a named pipe')
def test_xml_that_is_no_file(refused, data, small_config):
    name = (data / 'ImageSets' / 'Main' / 'train.txt').read_text().split()[3]
    path = data / 'Annotations' / f'{name}.xml'
    path.unlink()
    os.mkfifo(path)  # reading it would wait for ever
    argv = [small_config(f'data_root = {str(data)!r}\n')]
    refused(check_config.main, argv, name)


@pytest.mark.parametrize(
    'line',
    [
        '../../etc/passwd',
        '/etc/passwd',
        'a/../../b',
        'C:\\x',
        'C:x',
        '..\\x',
        '\\\\host\\x',
        'a\0b',
    ],
)
def test_ids_that_lead_out(refused, data, small_config, line):
    path = data / 'ImageSets' / 'Main' / 'train.txt'
    path.write_text(f'{path.read_text()}{line}\n')
    argv = [small_config(f'data_root = {str(data)!r}\n')]
    for main in (check_config.main, train.main):
        refused(main, argv, 'train.txt', 'no id of an image inside the data folder', repr(line))


def test_a_file_name_in_an_annotation_is_not_followed(data, small_config, capsys):
    for path in (data / 'Annotations').iterdir():
        text = path.read_text()
        start, end = text.index('<filename>'), text.index('</filename>')
        path.write_text(text[:start] + '<filename>../../../etc/passwd' + text[end:])
    argv = ['check', str(small_config(f'data_root = {str(data)!r}\n'))]
    assert prepare_data.main(argv) == 0
    assert 'passwd' not in capsys.readouterr().out


@pytest.mark.skipif(os.name == 'nt', reason='links need rights there')
def test_links_in_a_data_folder_are_followed(data, small_config, tmp_path, capsys):
    """Only who owns the disk can make them, and large data sets are made of links."""
    (data / 'JPEGImages').rename(tmp_path / 'elsewhere')
    (data / 'JPEGImages').symlink_to(tmp_path / 'elsewhere')
    assert check_config.main([str(small_config(f'data_root = {str(data)!r}\n'))]) == 0


MINE = """\
from mmdet.datasets import BaseDetDataset, CocoDataset
from mmholdout.registry import DATASETS


@DATASETS.register_module(force=True)
class Mine(BaseDetDataset):
    pass


@DATASETS.register_module(force=True)
class MyCoco(CocoDataset):
    pass
"""


@pytest.mark.parametrize(
    ('name', 'words'),
    [
        ('evil.pkl', "type='Mine', ann_file={path!r}"),
        ('evil.yaml', "type='Mine', ann_file={path!r}"),
        ('evil.pkl', "type='MyCoco', ann_file='x.json', proposal_file={path!r}"),
    ],
)
def test_annotations_that_are_pickles(
    refused, small_config, tmp_path, monkeypatch, marker, name, words
):
    """A data set of one's own that reads them as mmdet's does, which is not read here itself."""
    (tmp_path / 'hostile_sets.py').write_text(MINE)
    monkeypatch.syspath_prepend(tmp_path)
    path = tmp_path / name
    if name.endswith('.pkl'):
        path.write_bytes(pickle.dumps(Payload(marker)))
    else:
        path.write_text(f'!!python/object/apply:os.mkdir [{str(marker)!r}]')
    (tmp_path / 'x.json').write_text('{"images": [], "annotations": [], "categories": []}')
    given = words.format(path=str(path)).replace('x.json', str(tmp_path / 'x.json'))
    extra = "custom_imports = dict(imports=['hostile_sets'])\n"
    extra += "meta = dict(classes=('screw', 'nut', 'washer', 'battery'))\n"
    extra += f'train_dataloader = dict(dataset=dict(_delete_=True, {given}, metainfo=meta, '
    extra += 'pipeline=small))\n'
    refused(check_config.main, [small_config(extra)], name)


PROGRAMS = [
    '__import__("os").mkdir({marker!r})',
    '[__import__("os").mkdir({marker!r})]',
    '(lambda: __import__("os").mkdir({marker!r}))()',
    '{{"a": __import__("os").mkdir({marker!r})}}',
    'f"{{__import__(\'os\').mkdir({marker!r})}}"',
    '{{{{__import__("os").mkdir({marker!r})}}}}',
    'exec("import os; os.mkdir({marker!r})")',
    '!!python/object/apply:os.mkdir [{marker!r}]',
    '$(mkdir {marker})',
    '`mkdir {marker}`',
]


@pytest.mark.parametrize('program', PROGRAMS)
def test_a_program_as_an_option_stays_text(program, marker):
    text = program.format(marker=str(marker))
    value = parse_value(text)
    flat = value if isinstance(value, list | tuple) else [value]
    assert all(isinstance(part, str) for part in flat)
    assert 'mkdir' in ''.join(flat)


TEMPLATES = [
    *('{{$ENV:HOME}}', '{{ $ENV:HOME:x }}', '{{_base_.model}}', '{{ fileDirname }}'),
    *('_base_.model', '%(HOME)s', '${HOME}', '~', 'os.environ', '@/etc/passwd'),
]


@pytest.mark.parametrize('text', TEMPLATES)
def test_nothing_is_put_in_the_place_of_a_name(text):
    assert parse_value(text) == text


def test_options_of_whole_commands(refused, small_config, tmp_path, marker):
    script = tmp_path / 'evil.py'
    script.write_text(f'import os\nos.mkdir({str(marker)!r})\n')
    program = PROGRAMS[0].format(marker=str(marker))
    for option in (
        f'model.backbone={{"type": "os.mkdir", "path": {str(marker)!r}}}',
        f'model.backbone.type={program}',
        f'model.bbox_head.loss_cls={{"type": "os.mkdir", "path": {str(marker)!r}}}',
        f'model.test_cfg.nms.type={program}',
        f'train_cfg.max_epochs={program}',
        f'optim_wrapper.optimizer.type={program}',
        f'custom_hooks=[{{"type": "os.mkdir", "path": {str(marker)!r}}}]',
        f'_base_={script}',
        f'{program}=1',
    ):
        refused(train.main, [small_config(), '--dry-run', '--cfg-options', option])
        assert not marker.exists(), option
