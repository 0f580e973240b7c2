# SPDX-License-Identifier: GPL-3.0-or-later
"""A server that is restored from an older backup, while three people work: everything comes back, once."""
import os
import signal
import subprocess

from agreement import compare, drain, read_texts
from network import Keeper, Link, Person, wait_until
from harness import DESKBELLCTL, equal, run, test

people = {}
BEFORE = ('Before the backup', 'Noted before', 'Answered before')


def ctl_on_file(server, *words):
    """As the administrator does it, on the server itself."""
    done = subprocess.run([DESKBELLCTL, '--desk', server.desk.path, '--as', 'ada', *words], text=True,
                          capture_output=True, env=dict(os.environ, XDG_STATE_HOME=server.desk.folder))
    equal((done.returncode, done.stderr), (0, ''))


def write(path, content):
    with open(path, 'w') as file:
        file.write(content)
    return path


def go_on_working(karen, jane, tom):
    """What the backup does not have; each text is to be there once in the end."""
    old = people['number']
    paper = write(karen.home + '/paper.txt', 'of which there is no other copy')
    new = karen.do('submit', '--topic', 'vpn', '--summary', 'After the backup', '--details', 'Karen after 1', '--attach', paper)
    jane.do('reply', new, 'Jane after 2')
    jane.do('note', old, 'Jane after 3')
    jane.do('set', new, '--priority', 'high')
    karen.do('reply', new, 'Karen after 4')
    tom.do('submit', '--topic', 'vpn', '--summary', 'Tom after', '--details', 'Tom after 5')
    # Somebody has this only on their own computer when it happens.
    tom.link.cut()
    tom.fail(5, '', 'submit', '--topic', 'vpn', '--summary', 'Tom offline', '--details', 'Tom after 6')
    return [f'Karen after {n}' for n in (1, 4)] + [f'Jane after {n}' for n in (2, 3)] + [f'Tom after {n}' for n in (5, 6)]


@test
def a_desk_that_was_restored_gets_everything_back_once(server):
    server.restart()
    server.settings = dict(server.settings, server={'listen': f'127.0.0.1:{server.port}'})
    for login in ('karen', 'jane', 'tom'):
        people[login] = Person(login, Link(server))
        people[login].sign_in(server)
    karen, jane, tom = (people[login] for login in ('karen', 'jane', 'tom'))
    people['number'] = karen.do('submit', '--topic', 'vpn', '--summary', BEFORE[0], '--details', BEFORE[0])
    jane.do('note', people['number'], BEFORE[1])
    jane.do('reply', people['number'], BEFORE[2])
    tom.do('list')
    backup = os.path.join(server.desk.folder, 'last-night.backup')
    ctl_on_file(server, 'backup', backup)
    # Jane's app is open all the time, and she is the first to come back.
    with Keeper(jane) as keeper:
        keeper.wait('^online')
        texts = go_on_working(karen, jane, tom)
        server.stop(signal.SIGKILL)
        ctl_on_file(server, 'restore', backup)
        server.start()
        equal(read_texts(server, 'ada').count('Karen after 1'), 0)
        keeper.say('retry')
        keeper.wait('^online', 70)
        wait_until(lambda: jane.ctl('sync').status == 0, 70)
        tom.link.mend()
        for person in (karen, tom):
            person.do('sync')
        wait_until(lambda: set(texts) <= set(read_texts(server, 'ada')), 70)
        drain(jane)
    for person in (karen, jane, tom):
        person.do('sync')
        drain(person)
        compare(server, person)
    there = read_texts(server, 'ada')
    equal({text: there.count(text) for text in texts}, {text: 1 for text in texts})
    new = next(ticket for ticket in karen.see_all() if ticket['summary'] == 'After the backup')
    equal(new['priority'], 'high')


@test
def a_file_is_brought_again(server):
    """It was on the server only as long as that was not restored."""
    jane = people['jane']
    new = next(ticket for ticket in jane.see_all() if ticket['summary'] == 'After the backup')
    out = jane.home + '/again.txt'
    jane.do('attachment', new['number'], 'paper.txt', '--output', out)
    with open(out) as file:
        equal(file.read(), 'of which there is no other copy')


run()
