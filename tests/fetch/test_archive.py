import io
import os
import shutil
import stat
import tarfile
import zipfile
from collections import namedtuple

import pytest

from mmholdout.errors import DataError
from mmholdout.fetch.archive import leads_out, unpacked

FILES = {'VOCdevkit/a.txt': b'a' * 3000, 'VOCdevkit/deep/b.txt': b'', 'c.bin': b'\0\1'}


def make(path, files, *, members=()):
    """Write a tar or zip of `files`; `members` are TarInfo or ZipInfo objects without content."""
    if path.suffix == '.zip':
        with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED) as archive:
            for name, data in files.items():
                archive.writestr(name, data)
            for member in members:
                archive.writestr(member, b'/etc/passwd')
    else:
        with tarfile.open(path, 'w') as archive:
            for name, data in files.items():
                info = tarfile.TarInfo(name)
                info.size = len(data)
                archive.addfile(info, io.BytesIO(data))
            for member in members:
                archive.addfile(member)
    return path


def content(folder):
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob('*') if p.is_file()
    }


@pytest.fixture(params=['.tar', '.zip'])
def archive(request, tmp_path):
    (tmp_path / 'out').mkdir()
    return tmp_path / f'a{request.param}'


def refused(archive, tmp_path, match, **options):
    """Nothing is unpacked, inside or outside."""
    before = content(tmp_path)
    with (
        pytest.raises(DataError, match=match) as caught,
        unpacked(archive, tmp_path / 'out', **options),
    ):
        pytest.fail('was unpacked')
    assert str(archive) in str(caught.value)
    assert content(tmp_path) == before and list((tmp_path / 'out').iterdir()) == []


def test_files_and_folders(archive, tmp_path):
    seen = []
    make(archive, FILES)
    with unpacked(archive, tmp_path / 'out', progress=lambda *n: seen.append(n)) as folder:
        assert content(folder) == FILES and folder.parent == tmp_path / 'out'
        (folder / 'VOCdevkit').rename(tmp_path / 'out' / 'kept')
    assert seen == [(1, 3), (2, 3), (3, 3)]
    assert [p.name for p in (tmp_path / 'out').iterdir()] == ['kept']


def test_a_tar_of_a_folder_as_people_make_it(tmp_path):
    source = tmp_path / 'source'
    (source / 'x').mkdir(parents=True)
    (source / 'x' / 'a.txt').write_bytes(b'a')
    os.chmod(source / 'x' / 'a.txt', 0o4755)  # noqa: PTH101, S103
    with tarfile.open(tmp_path / 'a.tar', 'w') as archive:
        archive.add(source, '.')
    with unpacked(tmp_path / 'a.tar', tmp_path) as folder:
        assert content(folder) == {'x/a.txt': b'a'}
        assert stat.S_IMODE((folder / 'x' / 'a.txt').stat().st_mode) & 0o7111 == 0


OUTSIDE = [
    *('/etc/evil', '../evil', 'a/../../evil', '..', 'a/..', '//evil', '..\\evil', 'C:\\evil'),
    *('C:evil', 'a\\b', 'a\x1b[31m', 'a\nb', 'a\x7f'),
]


@pytest.mark.guarantee
@pytest.mark.parametrize('name', OUTSIDE)
def test_a_name_that_leads_out(archive, tmp_path, name):
    make(archive, {'fine.txt': b'a', name: b'evil'})
    refused(archive, tmp_path, 'would lead out of the folder')


@pytest.mark.guarantee
def test_a_nul_in_a_name(tmp_path):
    (tmp_path / 'out').mkdir()
    path = make(tmp_path / 'a.zip', {'abcXdef.txt': b'evil'})
    path.write_bytes(path.read_bytes().replace(b'abcXdef', b'abc\0def'))
    refused(path, tmp_path, 'would lead out|damaged')
    assert leads_out('a\0b')


@pytest.mark.guarantee
@pytest.mark.parametrize('kind', ['SYMTYPE', 'LNKTYPE', 'CHRTYPE', 'BLKTYPE', 'FIFOTYPE'])
@pytest.mark.parametrize('to', ['/etc/passwd', '../../x', 'fine.txt'])
def test_links_and_devices_in_a_tar(tmp_path, kind, to):
    (tmp_path / 'out').mkdir()
    info = tarfile.TarInfo('link')
    info.type, info.linkname = getattr(tarfile, kind), to
    path = make(tmp_path / 'a.tar', {'fine.txt': b'a'}, members=[info])
    refused(path, tmp_path, "'link' is a link or device")


@pytest.mark.guarantee
def test_a_write_through_a_link(tmp_path):
    (tmp_path / 'out').mkdir()
    link = tarfile.TarInfo('x')
    link.type, link.linkname = tarfile.SYMTYPE, str(tmp_path)
    path = tmp_path / 'a.tar'
    with tarfile.open(path, 'w') as archive:
        archive.addfile(link)
        inside = tarfile.TarInfo('x/evil')
        inside.size = 4
        archive.addfile(inside, io.BytesIO(b'evil'))
    refused(path, tmp_path, 'link or device')


@pytest.mark.guarantee
def test_a_link_in_a_zip(tmp_path):
    (tmp_path / 'out').mkdir()
    info = zipfile.ZipInfo('link')
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    path = make(tmp_path / 'a.zip', {'fine.txt': b'a'}, members=[info])
    refused(path, tmp_path, "'link' is a link or device")


@pytest.mark.guarantee
def test_bombs(archive, tmp_path):
    make(archive, {f'{i}': bytes(100_000) for i in range(20)})
    refused(archive, tmp_path, 'unpack to 2000000 bytes; at most 1999999', most_bytes=1_999_999)
    refused(archive, tmp_path, 'unpack to 20 files; at most 19', most_files=19)


@pytest.mark.guarantee
def test_a_zip_whose_header_lies_about_the_size(tmp_path):
    (tmp_path / 'out').mkdir()
    path = make(tmp_path / 'a.zip', {'a': bytes(5_000_000)})
    data = bytearray(path.read_bytes())
    size = (5_000_000).to_bytes(4, 'little')
    assert data.count(size) == 2
    path.write_bytes(data.replace(size, (10).to_bytes(4, 'little')))
    refused(path, tmp_path, 'damaged|another length')


def test_too_little_space(archive, tmp_path, monkeypatch):
    make(archive, FILES)
    monkeypatch.setattr(shutil, 'disk_usage', lambda path: namedtuple('u', 'free')(3001))
    refused(archive, tmp_path, 'unpack to 3002 bytes, and 3001 are free')


@pytest.mark.parametrize('names', [('a', 'A'), ('a', './a'), ('x/a', 'x//a')])
def test_two_files_in_one_place(tmp_path, names):
    (tmp_path / 'out').mkdir()
    path = make(tmp_path / 'a.tar', dict.fromkeys(names, b'a'))
    refused(path, tmp_path, 'twice')


def test_a_file_where_a_folder_is_needed(archive, tmp_path):
    make(archive, {'a': b'a', 'a/b': b'b'})
    refused(archive, tmp_path, 'cannot be unpacked')


@pytest.mark.guarantee
@pytest.mark.parametrize('how', ['cut', 'flipped', 'empty', 'text', 'gzip'])
def test_damage(archive, tmp_path, how):
    make(archive, {'a': os.urandom(50_000), 'b': b'b'})
    data = bytearray(archive.read_bytes())
    if how == 'flipped' and archive.suffix == '.tar':
        data[:200] = bytes(200)  # a tar has no checksum but in its headers
    elif how == 'flipped':
        data[20_000] ^= 1
    data = {'cut': data[:30_000], 'empty': b'', 'text': b'x' * 5000}.get(how, data)
    if how == 'gzip':
        with tarfile.open(archive, 'w:gz') as packed:
            packed.addfile(tarfile.TarInfo('a'))
    else:
        archive.write_bytes(data)
    refused(archive, tmp_path, 'is damaged or no archive')


def test_ctrl_c_leaves_nothing(archive, tmp_path):
    make(archive, FILES)

    def stop(number, of):
        raise KeyboardInterrupt

    with (
        pytest.raises(KeyboardInterrupt),
        unpacked(archive, tmp_path / 'out', progress=stop),
    ):
        pytest.fail('was unpacked')
    assert list((tmp_path / 'out').iterdir()) == []


def test_the_body_may_fail_too(archive, tmp_path):
    make(archive, FILES)
    with pytest.raises(ValueError, match='mine'), unpacked(archive, tmp_path / 'out'):
        raise ValueError('mine')
    assert list((tmp_path / 'out').iterdir()) == []
