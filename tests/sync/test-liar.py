# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands between people and their server and does not tell the truth: nobody waits for ever, nothing is lost."""
import gzip
import http.client
import http.server
import json
import threading
import time

from network import Person
from harness import equal, run, test

MIB = 1024 * 1024


class Liar:
    """Passes on what is asked, and says something else than what was answered."""

    def __init__(self, server):
        self.lies = {}               # (method, part of the path) → what becomes of (status, headers, body)
        self.asked = []
        liar = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'

            def carry(self):
                body = self.rfile.read(int(self.headers.get('Content-Length', 0)))
                liar.asked.append(f'{self.command} {self.path}')
                far = http.client.HTTPConnection(server.host, server.port, timeout=60)
                headers = {name: value for name, value in self.headers.items() if name.lower() not in ('host', 'accept-encoding')}
                far.request(self.command, self.path, body, headers)
                response = far.getresponse()
                answer = response.status, dict(response.headers), response.read()
                far.close()
                for (method, part), lie in liar.lies.items():
                    if method == self.command and part in self.path:
                        answer = lie(*answer)
                self.say(*answer)

            def say(self, status, headers, body):
                self.send_response(status)
                for name, value in headers.items():
                    if name.lower() not in ('content-length', 'connection', 'transfer-encoding', 'date', 'server'):
                        self.send_header(name, value)
                if callable(body):
                    self.send_header('Connection', 'close')
                    self.end_headers()
                    body(self.wfile)
                    self.close_connection = True
                    return
                self.send_header('Content-Length', str(len(body)))
                self.end_headers()
                if self.command != 'HEAD':
                    self.wfile.write(body)

            do_GET = do_POST = do_PUT = do_PATCH = do_HEAD = do_DELETE = carry

            def log_message(self, *words):
                pass

        self.far = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        self.far.handle_error = lambda *_: None
        self.url = f'http://127.0.0.1:{self.far.server_port}'
        threading.Thread(target=self.far.serve_forever, daemon=True).start()


people = {}


def karen(server):
    if not people:
        people['karen'] = Person('karen', Liar(server))
        people['karen'].sign_in(server)
        people['karen'].do('submit', '--topic', 'vpn', '--summary', 'Before the lies')
    return people['karen']


class lies:
    """About one thing, for as long as it lasts."""

    def __init__(self, person, **told):
        self.liar = person.link
        self.told = told

    def __enter__(self):
        self.liar.asked.clear()
        self.liar.lies = {tuple(place.split(' ')): lie for place, lie in self.told.items()}

    def __exit__(self, *rest):
        self.liar.lies = {}


def about(place, change):
    """Changes the JSON of an answer."""
    def lie(status, headers, body):
        return status, headers, json.dumps(change(json.loads(body))).encode()
    return {place: lie}


def instead(place, body, **headers):
    def lie(*_):
        return 200, {'Content-Type': 'application/json', **headers}, body
    return {place: lie}


@test
def pages_that_never_end_end(server):
    person = karen(server)
    with lies(person, **about('GET /v1/changes', lambda page: dict(page, more=True))):
        result = person.ctl('sync')
        equal((result.status, 'leads nowhere' in result.err), (3, True))
        assert len(person.link.asked) < 1000, len(person.link.asked)
    # At the same place each time, without anything in it or with something.
    for more in ({}, {'gone': ['01a20283-a66c-7000-b4a8-d8dd20cb8202']}):
        page = dict(server.changes('karen', server.fill('karen')[1]), more=True, **more)
        with lies(person, **instead('GET /v1/changes', json.dumps(page).encode())):
            result = person.ctl('sync')
            equal((result.status, 'leads nowhere' in result.err), (3, True))
            assert len(person.link.asked) < 20, len(person.link.asked)
    with lies(person, **about('GET /v1/changes', lambda page: {name: page[name] for name in page if name != 'next'})):
        equal(person.ctl('sync').status, 3)
    person.do('sync')


@test
def what_cannot_be_read_is_no_refusal(server):
    person = karen(server)
    for number, body in enumerate((b'{"results":"none"}', b'[' * 100000, b'{"results":[{"op":1}]}', b'\xff\xfe', b'')):
        with lies(person, **instead('POST /v1/ops', body)):
            person.fail(5, 'No desk answers at', 'submit', '--topic', 'vpn', '--summary', f'Unread {number}')
        person.do('sync')
        equal(person.do('outbox'), '')
    equal(len([line for line in person.do('list').splitlines() if 'Unread' in line]), 5)


@test
def an_answer_to_something_else_is_none(server):
    person = karen(server)
    uid = '01a20283-a66c-7000-b4a8-d8dd20cb8202'
    for results in ([], [{'op': uid, 'status': 'accepted'}] * 3):
        with lies(person, **about('POST /v1/ops', lambda answer: dict(answer, results=results))):
            person.fail(5, 'could not take anything in', 'submit', '--topic', 'vpn', '--summary', 'Elsewhere')
            equal(person.link.asked.count('POST /v1/ops'), 1)
        person.do('sync')
    equal(len([line for line in person.do('list').splitlines() if 'Elsewhere' in line]), 2)


@test
def a_history_that_never_comes_is_not_waited_for(server):
    person = karen(server)
    jane = Person('jane', person.link)
    jane.sign_in(server)
    number = person.do('submit', '--topic', 'vpn', '--summary', 'Gaps')
    for text in ('one', 'two', 'three'):
        jane.do('reply', number, text)

    def forget(page):
        for put in page.get('tickets', []):
            put['events'] = put['events'][-1:]
        return page

    with lies(person, **about('GET /v1/changes', forget), **about('GET /events', forget)):
        person.ctl('sync')
        asked = [line for line in person.link.asked if '/events' in line]
        assert 1 <= len(asked) <= 4, asked
    person.do('sync')
    equal(len(person.see(number)['events']), 4)


@test
def nobody_is_sent_elsewhere(server):
    person = karen(server)
    other = Liar(server)
    for place in ('GET /v1/changes', 'POST /v1/ops'):
        with lies(person, **{place: lambda *_: (307, {'Location': other.url + '/v1/changes'}, b'')}):
            result = person.ctl('submit', '--topic', 'vpn', '--summary', 'Sent on')
            assert 'sends its visitors to' in result.err, result
    equal(other.asked, [])
    person.do('sync')
    equal(len([line for line in person.do('list').splitlines() if 'Sent on' in line]), 2)


@test
def what_is_packed_small_is_not_unpacked_without_end(server):
    person = karen(server)
    bomb = gzip.compress(b' ' * (300 * MIB), 1)
    with lies(person, **instead('GET /v1/changes', bomb, **{'Content-Encoding': 'gzip'})):
        began = time.monotonic()
        result = person.ctl('sync')
        equal((result.status, 'more than it was asked for' in result.err), (3, True))
        assert time.monotonic() - began < 30
    person.do('sync')


@test
def what_only_drips_is_given_up(server):
    person = karen(server)

    def drip(output):
        try:
            for _ in range(120):
                output.write(b' ')
                output.flush()
                time.sleep(0.5)
        except OSError:
            pass

    with lies(person, **{'GET /v1/changes': lambda *_: (200, {'Content-Type': 'application/json'}, drip)}):
        began = time.monotonic()
        person.fail(5, 'answers too slowly', 'sync')
        assert 15 < time.monotonic() - began < 40
    person.do('sync')


@test
def what_breaks_off_is_asked_for_again(server):
    person = karen(server)
    person.do('sync')

    def half(status, headers, body):
        return status, dict(headers, **{'X': 'x'}), lambda output: output.write(body[:len(body) // 2])

    with lies(person, **{'GET /v1/changes': half}):
        assert person.ctl('sync').status != 0
    person.do('sync')


@test
def an_upload_is_where_it_is_said_to_be(server):
    person = karen(server)
    path = person.home + '/file.bin'
    with open(path, 'wb') as file:
        file.write(b'x' * (2 * MIB))
    # Something is under way …
    with lies(person, **{'PATCH /v1/uploads': lambda *_: (503, {}, b'')}):
        uid = person.fail(5, '', 'submit', '--topic', 'vpn', '--summary', 'Upload', '--attach', path).out
    # … and is said to be where it cannot be.
    for offset in ('-5', '99999999999', 'x', '9' * 40):
        with lies(person, **{'HEAD /v1/uploads': lambda status, headers, body: (204, {'Upload-Offset': offset}, b'')}):
            result = person.ctl('sync')
            equal((result.status, 'does not say how much' in result.err), (3, True))
    with lies(person, **{'HEAD /v1/uploads': lambda *_: (401, {}, b'')}):
        person.fail(3, 'sign in again', 'sync')
    person.do('sync')
    assert person.see(uid)['ticket']['number'].isdigit()


run()
