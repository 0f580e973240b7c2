# SPDX-License-Identifier: GPL-3.0-or-later
"""The real server on a free port, people to talk to it, and results in TAP.

Everybody has one desk in common: karen and tom file tickets, jane works in support, john in
staff-it (which is private), ada keeps the desk. Every answer that any test gets is held against the
OpenAPI document that the same server gave out.
"""
import base64
import contextlib
import hashlib
import http.client
import json
import os
import re
import select
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import traceback
import uuid

import schema

BUILD = os.environ['DESKBELL_BUILD']
DESKBELLD = os.path.join(BUILD, 'src/daemon/deskbelld')
DESKBELLCTL = os.path.join(BUILD, 'src/cli/deskbellctl')

PEOPLE = {
    'ada': ['--role', 'administrator', '--name', 'Ada'],
    'jane': ['--role', 'agent', '--name', 'Jane', '--department', 'support', '--email', 'jane@example.org'],
    'john': ['--role', 'agent', '--name', 'John', '--department', 'staff-it', '--email', 'john@example.org'],
    'karen': ['--role', 'requester', '--name', 'Karen', '--email', 'karen@example.org'],
    'tom': ['--role', 'requester', '--name', 'Tom', '--email', 'tom@example.org'],
}
SETTINGS = {'limits': {'requests_per_minute': 0},
            'sign-in': {'password_memory_mib': 0, 'password_passes': 1, 'attempts_per_minute': 0,
                        'address_attempts_per_minute': 0}}


def new_uid():
    """A UUIDv7."""
    ms = int(time.time() * 1000)
    return str(uuid.UUID(int=(ms << 80) | (7 << 76) | (uuid.uuid4().int & ((1 << 76) - 1)) & ~(3 << 62) | (2 << 62)))


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def code(self):
        """Of a problem."""
        return self.json['type'].removeprefix('urn:deskbell:')

    def __repr__(self):
        return f'{self.status} {self.body[:300]!r}'


class Desk:
    """A desk file with everybody in it."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix='deskbell-server-')
        self.path = os.path.join(self.folder, 'team.desk')
        self.ctl('--as', 'ada', 'init')
        self.ctl('--as', 'ada', 'department', 'add', 'staff-it', '--label', 'Staff IT',
                 '--public', 'no')
        self.ctl('--as', 'ada', 'department', 'edit', 'support', '--public', 'yes')
        self.ctl('--as', 'ada', 'topic', 'add', 'vpn', '--label', 'VPN', '--department', 'support')
        self.ctl('--as', 'ada', 'topic', 'add', 'payroll', '--label', 'Payroll', '--department', 'staff-it')
        self.ctl('--as', 'ada', 'team', 'add', 'night', '--label', 'Night')
        for login, options in PEOPLE.items():
            if login != 'ada':
                self.ctl('--as', 'ada', 'person', 'add', login, *options)

    def ctl(self, *words, check=True):
        environment = dict(os.environ, XDG_STATE_HOME=self.folder, XDG_DATA_HOME=self.folder)
        return subprocess.run([DESKBELLCTL, '--desk', self.path, *words], check=check, text=True,
                              capture_output=True, env=environment)


    def change(self, sql):
        """What no program of ours does, while nobody serves it."""
        with contextlib.closing(sqlite3.connect(self.path)) as db, db:
            db.execute(sql)


class Server:
    def __init__(self, desk=None, settings=None, sign_in=True):
        self.desk = desk or Desk()
        self.settings = settings or {}
        self.tokens = {}
        self.uids = {}
        self.process = None
        self.document = None
        try:
            self.start()
            if sign_in:
                self.sign_everybody_in()
        except BaseException:
            self.give_up()
            raise

    # --- the program ---

    def write_config(self):
        path = os.path.join(self.desk.folder, 'deskbelld.conf')
        groups = {'desk': {'path': self.desk.path}, 'server': {'listen': '127.0.0.1:0'}}
        for part in (SETTINGS, self.settings):
            for group, values in part.items():
                groups.setdefault(group, {}).update(values)
        with open(path, 'w') as file:
            for group, values in groups.items():
                file.write(f'[{group}]\n' + ''.join(f'{key}={value}\n' for key, value in values.items()))
        return path

    def start(self):
        self.log = open(os.path.join(self.desk.folder, 'log'), 'a+')
        self.process = subprocess.Popen([DESKBELLD, '--config', self.write_config()], text=True,
                                        stdout=subprocess.PIPE, stderr=self.log)
        self.stopped = False
        self.code = self.login = None
        greeting = ''
        while not greeting.startswith('Serving at', greeting.rfind('\n', 0, -1) + 1):
            line = self.process.stdout.readline()
            if not line:
                self.process.wait(20)
                raise AssertionError(f'the server did not start ({self.process.returncode}): {self.read_log()[-2000:]}')
            greeting += line
        found = re.search(r'login +(\S+)\n +code +(\S+)', greeting)
        if found:
            self.login, self.code = found.groups()
        self.url = greeting.split()[-1]
        self.scheme, self.host, self.port, self.base = re.match(
            r'(https?)://([^:/]+):(\d+)(.*)', self.url).groups()
        self.port = int(self.port)

    def stop(self, how=signal.SIGTERM):
        self.stopped = True
        self.process.send_signal(how)
        status = self.process.wait(20)
        self.process.stdout.close()
        return status

    def restart(self, how=signal.SIGTERM):
        self.stop(how)
        self.start()

    def give_up(self):
        """A test that fails before it begins leaves nothing running."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.desk.folder)

    def close(self):
        """It ends well, unless a test has ended it."""
        status = self.process.poll()
        if status is None:
            status = self.stop()
        elif self.stopped:
            status = 0
        assert status == 0, f'the server ended with {status}: {self.read_log()[-2000:]}'
        self.log.close()
        shutil.rmtree(self.desk.folder)

    def read_log(self):
        """Lines about requests come a tenth of a second late."""
        if self.process.poll() is None:
            time.sleep(0.3)
        self.log.flush()
        with open(self.log.name) as file:
            return file.read()

    # --- asking ---

    def open_connection(self):
        return http.client.HTTPConnection(self.host, self.port, timeout=70)

    def ask(self, who, method, path, body=None, headers=None, check=True):
        """@who: a login, None, or a token of its own."""
        headers = dict(headers or {})
        if who is not None:
            headers.setdefault('Authorization', 'Bearer ' + self.tokens.get(who, who))
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            headers.setdefault('Content-Type', 'application/json')
        connection = self.open_connection()
        try:
            connection.request(method, self.base + path, body, headers)
            response = connection.getresponse()
            answer = Answer(response.status, response.headers, response.read())
        finally:
            connection.close()
        if check:
            self.hold_against_document(method, path, answer)
        return answer

    def get(self, who, path, **options):
        return self.ask(who, 'GET', path, **options)

    def post(self, who, path, body, **options):
        return self.ask(who, 'POST', path, body, **options)

    def hold_against_document(self, method, path, answer):
        if self.document is None:
            self.document = self.ask(None, 'GET', '/v1/openapi.json', check=False).json
        schema.check_answer(self.document, method, path, answer)

    # --- people ---

    def set_up(self, login, code, device=None):
        answer = self.post(None, '/v1/setup', sign_in(login, code=code, device=device))
        assert answer.status == 201, answer
        self.tokens[login] = answer.json['token']
        self.uids[login] = answer.json['me']['uid']

    def sign_everybody_in(self):
        self.set_up(self.login, self.code)
        people = json.loads(self.desk.ctl('--json', '--as', 'ada', 'person', 'list').stdout)
        for person in people:
            self.uids[person['login']] = person['uid']
            if person['login'] != self.login:
                answer = self.post('ada', f'/v1/people/{person["uid"]}/invitation', None)
                assert answer.status == 201, answer
                self.set_up(person['login'], answer.json['code'])

    # --- ops ---

    def op(self, who, kind, ticket=None, base=0, **more):
        op = {'uid': new_uid(), 'ticket': ticket or new_uid(), 'kind': kind, 'author': self.uids[who],
              'base': base, 'at': int(time.time())}
        changes = more.pop('changes', None)
        if changes:
            op['changes'] = [{'field': field, 'from': None, 'to': to} for field, to in changes.items()]
        op.update(more)
        return op

    def submit(self, who, *ops):
        answer = self.post(who, '/v1/ops', {'device': 'test-' + who, 'ops': list(ops)})
        assert answer.status == 200, answer
        return answer.json['results']

    def file_ticket(self, who, summary='The VPN is down', text='It says no.', topic='vpn', **more):
        op = self.op(who, 'created', text=text, changes={'summary': summary, 'topic': topic}, **more)
        result = self.submit(who, op)[0]
        assert result['status'] == 'accepted', result
        return result['put']['ticket']

    def write(self, who, ticket, kind, text=None, **more):
        """On top of what @who sees."""
        now = self.get(who, f'/v1/tickets/{ticket}').json['tickets'][0]['ticket']
        op = self.op(who, kind, ticket, now['no'], **more)
        if text is not None:
            op['text'] = text
        result = self.submit(who, op)[0]
        assert result['status'] == 'accepted', result
        return result

    # --- copies ---

    def fill(self, who):
        """All pages of a first fill, and the cursor to go on from."""
        pages = []
        path = '/v1/snapshot'
        while True:
            answer = self.get(who, path)
            assert answer.status == 200, answer
            pages.append(answer.json)
            if not answer.json.get('more'):
                return pages, answer.json['next']
            path = '/v1/snapshot?after=' + answer.json['next']

    def changes(self, who, since, wait=0):
        answer = self.get(who, f'/v1/changes?since={since}&wait={wait}')
        assert answer.status == 200, answer
        return answer.json

    def upload(self, who, content, piece=4 << 20):
        digest = hashlib.sha256(content).hexdigest()
        answer = self.post(who, '/v1/uploads', {'sha256': digest, 'size_bytes': len(content)})
        assert answer.status == 201, answer
        path = f'/v1/uploads/{answer.json["upload"]}'
        for offset in range(0, max(len(content), 1), piece):
            answer = self.ask(who, 'PATCH', path, content[offset:offset + piece],
                              {'Upload-Offset': str(offset),
                               'Content-Type': 'application/offset+octet-stream'})
            assert answer.status == 204, answer
        return digest

    def connect(self):
        """Raw, for what no client sends."""
        return socket.create_connection((self.host, self.port), timeout=70)


def sign_in(login, code=None, password='correct horse', device=None, via='app'):
    body = {'login': login, 'password': password,
            'device': {'id': device or 'test-' + login, 'name': 'Test', 'via': via}}
    if code:
        body['code'] = code
    return body


def read_answer(connection):
    """Of a raw connection: (status, body), (0, b'') when it is closed without one."""
    response = http.client.HTTPResponse(connection)
    try:
        response.begin()
        return response.status, response.read()
    except (http.client.HTTPException, ConnectionError):
        return 0, b''


# --- results ---

tests = []


def test(function):
    tests.append(function)
    return function


def run(make_server=Server):
    """Each test gets the same server; its name is its sentence."""
    print(f'1..{len(tests)}', flush=True)
    failed = 0
    server = make_server()
    try:
        for number, function in enumerate(tests, 1):
            name = function.__name__.replace('_', ' ')
            try:
                function(server)
                print(f'ok {number} {name}', flush=True)
            except Exception:
                failed += 1
                print(f'not ok {number} {name}')
                print(''.join('# ' + line + '\n' for line in traceback.format_exc(limit=-3).splitlines()), flush=True)
    finally:
        if failed:
            print(''.join('# ' + line + '\n' for line in server.read_log().splitlines()[-40:]))
        server.close()
    sys.exit(1 if failed else 0)


def equal(actual, expected):
    if actual == expected:
        return
    actual, expected = repr(actual), repr(expected)
    same = len(os.path.commonprefix([actual, expected]))
    start = max(0, same - 100)
    raise AssertionError(f'…{actual[start:same + 300]}\nis not\n…{expected[start:same + 300]}')
