# SPDX-License-Identifier: GPL-3.0-or-later
"""deskbelld as a program: its settings, its sockets, TLS, proxies, ending, and the desk it holds."""
import glob
import hashlib
import http.client
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import threading
import time

import harness
from harness import DESKBELLCTL, DESKBELLD, Server, equal, read_answer, run, sign_in, test


def digest(path):
    with open(path, 'rb') as file:
        return hashlib.sha256(file.read()).hexdigest()


def daemon(*words, **options):
    return subprocess.run([DESKBELLD, *words], text=True, capture_output=True, timeout=20, **options)


@test
def settings_are_told_and_mistakes_named(server):
    told = daemon('--check-config', '--desk', 'x.desk', '--listen', '127.0.0.1:1', '--listen', '[::1]:2')
    equal(told.returncode, 0)
    assert '[desk]\npath=x.desk\n' in told.stdout, told.stdout
    assert 'listen=127.0.0.1:1;[::1]:2\n' in told.stdout, told.stdout
    path = os.path.join(server.desk.folder, 'bad.conf')
    for text, word in (('[server]\nlisen=1\n', 'lisen'), ('[limits]\nconnections=few\n', 'connections'), ('x', path)):
        with open(path, 'w') as file:
            file.write(text)
        told = daemon('--config', path, '--desk', 'x.desk')
        equal(told.returncode, 2)
        assert word in told.stderr and 'deskbelld: ' in told.stderr, told.stderr
    equal(daemon('--config', '/nowhere').returncode, 2)
    equal(daemon().returncode, 2)
    equal(daemon('--desk', 'x', 'y').returncode, 2)
    assert daemon('--version').stdout.startswith('deskbelld ')


@test
def what_cannot_be_served_is_named(server):
    for path in ('/proc/version', '/nowhere/team.desk', server.desk.folder):
        told = daemon('--desk', path, '--listen', '127.0.0.1:0')
        equal(told.returncode, 3)
        assert 'deskbelld: ' in told.stderr.splitlines()[-1], told.stderr
    told = daemon('--desk', server.desk.path, '--listen', f'127.0.0.1:{server.port}')
    assert 'listen' in told.stderr, told.stderr


@test
def a_copy_of_a_served_desk_is_not_served(server):
    home = os.path.join(server.desk.folder, 'home')
    environment = dict(os.environ, HOME=home, XDG_DATA_HOME=home, XDG_STATE_HOME=home,
                       DBUS_SESSION_BUS_ADDRESS='disabled:')
    subprocess.run([DESKBELLCTL, '--desk', server.url, '--as', 'karen', 'login'], check=True,
                   input='correct horse\n', text=True, env=environment, capture_output=True)
    copy, = glob.glob(home + '/deskbell/replicas/**/*.desk', recursive=True)
    before = digest(copy)
    told = daemon('--desk', copy, '--listen', '127.0.0.1:0')
    equal(told.returncode, 3)
    assert 'copy of a desk' in told.stderr and 'serve the desk itself' in told.stderr, told.stderr
    equal(digest(copy), before)
    # It is as good as before.
    subprocess.run([DESKBELLCTL, '--desk', server.url, '--as', 'karen', 'sync'], check=True, env=environment,
                   capture_output=True)


@test
def a_desk_that_it_makes_is_its_own(server):
    path = os.path.join(server.desk.folder, 'new.desk')
    with subprocess.Popen([DESKBELLD, '--desk', path, '--listen', '127.0.0.1:0'], text=True, umask=0o022,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        while not process.stdout.readline().startswith('Serving at'):
            assert process.poll() is None, process.returncode
        modes = {name: oct(os.stat(name).st_mode & 0o777) for name in glob.glob(path + '*')
                 if not name.endswith('-served')}
        process.terminate()
    equal(modes.pop(path + '-uploads', '0o700'), '0o700')
    equal(set(modes.values()), {'0o600'})


@test
def an_upload_under_way_is_taken_in(_):
    server = Server()
    content = os.urandom(3 << 20)
    digest_of = hashlib.sha256(content).hexdigest()
    upload = server.post('jane', '/v1/uploads', {'sha256': digest_of, 'size_bytes': len(content)}).json['upload']
    connection = server.connect()
    connection.sendall(f'PATCH /v1/uploads/{upload} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {server.tokens["jane"]}\r\n'
                       f'Content-Type: application/offset+octet-stream\r\nUpload-Offset: 0\r\n'
                       f'Content-Length: {len(content)}\r\n\r\n'.encode() + content[:1 << 20])
    time.sleep(0.3)
    server.process.send_signal(signal.SIGTERM)
    time.sleep(1)
    assert server.process.poll() is None, 'the server did not wait for the rest'
    connection.sendall(content[1 << 20:])
    equal(read_answer(connection)[0], 204)
    connection.close()
    equal(server.process.wait(20), 0)
    server.process.stdout.close()
    server.start()
    # It is whole: it can be referred to.
    ticket = server.file_ticket('karen')['uid']
    server.write('jane', ticket, 'reply', 'See', attachments=[
        {'name': 'a', 'type': 'text/plain', 'size_bytes': len(content), 'sha256': digest_of}])
    equal(server.get('jane', f'/v1/tickets/{ticket}/attachments/{digest_of}').body, content)
    server.close()


@test
def others_are_sent_to_the_server(server):
    told = server.desk.ctl('--as', 'ada', 'topic', 'add', 'locked', check=False)
    equal(told.returncode, 3)
    assert server.url in told.stderr, told.stderr
    for words in (['topic', 'list'], ['check'], ['backup', server.desk.path + '.backup']):
        equal(server.desk.ctl('--as', 'ada', *words).returncode, 0)
    told = daemon('--desk', server.desk.path, '--listen', '127.0.0.1:0')
    equal(told.returncode, 3)
    assert server.url in told.stderr, told.stderr
    server.stop()
    equal(server.desk.ctl('--as', 'ada', 'topic', 'add', 'unlocked').returncode, 0)
    server.start()


@test
def a_long_poll_is_answered_when_the_server_ends(server):
    _, cursor = server.fill('karen')
    got = []
    waiting = threading.Thread(target=lambda: got.append(server.changes('karen', cursor, wait=30)))
    waiting.start()
    time.sleep(0.5)
    equal(server.stop(), 0)
    waiting.join()
    equal(got[0]['tickets'], [])
    server.start()
    equal(server.changes('karen', got[0]['next'])['tickets'], [])


@test
def what_is_under_way_is_answered_and_kept(server):
    accepted, lock = [], threading.Lock()

    def work():
        while True:
            op = server.op('karen', 'created', text='x', changes={'summary': 'Under way', 'topic': 'vpn'})
            try:
                answer = server.post('karen', '/v1/ops', {'ops': [op]}, check=False)
            except (ConnectionError, http.client.HTTPException, OSError):
                return
            if answer.status != 200:
                equal(answer.status, 503)
                return
            with lock:
                accepted.append(op)

    workers = [threading.Thread(target=work) for _ in range(8)]
    for worker in workers:
        worker.start()
    time.sleep(1)
    equal(server.stop(), 0)
    for worker in workers:
        worker.join()
    server.start()
    assert accepted
    for start in range(0, len(accepted), 100):
        results = server.submit('karen', *accepted[start:start + 100])
        equal({result['status'] for result in results}, {'replayed'})


@test
def figures_are_told_to_this_computer(server):
    text = server.get(None, '/metrics').body.decode()
    for line in text.splitlines():
        assert re.fullmatch(r'# (HELP|TYPE) deskbell_\w+ .*|deskbell_\w+({[^}]*})? [0-9.e+-]+', line), line
    names = re.findall(r'^(deskbell_\w+)', text, re.M)
    for name in ('deskbell_requests_total', 'deskbell_request_seconds_bucket', 'deskbell_ops_total',
                 'deskbell_feed_pages_total', 'deskbell_oldest_outbox_seconds', 'deskbell_connections'):
        assert name in names, name
    assert 'route="/v1/tickets/{ref}"' in text or 'route="/v1/ops"' in text


@test
def a_disk_without_room_is_named(server):
    equal(server.get(None, '/readyz').body, b'ready\n')
    equal(server.get(None, '/healthz').body, b'ok\n')


@test
def a_connection_serves_many_requests(server):
    connection = server.open_connection()
    headers = {'Authorization': 'Bearer ' + server.tokens['karen'], 'Content-Type': 'application/json'}
    for method, path, body in [('GET', '/v1/session', None), ('GET', '/v1/tickets/nope', None),
                               ('POST', '/v1/ops', b'{"ops": []}')] * 20:
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        response.read()
        assert response.getheader('Connection') != 'close', (path, response.status)
    connection.close()
    raw = server.connect()
    request = f'GET /v1/session HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {server.tokens["karen"]}\r\n\r\n'
    raw.sendall(request.encode() * 5)
    raw.settimeout(5)
    got = b''
    while got.count(b'HTTP/1.1 200') < 5:
        got += raw.recv(65536)
    raw.close()


# --- sockets ---

def ask(connection):
    connection.sendall(b'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n')
    answer = harness.read_answer(connection)
    connection.close()
    return answer[0]


def ask_unix(path):
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(path)
    return ask(connection)


@test
def a_socket_file_is_for_a_proxy_on_this_computer(server):
    path = os.path.join(server.desk.folder, 'socket')
    own = subprocess.Popen([DESKBELLD, '--desk', server.desk.path + '.unix', '--listen', 'unix:' + path], text=True,
                           stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    while not own.stdout.readline().startswith('Serving at'):
        pass
    equal(ask_unix(path), 200)
    own.kill()
    own.wait()
    own.stdout.close()
    # What a killed server left is no hindrance.
    own = subprocess.Popen([DESKBELLD, '--desk', server.desk.path + '.unix', '--listen', 'unix:' + path], text=True,
                           stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    while not own.stdout.readline().startswith('Serving at'):
        pass
    equal(ask_unix(path), 200)
    own.terminate()
    equal(own.wait(), 0)
    own.stdout.close()
    assert not os.path.exists(path)


def serve_given_socket(server, listener):
    """Started as systemd does, with @listener as descriptor 3."""
    kept = os.dup(3)
    os.dup2(listener.fileno(), 3)
    own = subprocess.Popen(['sh', '-c', 'LISTEN_PID=$$ LISTEN_FDS=1 exec "$0" "$@"', DESKBELLD, '--desk',
                            server.desk.path + '.socket'], text=True, pass_fds=[3], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    os.dup2(kept, 3)
    os.close(kept)
    line = ''
    while not line.startswith('Serving at'):
        line = own.stdout.readline()
    return own, line.split()[-1]


def end(own):
    own.terminate()
    equal(own.wait(), 0)
    own.stdout.close()


@test
def systemd_hands_a_socket_over(server):
    with socket.create_server(('127.0.0.1', 0)) as listener:
        address = listener.getsockname()
        own, url = serve_given_socket(server, listener)
        equal(url, f'http://127.0.0.1:{address[1]}')
        equal(ask(socket.create_connection(address)), 200)
        end(own)
        # The socket is systemd's: whoever comes meanwhile is served by the next.
        early = socket.create_connection(address)
        own, _ = serve_given_socket(server, listener)
        equal(ask(early), 200)
        end(own)


@test
def systemd_keeps_its_socket_file(server):
    path = os.path.join(server.desk.folder, 'given')
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()
        for _ in range(2):
            own, _ = serve_given_socket(server, listener)
            equal(ask_unix(path), 200)
            end(own)
            assert os.path.exists(path)


@test
def it_ends_well_however_much_goes_on(server):
    """Streams are woken and requests come in while it ends."""
    own = Server(settings={'limits': {'connections_per_address': 4096}})
    headers = f'Host: x\r\nAuthorization: Bearer {own.tokens["karen"]}\r\n\r\n'
    _, cursor = own.fill('karen')

    def ask_on(connection):
        try:
            for _ in range(2000):
                connection.sendall(b'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n')
                harness.read_answer(connection)
        except OSError:
            pass

    for _ in range(10):
        connections = [own.connect() for _ in range(40)]
        for connection in connections[8:]:
            connection.sendall(f'GET /v1/stream?since={cursor} HTTP/1.1\r\n{headers}'.encode())
        threads = [threading.Thread(target=ask_on, args=(connection,)) for connection in connections[:8]]
        for thread in threads:
            thread.start()
        time.sleep(0.1)
        equal(own.stop(), 0)
        for connection in connections:
            connection.close()
        for thread in threads:
            thread.join()
        own.start()
    own.close()


# --- proxies and TLS ---

@test
def the_service_is_hardened(server):
    unit = os.path.join(harness.BUILD, 'data/deskbelld.service')
    analyze = shutil.which('systemd-analyze')
    if analyze is None:
        return
    told = subprocess.run([analyze, 'security', '--offline=yes', '--no-pager', unit], text=True,
                          capture_output=True).stdout
    exposure = float(re.search(r'exposure level for deskbelld.service: ([0-9.]+)', told).group(1))
    assert exposure <= 1.5, told
    with open(unit) as file:
        assert int(re.search(r'LimitNOFILE=(\d+)', file.read()).group(1)) >= 20000


@test
def a_base_path_may_stay_or_go(server):
    own = Server(settings={'server': {'base_path': '/help/desk'}})
    try:
        assert own.url.endswith('/help/desk')
        equal(own.get('karen', '/v1/session').status, 200)
        created = own.post('karen', '/v1/tickets', {'summary': 'x', 'text': 'x', 'topic': 'vpn'})
        assert created.headers['Location'].startswith('/help/desk/v1/tickets/'), created.headers
        own.base = ''
        equal(own.get('karen', '/v1/session').status, 200)
        own.base = '/help'
        equal(own.get('karen', '/v1/session', check=False).status, 404)
    finally:
        own.base = '/help/desk'
        own.close()


def last_address(own):
    return re.findall(r'event=request .*address=(\S+)', own.read_log())[-1]


@test
def only_trusted_proxies_say_for_whom_they_ask(server):
    own = Server(settings={'server': {'trusted_proxies': '127.0.0.1;10.0.0.0/8'}})
    try:
        for header, expected in (('192.0.2.7', '192.0.2.7'), ('203.0.113.5, 192.0.2.7', '192.0.2.7'), ('192.0.2.7, 10.1.2.3', '192.0.2.7'),
                                 ('10.1.1.1, 10.1.2.3', '10.1.1.1'), ('nonsense', '127.0.0.1'), ('2001:db8::1', '2001:db8::1')):
            own.get('karen', '/v1/session', headers={'X-Forwarded-For': header})
            time.sleep(0.05)
            equal(last_address(own), expected)
        equal(own.get(None, '/metrics', headers={'X-Forwarded-For': '192.0.2.7'}).status, 404)
    finally:
        own.close()
    server.get('karen', '/v1/session', headers={'X-Forwarded-For': '192.0.2.7'})
    time.sleep(0.05)
    equal(last_address(server), '127.0.0.1')


@test
def tls_is_spoken_with_a_certificate(server):
    folder = server.desk.folder
    certificate, key = os.path.join(folder, 'cert.pem'), os.path.join(folder, 'key.pem')
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
                    '-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', certificate],
                   check=True, capture_output=True)
    own = Server(sign_in=False, settings={'server': {'certificate': certificate, 'key': key}})
    try:
        assert own.url.startswith('https://'), own.url
        context = ssl.create_default_context(cafile=certificate)
        connection = http.client.HTTPSConnection(own.host, own.port, context=context, timeout=20)
        for _ in range(3):
            connection.request('GET', '/healthz')
            response = connection.getresponse()
            equal((response.status, response.read()), (200, b'ok\n'))
        connection.request('POST', '/v1/setup', json.dumps(sign_in('ada', code=own.code)), {'Content-Type': 'application/json'})
        equal(connection.getresponse().status, 201)
        connection.close()
        with open(certificate, 'w') as file:
            file.write('no certificate')
        own.stop()
        told = daemon('--config', own.write_config())
        equal(told.returncode, 3)
        assert 'certificate' in told.stderr, told.stderr
    finally:
        own.close()


if __name__ == '__main__':
    run()
