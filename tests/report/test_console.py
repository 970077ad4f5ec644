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


def test_no_bar_where_there_is_no_terminal(plain):
    console, stream, _ = plain
    console.progress('epoch 1/2', 3, 10)
    console.close()
    assert stream.getvalue() == ''


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
