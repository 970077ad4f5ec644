import io

import pytest

from mmholdout.report.console import Console


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def plain(tmp_path):
    stream = io.StringIO()
    return Console(tmp_path / 'log', stream), stream, tmp_path / 'log'


def test_a_message_is_printed_and_logged_with_its_time(plain):
    console, stream, log = plain
    console.say('hello')
    assert stream.getvalue() == 'hello\n'
    assert log.read_text().endswith(' hello\n') and log.read_text()[:2] == '20'


def test_the_log_alone(plain):
    console, stream, log = plain
    console.log('quiet')
    assert stream.getvalue() == '' and 'quiet' in log.read_text()


def test_escape_sequences_of_a_class_name_are_inert(plain):
    console, stream, log = plain
    console.say('class \x1b[2J\x07 evil')
    for text in (stream.getvalue(), log.read_text()):
        assert '\x1b' not in text and '\x07' not in text and 'evil' in text


def test_messages_held_back_come_when_asked_for(plain):
    console, stream, _ = plain
    with console.holding() as held:
        console.say('later')
        assert stream.getvalue() == ''
    assert held == ['later'] and stream.getvalue() == ''
    console.say('now')
    assert stream.getvalue() == 'now\n'


def test_messages_held_back_are_said_when_the_body_raises(plain):
    console, stream, _ = plain
    with pytest.raises(ZeroDivisionError), console.holding():
        console.say('decided')
        raise ZeroDivisionError
    assert stream.getvalue() == 'decided\n'
    console.say('later ones are not held')
    assert stream.getvalue().endswith('not held\n')


def test_no_bar_where_there_is_no_terminal(plain):
    console, stream, _ = plain
    console.progress('epoch 1/2', 3, 10)
    console.close()
    assert stream.getvalue() == ''


@pytest.fixture
def terminal(monkeypatch):
    monkeypatch.setenv('TERM', 'xterm-256color')  # what rich looks at besides `isatty`
    monkeypatch.setenv('COLUMNS', '80')
    for name in ('NO_COLOR', 'TTY_COMPATIBLE', 'TTY_INTERACTIVE', 'FORCE_COLOR'):
        monkeypatch.delenv(name, raising=False)
    console = Console(stream=Terminal())
    yield console, console._stream
    console.close()


def test_control_characters_in_the_bar_are_inert(terminal):
    console, stream = terminal
    console.progress('epoch \x1b]0;title\x07', 0, 10, 'note \x1b[2J\n')
    console.close()
    text = stream.getvalue()
    assert r'epoch \x1b]0;title\x07' in text and r'note \x1b[2J\n' in text
    assert '\x1b]' not in text and '\x1b[2J' not in text and '\x07' not in text


def test_a_message_beside_the_bar_is_not_markup(terminal):
    console, stream = terminal
    console.progress('epoch 1/2', 1, 10)
    console.say('classes :cat: [red]{0} \x1b[2J')
    console.close()
    assert r'classes :cat: [red]{0} \x1b[2J' in stream.getvalue()
    assert '\x1b[2J' not in stream.getvalue()


def test_a_long_message_beside_the_bar_stays_one_line(terminal):
    console, stream = terminal
    console.progress('epoch 1/2', 1, 10)
    console.say('x' * 500)
    console.close()
    assert 'x' * 500 in stream.getvalue()


def test_the_console_goes_on_after_the_bar_was_closed(terminal):
    console, stream = terminal
    console.progress('epoch 1/2', 1, 10)
    console.close()
    seen = len(stream.getvalue())
    console.say('plain again')
    assert stream.getvalue()[seen:] == 'plain again\n'
    console.progress('epoch 2/2', 1, 10)
    console.close()
    assert 'epoch 2/2' in stream.getvalue()


def test_a_message_in_letters_that_the_stream_lacks_does_not_end_the_run():
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding='ascii')
    Console(stream=stream).say('class 狗')
    assert raw.getvalue() == b'class \\u72d7\n'


def test_a_terminal_gets_a_bar_and_messages_above_it():
    stream = Terminal()
    console = Console(stream=stream)
    console.progress('epoch 1/2', 0, 10, 'eta 0:10')
    console.progress('epoch 1/2', 3, 10, 'eta 0:07')
    console.say('[bold]as it is[/bold]')
    console.progress('  val', 0, 4)
    console.close()
    text = stream.getvalue()
    assert 'epoch 1/2' in text and '/10' in text and '[bold]as it is[/bold]' in text
    console.close()  # a second time does nothing
