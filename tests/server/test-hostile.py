# SPDX-License-Identifier: GPL-3.0-or-later
"""What no client of ours sends: slow, huge, crooked, forged, far too many."""
import json
import random
import re
import resource
import socket
import time

from harness import Server, equal, new_uid, read_answer, run, sign_in, test

STRICT = {'limits': {'request_secs': 2, 'idle_secs': 3, 'requests_per_minute': 0}}


def make_strict():
    return Server(settings=STRICT)


def send(server, text):
    connection = server.connect()
    try:
        connection.sendall(text.encode('latin-1') if isinstance(text, str) else text)
        connection.settimeout(10)
        return read_answer(connection)
    except (ConnectionError, TimeoutError):
        return 0, b''
    finally:
        connection.close()


def is_alive(server):
    equal(server.get('karen', '/v1/session').status, 200)


def becomes_alive(server):
    """Sooner or later: it has to notice first who has gone."""
    for _ in range(50):
        try:
            is_alive(server)
            return
        except OSError:
            time.sleep(0.2)
    is_alive(server)


def wait_for_end(connection, secs):
    """How long until the other side hangs up."""
    started = time.monotonic()
    connection.settimeout(secs)
    try:
        while connection.recv(4096):
            pass
    except ConnectionError:
        pass
    return time.monotonic() - started


@test
def a_slow_head_is_cut(server):
    connection = server.connect()
    connection.sendall(b'GET /healthz HTTP/1.1\r\n')
    started = time.monotonic()
    try:
        for _ in range(100):
            connection.sendall(b'X-Slow: 1\r\n')
            time.sleep(0.2)
    except ConnectionError:
        pass
    assert time.monotonic() - started < 8
    connection.close()


@test
def a_slow_first_line_is_cut(server):
    connection = server.connect()
    started = time.monotonic()
    try:
        for sign in 'GET /' + 'x' * 100:
            connection.sendall(sign.encode())
            time.sleep(0.2)
    except ConnectionError:
        pass
    assert time.monotonic() - started < 8
    connection.close()


@test
def a_slow_body_is_cut(server):
    connection = server.connect()
    connection.sendall(f'POST /v1/ops HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {server.tokens["karen"]}\r\n'
                       'Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{'.encode())
    started = time.monotonic()
    try:
        for _ in range(100):
            connection.sendall(b' ')
            time.sleep(0.2)
    except ConnectionError:
        pass
    assert time.monotonic() - started < 8
    connection.close()


@test
def an_idle_connection_is_closed(server):
    connection = server.connect()
    assert wait_for_end(connection, 15) < 8
    connection.close()


@test
def a_long_poll_is_not_idle(server):
    _, cursor = server.fill('karen')
    equal(server.get('karen', f'/v1/changes?since={cursor}&wait=6').status, 200)


@test
def an_answer_that_nobody_takes_does_not_hold_the_server_up(server):
    connections = []
    for _ in range(20):
        connection = server.connect()
        connection.sendall(b'GET /v1/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n' * 50)
        connections.append(connection)
    is_alive(server)
    for connection in connections:
        connection.close()


@test
def a_body_over_the_limit_is_refused_unread(server):
    head = ('POST /v1/ops HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n'
            f'Authorization: Bearer {server.tokens["karen"]}\r\nContent-Length: {1 << 30}\r\n\r\n')
    equal(send(server, head)[0], 413)
    equal(send(server, head.replace('/v1/ops', '/v1/login'))[0], 413)


@test
def a_stranger_sends_no_large_body(server):
    head = ('POST /v1/ops HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n'
            'Content-Length: 1000000\r\n\r\n')
    equal(send(server, head)[0], 401)


@test
def a_chunked_body_over_the_limit_is_cut(server):
    connection = server.connect()
    connection.sendall(b'POST /v1/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n'
                       b'Transfer-Encoding: chunked\r\n\r\n')
    sent = 0
    try:
        for _ in range(1000):
            connection.sendall(b'10000\r\n' + b' ' * 65536 + b'\r\n')
            sent += 65536
    except ConnectionError:
        pass
    assert sent < 32 << 20, sent
    connection.close()
    is_alive(server)


@test
def crooked_requests_are_refused(server):
    for text in ('GET\r\n\r\n', '\r\n\r\n\r\n', 'GET / HTTP/9.9\r\n\r\n', 'GET http://other/ HTTP/1.1\r\nHost: x\r\n\r\n',
                 'GET /healthz HTTP/1.1\r\n\r\n', '\x00\x01\x02\x03' * 100, 'A' * 100000,
                 'GET /' + 'a' * 100000 + ' HTTP/1.1\r\nHost: x\r\n\r\n',
                 'GET /healthz HTTP/1.1\r\nHost: x\r\n' + 'X: ' + 'a' * 100000 + '\r\n\r\n',
                 'GET /healthz HTTP/1.1\r\nHost: x\r\n' + 'X: y\r\n' * 10000 + '\r\n',
                 'POST /v1/login HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n',
                 'POST /v1/login HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999999\r\n\r\n',
                 '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'):
        status, _ = send(server, text)
        assert status == 0 or 400 <= status < 600, (text[:60], status)
    is_alive(server)


@test
def paths_do_not_lead_astray(server):
    for path in ('/../etc/passwd', '/v1/../../etc/passwd', '/v1/%2e%2e/%2e%2e/etc/passwd', '/v1//session', '//v1/session',
                 '/v1/session/', '/v1/session%00', '/v1/sess%69on%zz', '/v1/%', '/v1/%f', '/v1/\xff', '/v1/%ff', '/%0d%0aX:%20y',
                 '/v1/tickets/%2e%2e%2f%2e%2e', '/' + '/'.join('a' * 30), '/v1/session?a=%00', '/v1/session?a=1&a=2', '/V1/SESSION',
                 '/v1/tickets/1/attachments/../../../session', '*', '?', ''):
        status, body = send(server, f'GET {path or "/"} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {server.tokens["karen"]}\r\n\r\n')
        assert status in (0, 400, 404, 405, 422), (path, status, body)
    # What is decoded once is the same path.
    equal(send(server, f'GET /v1/sess%69on HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {server.tokens["karen"]}\r\n\r\n')[0], 200)


@test
def no_header_can_be_smuggled_into_an_answer(server):
    ref = '1%0d%0aSet-Cookie:%20a=b'
    answer = server.get('karen', f'/v1/tickets/{ref}')
    assert answer.status in (400, 404, 422), answer
    assert 'Set-Cookie' not in answer.headers
    for name in ('Idempotency-Key', 'If-Match', 'Range', 'X-Forwarded-For', 'Upload-Offset'):
        answer = send(server, f'GET /v1/session HTTP/1.1\r\nHost: x\r\n{name}: a\rSet-Cookie: b\r\n\r\n')
        assert b'Set-Cookie' not in answer[1]


@test
def a_log_line_cannot_be_forged(server):
    send(server, 'GET /healthz HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: a event=forged\r\n\r\n')
    send(server, 'FORGE"\x7f HTTP/1.1\r\nHost: x\r\n\r\n')
    for line in server.read_log().splitlines():
        assert line.startswith('event='), line
        assert not line.startswith('event=forged')


@test
def bad_json_is_named(server):
    for text in (b'', b'{', b'null', b'[]', b'"x"', b'{"ops":', b'{"ops": {}}', b'{"ops": [1]}', b"{'ops': []}", b'{"ops": []} x',
                 b'[' * 100000, b'{"a":' * 100000, b'\xff\xfe', b'{"ops": [], "ops": 1}', b'{"device": 1, "ops": []}',
                 b'{"ops": [{"uid": "x"}]}', b'1' * 100000, b'{"ops": [NaN]}', b'/* */ {"ops": []}', b'{"\\u0000": 1}'):
        answer = server.ask('karen', 'POST', '/v1/ops', text, {'Content-Type': 'application/json'})
        assert answer.status in (200, 400, 422), (text[:50], answer)
        if answer.status == 200:
            equal(answer.json['results'], [])
    is_alive(server)


@test
def wrong_types_in_every_member_are_refused(server):
    good = server.op('karen', 'created', text='x', changes={'summary': 'x', 'topic': 'vpn'}, target=new_uid(), via='app',
                     attachments=[{'name': 'a', 'type': 'b', 'size_bytes': 1, 'sha256': 'a' * 64}])
    bodies = {
        '/v1/ops': ('karen', {'device': 'x', 'ops': [good]}),
        '/v1/login': (None, sign_in('karen', device='crooked')),
        '/v1/setup': (None, sign_in('karen', code='x')),
        '/v1/uploads': ('karen', {'sha256': 'a' * 64, 'size_bytes': 1}),
        '/v1/sessions': ('jane', {'name': 'x'}),
        '/v1/tickets': ('karen', {'summary': 'x', 'text': 'x', 'topic': 'vpn', 'priority': 'low', 'status': 'open', 'attachments': []}),
        '/api/tickets.json': ('jane', {'email': 'a@b', 'name': 'x', 'subject': 'x', 'message': 'x', 'attachments': [{'a': 'data:,x'}]}),
    }
    for path, (who, body) in bodies.items():
        for place in list(places(body)):
            for value in (None, True, -1, 1.5, 1e300, 10 ** 30, '', 'x' * 70000, 'a\u0000b', '\ud800', [], {}, [[]], {'a': {}}):
                changed = json.loads(json.dumps(body))
                put(changed, place, value)
                text = json.dumps(changed).encode()
                answer = server.ask(who, 'POST', path, text, {'Content-Type': 'application/json'}, check=False)
                assert answer.status < 500, (path, place, value, answer)
    is_alive(server)


def places(value, path=()):
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in items:
        yield path + (key,)
        yield from places(member, path + (key,))


def put(value, path, member):
    for key in path[:-1]:
        value = value[key]
    value[path[-1]] = member


@test
def parameters_are_read_strictly(server):
    for path in ('/v1/tickets?limit=abc', '/v1/tickets?limit=-1', '/v1/tickets?limit=99999999999999999999', '/v1/tickets?limit=1.5',
                 '/v1/tickets?limit=', '/v1/tickets?view=department:', '/v1/search?q=x&limit=0',
                 '/v1/tickets?' + '&'.join(f'a{i}=1' for i in range(100))):
        answer = server.get('karen', path)
        assert answer.status in (200, 400, 422), (path, answer)
    for words in ('"', '*', 'a AND', 'NEAR(', '^x', "x' OR 1=1", '%00', '-' * 1000, '(' * 500, 'ä' * 500):
        from urllib.parse import quote
        answer = server.get('karen', '/v1/search?q=' + quote(words))
        assert answer.status in (200, 422), (words, answer)


@test
def tokens_of_others_and_none_at_all(server):
    token = server.tokens['karen']
    for wrong in ('', 'x', token[:-1], token + 'A', token[:-1] + ('A' if token[-1] != 'A' else 'B'), token.swapcase(), 'x' * 1000, '../../x'):
        equal(server.get(None, '/v1/session', headers={'Authorization': 'Bearer ' + wrong}).status, 401)
    equal(server.get(None, '/v1/session', headers={'Authorization': token}).status, 401)
    equal(server.get(None, '/v1/session', headers={'Authorization': 'Basic ' + token}).status, 401)


@test
def wrong_media_types_are_refused(server):
    for kind in ('text/plain', 'application/jsonx', 'application/x-www-form-urlencoded', ''):
        answer = server.ask('karen', 'POST', '/v1/ops', b'{"ops": []}', {'Content-Type': kind})
        equal(answer.status, 415)
    answer = server.ask('karen', 'POST', '/v1/ops', b'{"ops": []}', {'Content-Type': 'Application/JSON; charset=utf-8'})
    equal(answer.status, 200)


@test
def unknown_methods_name_the_known(server):
    answer = server.ask('karen', 'PUT', '/v1/session')
    equal((answer.status, answer.headers['Allow']), (405, 'GET'))
    for method in ('TRACE', 'CONNECT', 'OPTIONS', 'FROBNICATE'):
        status, _ = send(server, f'{method} /v1/session HTTP/1.1\r\nHost: x\r\n\r\n')
        assert status in (0, 400, 405, 501), (method, status)


@test
def a_clock_that_is_a_day_off_does_no_harm(server):
    for skew in (-86400, 86400, -10 ** 9, 10 ** 12):
        op = server.op('karen', 'created', text='x', changes={'summary': 'Skewed', 'topic': 'vpn'})
        op['at'] = max(0, int(time.time()) + skew)
        result = server.submit('karen', op)[0]
        equal(result['status'], 'accepted')
        event = result['put']['events'][0]
        assert event['at'] <= event['accepted_at']
        assert abs(event['accepted_at'] - time.time()) < 60


@test
def thousands_of_idle_connections_leave_room(server):
    crowd = Server(settings={'limits': {'connections': 400, 'connections_per_address': 100000, 'idle_secs': 60}})
    connections = []
    try:
        for _ in range(1000):
            connection = socket.socket()
            connection.setblocking(False)
            connection.connect_ex((crowd.host, crowd.port))
            connections.append(connection)
        started = time.monotonic()
        is_alive(crowd)
        assert time.monotonic() - started < 30
    finally:
        for connection in connections:
            connection.close()
        crowd.close()


@test
def ten_thousand_idle_connections_are_held(server):
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit[1], limit[1]))
    # Descriptors of ours and of the server's.
    n = min(10000, limit[1] - 1000)
    crowd = Server(settings={'limits': {'connections_per_address': 100000}})
    connections = []
    try:
        for _ in range(n):
            connections.append(crowd.connect())
        # Whoever connects is one of them, not the last one in a queue.
        for _ in range(20):
            is_alive(crowd)
        figures = crowd.get(None, '/metrics').body.decode()
        assert int(re.search(r'\ndeskbell_connections (\d+)', figures).group(1)) > n
    finally:
        for connection in connections:
            connection.close()
        crowd.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, limit)


@test
def one_address_has_its_share(server):
    narrow = Server(settings={'limits': {'connections_per_address': 10, 'idle_secs': 60}})
    connections = []
    try:
        for _ in range(10):
            connections.append(narrow.connect())
        time.sleep(0.3)
        try:
            with narrow.connect() as late:
                late.sendall(b'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n')
                equal(read_answer(late)[0], 0)
        except ConnectionError:
            pass
        for connection in connections:
            connection.close()
        connections = []
        becomes_alive(narrow)
    finally:
        for connection in connections:
            connection.close()
        narrow.close()


@test
def requests_are_limited_by_session(server):
    hasty = Server(settings={'limits': {'requests_per_minute': 60}})
    try:
        answers = [hasty.get('karen', '/v1/session') for _ in range(80)]
        throttled = [answer for answer in answers if answer.status == 429]
        assert throttled and int(throttled[0].headers['Retry-After']) > 0
        equal(hasty.get('jane', '/v1/session').status, 200)
    finally:
        hasty.close()


@test
def noise_does_not_bring_it_down(server):
    noise = random.Random(17)
    seeds = [b'GET /v1/session HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ' + server.tokens['karen'].encode() + b'\r\n\r\n',
             b'POST /v1/ops HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: Bearer ' + server.tokens['karen'].encode() + b'\r\nContent-Length: 11\r\n\r\n{"ops": []}']
    for _ in range(3):
        connections = []
        for _ in range(100):
            text = bytearray(noise.choice(seeds))
            for _ in range(noise.randint(1, 8)):
                place = noise.randrange(len(text))
                text[place:place + noise.randint(0, 3)] = bytes(noise.randrange(256) for _ in range(noise.randint(0, 4)))
            connections.append(server.connect())
            try:
                connections[-1].sendall(bytes(text))
                connections[-1].shutdown(socket.SHUT_WR)
            except OSError:
                pass
        for connection in connections:
            assert wait_for_end(connection, 20) < 15
            connection.close()
    is_alive(server)


if __name__ == '__main__':
    run(make_strict)
