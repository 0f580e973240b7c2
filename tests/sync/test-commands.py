# SPDX-License-Identifier: GPL-3.0-or-later
"""deskbellctl on a desk that a server has: signing in, writing, being offline, being refused."""
import http.server
import json
import os
import re
import ssl
import subprocess
import tempfile
import threading
import time

from network import Link, Person
from harness import equal, run, test

people = {}


def somebody(server, login):
    if 'link' not in people:
        people['link'] = Link(server)
    if login not in people:
        people[login] = Person(login, people['link'])
        people[login].sign_in(server)
    return people[login]


def file_ticket(person, summary, *options):
    return person.do('submit', '--topic', 'vpn', '--summary', summary, *options)


@test
def who_has_not_signed_in_is_told_how(server):
    person = Person('karen', Link(server))
    person.fail(3, 'deskbellctl login', 'list')
    person.fail(2, 'line of standard input', 'login')
    person.fail(1, 'Check your login and password', 'login', stdin='wrong horse\n')
    result = person.ctl('login', stdin='x\n', desk='http://desk.example.org')
    equal((result.status, 'use https://' in result.err), (3, True))


@test
def the_token_is_nobodys_business(server):
    person = somebody(server, 'karen')
    folder = person.home + '/state/deskbell/tokens'
    equal([oct(os.stat(os.path.join(folder, name)).st_mode & 0o777) for name in os.listdir(folder)], ['0o600'])
    token = open(os.path.join(folder, os.listdir(folder)[0])).read()
    for root, _, names in os.walk(person.home + '/data'):
        for name in names:
            assert token.encode() not in open(os.path.join(root, name), 'rb').read(), name


@test
def the_copy_is_nobodys_business(server):
    person = somebody(server, 'karen')
    person.do('list')
    equal(oct(os.stat(person.home + '/data/deskbell/replicas').st_mode & 0o777), '0o700')
    # The stamp is empty.
    files = [os.path.join(root, name) for folder in ('data', 'state')
             for root, _, names in os.walk(os.path.join(person.home, folder)) for name in names
             if not name.endswith('-stamp')]
    assert {'.account', '.desk'} <= {os.path.splitext(name)[1] for name in files}, files
    for name in files:
        equal((name, oct(os.stat(name).st_mode & 0o777)), (name, '0o600'))


@test
def what_one_files_the_other_answers(server):
    karen, jane = somebody(server, 'karen'), somebody(server, 'jane')
    number = file_ticket(karen, 'The tunnel is closed', '--details', 'Since noon')
    assert number.isdigit(), number
    assert 'reply, public' in jane.do('reply', number, 'Which one?')
    jane.do('note', number, 'she means the new one')
    jane.do('claim', number)
    seen = karen.see(number)
    equal([event['text'] for event in seen['events'] if 'text' in event], ['Since noon', 'Which one?'])
    equal([event['text'] for event in jane.see(number)['events'] if 'text' in event],
          ['Since noon', 'Which one?', 'she means the new one'])
    assert number in karen.do('search', 'tunnel')
    for root, _, names in os.walk(karen.home):
        for name in names:
            assert b'she means' not in open(os.path.join(root, name), 'rb').read(), name


@test
def the_rules_of_the_desk_are_told_at_once(server):
    karen = somebody(server, 'karen')
    number = file_ticket(karen, 'Rules')
    karen.fail(1, '', 'note', number, 'I may not')
    karen.fail(4, '', 'show', '999999')
    karen.fail(2, 'for desk files', 'backup', 'x')
    equal(karen.do('outbox'), '')


@test
def what_is_written_offline_is_kept_and_sent_once(server):
    karen, jane = somebody(server, 'karen'), somebody(server, 'jane')
    number = file_ticket(karen, 'Before')
    karen.link.cut()
    try:
        karen.fail(5, 'kept here', 'reply', number, 'from the train')
        uid = karen.fail(5, 'kept here', 'submit', '--topic', 'vpn', '--summary', 'In the tunnel').out
        result = karen.ctl('list')
        equal(result.status, 0)
        assert 'In the tunnel' in result.out and 'cannot be reached' in result.err, result
        assert 'from the train' in karen.ctl('show', number).out
        karen.fail(5, 'cannot be reached', 'sync')
        equal(len(karen.do('outbox').splitlines()), 2)
    finally:
        karen.link.mend()
    karen.do('sync')
    equal(karen.do('outbox'), '')
    ticket = karen.see(uid)['ticket']
    assert ticket['number'].isdigit(), ticket
    equal([event['text'] for event in jane.see(number)['events'] if 'text' in event], ['from the train'])


@test
def an_answer_that_is_lost_is_no_second_ticket(server):
    karen, jane = somebody(server, 'karen'), somebody(server, 'jane')
    before = len(jane.numbers())
    karen.link.lose_answer_to = b'POST /v1/ops'
    uid = karen.fail(5, 'kept here', 'submit', '--topic', 'vpn', '--summary', 'Once').out
    equal(len(jane.numbers()), before + 1)
    karen.do('sync')
    equal(len(jane.numbers()), before + 1)
    equal(karen.see(uid)['ticket']['summary'], 'Once')


@test
def who_comes_second_is_told_and_decides(server):
    jane, ada = somebody(server, 'jane'), somebody(server, 'ada')
    number = file_ticket(jane, 'Priorities')
    jane.do('show', number)
    jane.link.cut()
    try:
        jane.fail(5, 'kept here', 'set', number, '--priority', 'high')
    finally:
        jane.link.mend()
    # Another computer of the network reaches the server.
    ada.do('set', number, '--priority', 'low')
    equal(ada.see(number)['ticket']['priority'], 'low')
    assert 'refused' in jane.do('sync')
    line = jane.do('outbox')
    assert 'refused' in line, line
    uid = line.split()[0]
    assert 'high' in jane.do('outbox', 'retry', uid)
    equal(ada.see(number)['ticket']['priority'], 'high')
    equal(jane.do('outbox'), '')


@test
def what_nobody_wants_any_more_is_dropped(server):
    jane, ada = somebody(server, 'jane'), somebody(server, 'ada')
    number = file_ticket(jane, 'Dropped')
    jane.link.cut()
    try:
        jane.fail(5, 'kept here', 'set', number, '--priority', 'high')
    finally:
        jane.link.mend()
    ada.do('set', number, '--priority', 'low')
    jane.do('sync')
    uid = jane.do('outbox').split()[0]
    jane.fail(1, 'waits to be sent', 'logout', '--forget')
    jane.do('outbox', 'drop', uid)
    jane.fail(4, 'Nothing refused', 'outbox', 'drop', uid)
    equal(jane.see(number)['ticket']['priority'], 'low')


@test
def files_go_both_ways(server):
    karen, jane = somebody(server, 'karen'), somebody(server, 'jane')
    content = os.urandom(6 * 1024 * 1024 + 7)
    for name, data in (('big.bin', content), ('none.txt', b'')):
        with open(os.path.join(karen.home, name), 'wb') as file:
            file.write(data)
    number = file_ticket(karen, 'Files', '--attach', karen.home + '/big.bin', '--attach', karen.home + '/none.txt')
    copy = jane.home + '/copy.bin'
    jane.do('attachment', number, 'big.bin', '-o', copy)
    equal(open(copy, 'rb').read() == content, True)
    jane.link.cut()
    try:
        os.unlink(copy)
        # It is here by now, the other one is not.
        equal(jane.ctl('attachment', number, 'big.bin', '-o', copy).status, 0)
        equal(open(copy, 'rb').read() == content, True)
        equal(jane.ctl('attachment', number, 'none.txt', '-o', copy).status, 5)
    finally:
        jane.link.mend()
    jane.do('attachment', number, 'none.txt', '-o', copy)
    equal(os.path.getsize(copy), 0)


@test
def files_that_nobody_uses_make_room(server):
    karen, jane = somebody(server, 'karen'), somebody(server, 'jane')
    names = ['one.bin', 'two.bin', 'three.bin']
    for name in names:
        with open(os.path.join(karen.home, name), 'wb') as file:
            file.write(os.urandom(700 * 1024))
    number = file_ticket(karen, 'Room', *(word for name in names for word in ('--attach', f'{karen.home}/{name}')))
    with open(os.path.join(jane.home, 'own.bin'), 'wb') as file:
        file.write(os.urandom(700 * 1024))
    jane.do('show', number)
    jane.link.cut()
    reply = jane.ctl('reply', number, 'waits', '--attach', jane.home + '/own.bin')
    equal(reply.status, 5)
    jane.link.mend()
    # What somebody is looking at is there, however little is kept.
    jane.environment['DESKBELL_KEEP_MIB'] = '0'
    jane.do('attachment', number, 'three.bin', '-o', jane.home + '/three.bin')
    os.unlink(jane.home + '/three.bin')
    jane.environment['DESKBELL_KEEP_MIB'] = '2'
    try:
        for name in ('one.bin', 'two.bin'):
            jane.do('attachment', number, name, '-o', jane.home + '/' + name)
            time.sleep(1.1)
        # The older one is used again, so the other one goes.
        os.unlink(jane.home + '/one.bin')
        jane.do('attachment', number, 'one.bin', '-o', jane.home + '/one.bin')
        time.sleep(1.1)
        jane.do('attachment', number, 'three.bin', '-o', jane.home + '/three.bin')
    finally:
        del jane.environment['DESKBELL_KEEP_MIB']
    jane.link.cut()
    here = [name for name in names if jane.ctl('attachment', number, name, '-o', jane.home + '/again-' + name).status == 0]
    jane.link.mend()
    equal(here, ['one.bin', 'three.bin'])
    # The limit for new files is none for those that are there.
    ada = somebody(server, 'ada')
    ada.do('desk', 'edit', '--attachment-limit-bytes', '1000')
    try:
        jane.do('attachment', number, 'two.bin', '-o', jane.home + '/two-again.bin')
    finally:
        ada.do('desk', 'edit', '--attachment-limit-bytes', str(25 * 1024 * 1024))
    # What is its author's own is never given up.
    jane.do('attachment', number, 'own.bin', '-o', jane.home + '/own-again.bin')
    equal(open(jane.home + '/own-again.bin', 'rb').read(), open(jane.home + '/own.bin', 'rb').read())


@test
def a_file_that_was_attached_offline_follows(server):
    karen, jane = somebody(server, 'karen'), somebody(server, 'jane')
    with open(os.path.join(karen.home, 'later.txt'), 'w') as file:
        file.write('written in the tunnel')
    karen.link.cut()
    uid = karen.fail(5, 'kept', 'submit', '--topic', 'vpn', '--summary', 'Later', '--attach', karen.home + '/later.txt').out
    karen.link.mend()
    karen.do('sync')
    equal(jane.do('attachment', uid, 'later.txt', '-o', '-'), 'written in the tunnel')


@test
def a_session_that_ended_loses_nothing(server):
    karen, ada = somebody(server, 'karen'), somebody(server, 'ada')
    number = file_ticket(karen, 'Signed out')
    for line in ada.do('session', 'list', '--all').splitlines():
        if ' karen ' in line:
            ada.do('session', 'end', line.split()[0])
    karen.fail(5, 'sign in again', 'reply', number, 'still here')
    equal(len(karen.do('outbox').splitlines()), 1)
    karen.sign_in(server)
    equal(karen.do('outbox'), '')
    equal(karen.see(number)['events'][-1]['text'], 'still here')


@test
def the_desk_is_kept_from_anywhere(server):
    ada, jane = somebody(server, 'ada'), somebody(server, 'jane')
    ada.do('department', 'add', 'garage', '--label', 'Garage')
    assert 'Garage' in jane.do('department', 'list')
    jane.fail(1, '', 'department', 'add', 'attic')
    ada.do('person', 'add', 'eve', '--name', 'Eve')
    ada.do('person', 'edit', 'eve', '--role', 'agent', '--department', 'garage')
    assert 'garage' in jane.do('person', 'list', 'eve')
    code = re.search(r'code +(\S+)', ada.do('session', 'invite', 'eve')).group(1)
    eve = Person('eve', ada.link)
    eve.fail(1, 'at least 8', 'login', '--code', code, stdin='short\n')
    assert 'Eve' in eve.do('login', '--code', code, stdin='long enough\n')
    eve.fail(1, '', 'login', '--code', code, stdin='long enough\n')
    token = jane.do('session', 'token', 'robot')
    equal(server.get(token, '/v1/session').json['session']['via'], 'api')
    number = jane.do('submit', '--topic', 'vpn', '--summary', 'For Tom', '--for', 'tom')
    equal(somebody(server, 'tom').see(number)['ticket']['summary'], 'For Tom')
    ada.do('person', 'remove', 'eve')
    eve.fail(3, 'sign in again', 'sync')


@test
def signing_out_leaves_nothing_behind(server):
    tom = Person('tom', Link(server))
    tom.sign_in(server)
    tom.do('list')
    tom.do('logout', '--forget')
    equal([name for _, _, names in os.walk(tom.home) for name in names if name.endswith('.desk')], [])
    tom.fail(3, 'deskbellctl login', 'list')


@test
def a_certificate_has_to_be_trusted(server):
    folder = tempfile.mkdtemp()
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost',
                    '-keyout', folder + '/key', '-out', folder + '/certificate'], check=True, capture_output=True)
    far = http.server.HTTPServer(('127.0.0.1', 0), http.server.BaseHTTPRequestHandler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder + '/certificate', folder + '/key')
    far.socket = context.wrap_socket(far.socket, server_side=True)
    threading.Thread(target=far.serve_forever, daemon=True).start()
    person = Person('karen', Link(server))
    result = person.ctl('login', stdin='correct horse\n', desk='https://localhost:%d' % far.server_port)
    equal(result.status, 3)
    assert 'signed by nobody' in result.err, result
    far.shutdown()


@test
def what_is_no_desk_is_told_so(server):
    class Page(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            where = self.path.startswith('/moved')
            self.send_response(302 if where else 200)
            if where:
                self.send_header('Location', 'https://elsewhere.example.org/')
            self.end_headers()
            self.wfile.write(b'<html>Welcome')

        def log_message(self, *words):
            pass

    far = http.server.HTTPServer(('127.0.0.1', 0), Page)
    threading.Thread(target=far.serve_forever, daemon=True).start()
    person = Person('karen', Link(server))
    address = 'http://127.0.0.1:%d' % far.server_port
    for path, part in (('', 'No desk answers'), ('/moved', 'elsewhere.example.org')):
        result = person.ctl('login', stdin='correct horse\n', desk=address + path)
        equal(result.status, 3)
        assert part in result.err, result
    far.shutdown()


@test
def a_password_is_changed_by_a_command(server):
    tom = Person('tom', Link(server))
    tom.sign_in(server)
    elsewhere = Person('tom', tom.link)
    elsewhere.sign_in(server)
    tom.fail(1, 'old password', 'password', stdin='wrong\nstaple battery\n')
    tom.fail(1, 'at least 8', 'password', stdin='correct horse\nshort\n')
    tom.fail(2, 'A password is needed', 'password', stdin='correct horse\n')
    assert 'signed out' in tom.do('password', stdin='correct horse\nstaple battery\n')
    tom.do('sync')
    elsewhere.fail(3, 'sign in again', 'sync')
    elsewhere.do('login', stdin='staple battery\n')
    assert 'signed out' not in tom.do('password', '--keep-sessions', stdin='staple battery\ncorrect horse\n')
    elsewhere.do('sync')


@test
def a_private_department_looks_the_same_before_and_after(server):
    """The topic's is not told to requesters, who see the desk's: what is foreseen stays so."""
    karen = Person('karen', Link(server))
    karen.sign_in(server)
    karen.link.cut()

    def find(summary):
        row, = [row for row in json.loads(karen.ctl('--json', 'list').out) if row['summary'] == summary]
        return row['topic'], row.get('department')

    for topic in ('payroll', 'vpn'):
        karen.fail(5, 'kept here', 'submit', '--topic', topic, '--summary', 'About ' + topic)
    foreseen = [find('About payroll'), find('About vpn')]
    assert 'staff-it' not in str(foreseen), foreseen
    karen.link.mend()
    karen.do('sync')
    equal([find('About payroll'), find('About vpn')], foreseen)


run()
