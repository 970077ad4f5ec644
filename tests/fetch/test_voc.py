import hashlib
import io
import re
import tarfile

import pytest

from mmholdout.errors import DataError
from mmholdout.fetch.digest import Digest
from mmholdout.fetch.download import DownloadError
from mmholdout.fetch.voc import ARCHIVES, HOST, Archive, prepare


def tar_of(files):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode='w') as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def year_files(year, **lists):
    """What an official archive of a year holds, for lists of ids."""
    top = f'VOCdevkit/VOC{year}'
    files = {f'{top}/Annotations/{i}.xml': b'<annotation/>' for ids in lists.values() for i in ids}
    files |= {f'{top}/JPEGImages/{i}.jpg': i.encode() for ids in lists.values() for i in ids}
    files |= {
        f'{top}/ImageSets/Main/{name}.txt': '\n'.join(ids).encode() for name, ids in lists.items()
    }
    return files


CONTENT = {
    'voc2007/tv2007.tar': year_files(2007, train=['01', '03'], val=['05']),
    'voc2007/test.tar': year_files(2007, test=['02', '04']),
    'voc2012/tv2012.tar': year_files(2012, train=['2008_1'], val=['2008_2']),
}
COUNTS = [{'train': 2, 'val': 1}, {'test': 2}, {'train': 1, 'val': 1}]


def archives_of(content):
    tars = {place: tar_of(files) for place, files in content.items()}
    return tars, [
        Archive(
            int(place[3:7]),
            place,
            Digest('md5', hashlib.md5(data, usedforsecurity=False).hexdigest()),
            counts,
        )
        for (place, data), counts in zip(tars.items(), COUNTS)
    ]


@pytest.fixture
def voc(server, tmp_path):
    """Calls `prepare` on small archives that the server has; `said` is what it said."""

    def run(years=(2007, 2012), content=CONTENT, **options):
        tars, archives = archives_of(content)
        server.files.update({f'/VOC/{place}': data for place, data in tars.items()})
        run.said = []
        prepare(
            run.out,
            run.store,
            years,
            archives=archives,
            host=f'{server.url}/VOC/',
            say=run.said.append,
            **options,
        )

    run.out, run.store = tmp_path / 'VOCdevkit', tmp_path / 'archives'
    return run


def content(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob('*.*')}


def expected(year):
    found = {}
    for files in CONTENT.values():
        found |= {n.removeprefix('VOCdevkit/'): d for n, d in files.items() if f'VOC{year}/' in n}
    return found


def test_the_official_archives():
    assert [a.name for a in ARCHIVES] == [
        'VOCtrainval_06-Nov-2007.tar',
        'VOCtest_06-Nov-2007.tar',
        'VOCtrainval_11-May-2012.tar',
    ]
    for archive in ARCHIVES:
        assert archive.digest.algorithm == 'md5'
        assert re.fullmatch('[0-9a-f]{32}', archive.digest.hexadecimal)
        assert f'voc{archive.year}/' in archive.place and str(archive.year) in archive.place
        if 'trainval' in archive.lists:
            assert archive.lists['trainval'] == archive.lists['train'] + archive.lists['val']
    assert HOST.startswith('http') and HOST.endswith('/VOC/')


def test_both_years_are_fetched_and_arranged(voc):
    seen = []
    voc(progress=lambda *step: seen.append(step))
    assert content(voc.out) == expected(2007) | expected(2012)
    assert sorted(p.name for p in voc.out.iterdir()) == ['VOC2007', 'VOC2012']
    assert {what for what, *_ in seen} == {'tv2007.tar', 'tv2012.tar', 'test.tar'}
    assert voc.said[-1] == f'wrote {voc.out / "VOC2012"}: 1 in train, 1 in val'


def test_the_second_time_nothing_is_done(voc, server):
    voc()
    before = len(server.log)
    (voc.out / 'VOC2007' / 'mine.txt').write_text('x')
    voc()
    assert voc.said == [f'already there, unchanged: {voc.out / f"VOC{y}"}' for y in (2007, 2012)]
    assert len(server.log) == before and (voc.out / 'VOC2007' / 'mine.txt').exists()


def test_one_year(voc, server):
    voc([2012])
    assert content(voc.out) == expected(2012) and len(server.log) == 1
    voc([2007, 2007])
    assert content(voc.out) == expected(2007) | expected(2012)
    with pytest.raises(DataError, match='there is no year 2011; there are 2007, 2012'):
        voc([2011])


def test_archives_on_disk_are_used(voc, server):
    voc.store.mkdir()
    for place, data in archives_of(CONTENT)[0].items():
        if '2007' in place:
            (voc.store / place.rpartition('/')[2]).write_bytes(data)
    voc([2007])
    assert content(voc.out) == expected(2007) and server.log == []
    assert len(list(voc.store.iterdir())) == 2


@pytest.mark.guarantee
def test_another_file_under_the_name_of_an_archive(voc, server):
    voc.store.mkdir()
    (voc.store / 'test.tar').write_bytes(b'mine')
    with pytest.raises(DataError, match=r'test\.tar is not the official archive: its MD5 begins'):
        voc([2007])
    assert (voc.store / 'test.tar').read_bytes() == b'mine' and not voc.out.exists()


@pytest.mark.guarantee
@pytest.mark.parametrize('fault', ['truncates', 'stalls', 'ignores range'])
def test_a_bad_connection_is_outlasted(voc, server, fault):
    server.faults = [fault]
    voc()
    assert content(voc.out) == expected(2007) | expected(2012)


@pytest.mark.guarantee
def test_a_corrupted_download_is_refused_and_the_next_attempt_works(voc, server):
    server.faults = ['corrupts']
    with pytest.raises(DownloadError, match=r'not the file that was meant.*Run the same command'):
        voc()
    assert not voc.out.exists()
    voc()
    assert content(voc.out) == expected(2007) | expected(2012)


def test_no_network_says_what_to_do(voc, server):
    server.faults = [lambda handler: handler.send_error(404)]
    with pytest.raises(DownloadError, match=r'404.*fetch tv2007\.tar elsewhere.*--archives'):
        voc()
    assert not voc.out.exists()


@pytest.mark.guarantee
def test_ctrl_c_while_unpacking_leaves_no_half_year(voc):
    def stop(what, number, of):
        if number == of and what == 'test.tar' and of < 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        voc(progress=stop)
    assert list(voc.out.iterdir()) == []
    voc()
    assert content(voc.out) == expected(2007) | expected(2012)


def test_a_year_that_is_there_in_part_is_not_touched(voc, server):
    voc()
    (voc.out / 'VOC2007' / 'JPEGImages' / '04.jpg').unlink()
    before = content(voc.out)
    with pytest.raises(DataError, match=r'it is not all of VOC2007: JPEGImages/04\.jpg is missing'):
        voc()
    assert content(voc.out) == before
    (voc.out / 'VOC2007' / 'ImageSets' / 'Main' / 'val.txt').unlink()
    with pytest.raises(DataError, match=r'Main/val\.txt names 0 images, not 1'):
        voc()


def test_archives_that_lack_something(voc):
    files = dict(CONTENT['voc2007/test.tar'])
    del files['VOCdevkit/VOC2007/JPEGImages/02.jpg']
    with pytest.raises(DataError, match=r'do not hold all of it: JPEGImages/02\.jpg is missing'):
        voc(content=CONTENT | {'voc2007/test.tar': files})
    assert list(voc.out.iterdir()) == []
    with pytest.raises(DataError, match=r'tv2012\.tar holds no VOCdevkit/VOC2012'):
        voc([2012], content=CONTENT | {'voc2012/tv2012.tar': {'x/y.txt': b''}})


def test_files_in_two_archives(voc):
    top = 'VOCdevkit/VOC2007/'
    first = CONTENT['voc2007/tv2007.tar'] | {f'{top}readme.txt': b'1', f'{top}same.txt': b's'}
    second = CONTENT['voc2007/test.tar'] | {f'{top}readme.txt': b'2', f'{top}same.txt': b's'}
    voc([2007], content=CONTENT | {'voc2007/tv2007.tar': first, 'voc2007/test.tar': second})
    assert (voc.out / 'VOC2007' / 'readme.txt').read_bytes() == b'1'
    assert [s for s in voc.said if 'note' in s] == [
        'note: two archives hold different readme.txt; the first is kept'
    ]


@pytest.mark.guarantee
def test_an_archive_that_would_write_elsewhere(voc, tmp_path):
    files = CONTENT['voc2007/test.tar'] | {'VOCdevkit/../../evil.txt': b'evil'}
    with pytest.raises(DataError, match='would lead out of the folder'):
        voc(content=CONTENT | {'voc2007/test.tar': files})
    assert not list(tmp_path.rglob('evil.txt')) and list(voc.out.iterdir()) == []
