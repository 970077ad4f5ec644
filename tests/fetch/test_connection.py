import pytest

from mmholdout.fetch.connection import get


def test_what_is_asked_for(server):
    server.files['/a'] = b'abc'
    with get(f'{server.url}/a', {'Range': 'bytes=1-'}, 5) as response:
        assert (response.status, response.read()) == (206, b'bc')


def test_a_redirect_is_followed_and_asks_for_the_same_part(server):
    server.files['/b'] = b'abc'
    server.faults = [lambda handler: handler.redirect('/b')]
    with get(f'{server.url}/a', {'Range': 'bytes=1-'}, 5) as response:
        assert response.read() == b'bc'
    assert server.log == [('/a', 'bytes=1-'), ('/b', 'bytes=1-')]


@pytest.mark.guarantee
@pytest.mark.parametrize(
    'to', ['file:///etc/passwd', 'ftp://127.0.0.1/a', 'gopher://x/', 'data:,x']
)
@pytest.mark.parametrize('code', [301, 302, 303, 307, 308])
def test_a_redirect_elsewhere_is_refused(server, to, code):
    server.faults = [lambda handler: handler.redirect(to, code)]
    with pytest.raises((ValueError, OSError)):
        get(f'{server.url}/a', {}, 5)
    assert len(server.log) == 1


def test_a_circle_of_redirects_ends(server):
    server.faults = [lambda handler: handler.redirect('/a')] * 50
    with pytest.raises(OSError, match='redirect'):
        get(f'{server.url}/a', {}, 5)
    assert len(server.log) <= 10


@pytest.mark.guarantee
def test_a_redirect_to_ftp_is_not_even_tried(server):
    server.faults = [lambda handler: handler.redirect('ftp://127.0.0.1/a')]
    with pytest.raises(ValueError, match=r"'ftp://127\.0\.0\.1/a' is no http"):
        get(f'{server.url}/a', {}, 5)


@pytest.mark.guarantee
def test_https_does_not_fall_back_to_http():
    from urllib.request import Request

    from mmholdout.fetch.connection import _Redirects

    def follow(first, second):
        return _Redirects().redirect_request(Request(first), None, 302, '', {}, second)  # noqa: S310

    assert follow('https://a/x', 'https://b/y').full_url == 'https://b/y'
    assert follow('http://a/x', 'https://b/y').full_url == 'https://b/y'
    assert follow('http://a/x', 'http://b/y').full_url == 'http://b/y'
    with pytest.raises(ValueError, match=r'leads from https to http://b/y'):
        follow('https://a/x', 'http://b/y')


@pytest.mark.guarantee
@pytest.mark.parametrize('url', ['file:///etc/passwd', 'ftp://x/y', '/etc/passwd', '', 'http://'])
def test_other_addresses_are_refused(url):
    with pytest.raises(ValueError, match='is no http or https address'):
        get(url, {}, 5)
