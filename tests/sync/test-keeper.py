# SPDX-License-Identifier: GPL-3.0-or-later
"""What an app has in its copy while it runs: news at once, patience, and who has the turn."""
import json
import os
import shutil
import time

from network import Keeper, Link, Person, wait_until
from harness import equal, run, test

people = {}


def somebody(server, login):
    """On a link of their own."""
    if login not in people:
        people[login] = Person(login, Link(server))
        people[login].sign_in(server)
    return people[login]


@test
def news_come_by_themselves(server):
    karen, jane = somebody(server, 'karen'), somebody(server, 'jane')
    with Keeper(jane) as keeper:
        keeper.wait('^online')
        number = karen.do('submit', '--topic', 'vpn', '--summary', 'News')
        wait_until(lambda: 'News' in jane.do('list'))
        # The command left reading to the app.
        equal(jane.see(number)['ticket']['number'], number)


@test
def whoever_has_the_turn_sends(server):
    jane = somebody(server, 'jane')
    with Keeper(jane) as keeper:
        keeper.wait('^online')
        number = jane.do('submit', '--topic', 'vpn', '--summary', 'By way of the app')
        assert number.isdigit(), number
        assert 'also' in jane.do('reply', number, 'also')
        jane.fail(4, '', 'transfer', number, '--department', 'nowhere')


@test
def what_was_filled_in_is_soon_found(server):
    ada, jane = somebody(server, 'ada'), somebody(server, 'jane')
    for n in range(6):
        ops = [server.op('tom', 'created', text=f'Number {n}, {i}.',
                         changes={'summary': 'One of many', 'topic': 'payroll'})
               for i in range(100)]
        server.submit('tom', *ops)
    with Keeper(jane) as keeper:
        keeper.wait('^online')
        # Another department: everything is filled in anew, and several steps make it findable, each
        # of which wakes the app that takes it.
        ada.do('person', 'edit', 'jane', '--department', 'support', '--department', 'staff-it')
        keeper.wait('unindexed=[1-9]')
        keeper.wait('^online .*unindexed=0')
        ada.do('person', 'edit', 'jane', '--department', 'support')


@test
def what_an_app_has_open_is_not_deleted(server):
    tom = somebody(server, 'tom')
    with Keeper(tom) as keeper:
        keeper.wait('^online')
        tom.fail(1, 'close it first', 'logout', '--forget')
        number = tom.do('submit', '--topic', 'vpn', '--summary', 'Still here')
        assert number.isdigit(), number


@test
def being_offline_is_waited_out(server):
    jane = somebody(server, 'jane')
    with Keeper(jane) as keeper:
        keeper.wait('^online')
        jane.link.cut()
        keeper.wait('^offline .*cannot be reached')
        began = time.monotonic()
        uid = jane.fail(5, 'kept here', 'submit', '--topic', 'vpn', '--summary', 'Patience').out
        assert time.monotonic() - began < 5, 'a command waits although the app knows better'
        keeper.wait('^offline .*waiting=1')
        jane.link.mend()
        keeper.say('retry')
        keeper.wait('^online .*waiting=0')
        assert jane.see(uid)['ticket']['number'].isdigit()


def count_ops(link):
    return link.asked.count(b'POST /v1/ops')


@test
def a_busy_desk_is_left_alone_for_as_long_as_it_says(server):
    jane = somebody(server, 'jane')
    for status, retry_after in (503, b'4'), (429, b'4'):
        with Keeper(jane) as keeper:
            keeper.wait('^online')
            jane.link.busy = status, retry_after
            before = count_ops(jane.link)
            uid = jane.fail(5, 'is busy', 'submit', '--topic', 'vpn', '--summary', 'Rush').out
            keeper.wait('^busy .*waiting=1 .*is busy')
            began = time.monotonic()
            equal(count_ops(jane.link), before + 1)
            jane.link.busy = None
            keeper.wait('^online .*waiting=0')
            assert 3 < time.monotonic() - began < 8, time.monotonic() - began
            equal(count_ops(jane.link), before + 2)
            assert jane.see(uid)['ticket']['number'].isdigit()
    # A command by itself has no time to wait, and says so.
    jane.link.busy = 503, b'Fri, 01 Jan 2100 00:00:00 GMT'
    uid = jane.fail(5, 'is busy', 'submit', '--topic', 'vpn', '--summary', 'Rush').out
    jane.link.busy = None
    jane.do('sync')
    assert jane.see(uid)['ticket']['number'].isdigit()


@test
def it_comes_back_without_being_told(server):
    jane = somebody(server, 'jane')
    with Keeper(jane) as keeper:
        keeper.wait('^online')
        server.stop()
        keeper.wait('^offline')
        settings = server.settings
        server.settings = dict(settings, server={'listen': f'127.0.0.1:{server.port}'})
        server.start()
        keeper.wait('^online', 70)
        server.settings = settings


@test
def a_session_that_ended_waits_for_somebody(server):
    karen = somebody(server, 'karen')
    with Keeper(karen) as keeper:
        keeper.wait('^online')
        for session in server.get('ada', '/v1/sessions?of=everybody').json['sessions']:
            if session['person'] == server.uids['karen'] and session['via'] == 'cli':
                server.ask('ada', 'DELETE', '/v1/sessions/' + session['uid'])
        keeper.wait('^signed-out .*sign in again')
        karen.fail(5, 'sign in again', 'submit', '--topic', 'vpn', '--summary', 'Out')
        keeper.wait('waiting=1')
        karen.ctl('login', stdin='correct horse\n')
        keeper.say('retry')
        keeper.wait('^online .*waiting=0')


@test
def what_was_refused_is_there_for_its_author(server):
    jane, ada = somebody(server, 'jane'), somebody(server, 'ada')
    number = jane.do('submit', '--topic', 'vpn', '--summary', 'Twice changed')
    with Keeper(jane) as keeper:
        keeper.wait('^online')
        jane.link.cut()
        keeper.wait('^offline')
        jane.fail(5, 'kept here', 'set', number, '--priority', 'high')
        ada.do('set', number, '--priority', 'low')
        jane.link.mend()
        keeper.say('retry')
        keeper.wait('^online .*refused=1')
        keeper.say('refused')
        line = keeper.wait('^refused-op')
        equal(line.split()[2], 'conflict')
        keeper.say('drop ' + line.split()[1])
        keeper.wait('refused=0')
        equal(jane.do('outbox'), '')


@test
def a_long_upload_goes_on_where_it_was(server):
    karen, jane = somebody(server, 'karen'), somebody(server, 'jane')
    content = os.urandom(17 * 1024 * 1024)
    with open(karen.home + '/long.bin', 'wb') as file:
        file.write(content)
    with Keeper(karen) as keeper:
        keeper.wait('^online')
        karen.link.cut()
        keeper.wait('^offline')
        uid = karen.fail(5, 'kept here', 'submit', '--topic', 'vpn', '--summary', 'Long', '--attach',
                         karen.home + '/long.bin').out
        # No connection lives long enough for the whole of it.
        karen.link.cut_after = 9 * 1024 * 1024
        karen.link.mend()
        keeper.say('retry')
        keeper.wait('^online .*waiting=0', 60)
        karen.link.cut_after = None
        jane.do('attachment', uid, 'long.bin', '-o', jane.home + '/long.bin')
        equal(open(jane.home + '/long.bin', 'rb').read() == content, True)


@test
def what_was_read_here_is_read_everywhere(server):
    karen, jane = somebody(server, 'karen'), somebody(server, 'jane')
    number = karen.do('submit', '--topic', 'vpn', '--summary', 'Read')
    jane.do('show', number)
    with Keeper(jane) as keeper:
        keeper.wait('^online')
        uid = jane.see(number)['ticket']['uid']
        keeper.say(f'seen {uid} 1')
        wait_until(lambda: server.get('jane', '/v1/tickets/' + number).json['tickets'][0].get('seen_no') == 1)


@test
def a_desk_that_was_restored_gets_back_what_it_lost(server):
    karen, jane = somebody(server, 'karen'), somebody(server, 'jane')
    with Keeper(karen) as keeper:
        keeper.wait('^online')
        server.desk_backup = server.desk.path + '.older'
        server.stop()
        shutil.copy(server.desk.path, server.desk_backup)
        settings = server.settings
        server.settings = dict(settings, server={'listen': f'127.0.0.1:{server.port}'})
        server.start()
        keeper.say('retry')
        keeper.wait('^online', 70)
        with open(karen.home + '/lost.txt', 'w') as file:
            file.write('found again')
        number = karen.do('submit', '--topic', 'vpn', '--summary', 'Lost and found', '--details', 'twice',
                          '--attach', karen.home + '/lost.txt')
        jane.do('list')
        server.stop()
        for ending in ('-wal', '-shm'):
            if os.path.exists(server.desk.path + ending):
                os.unlink(server.desk.path + ending)
        shutil.copy(server.desk_backup, server.desk.path)
        server.start()
        server.settings = settings
        keeper.say('retry')
        wait_until(lambda: 'Lost and found' in jane.ctl('list').out, 70)
        found = [line for line in jane.do('list').splitlines() if 'Lost and found' in line]
        equal(len(found), 1)
        equal(jane.do('attachment', found[0].split()[0], 'lost.txt', '-o', '-'), 'found again')


run()
