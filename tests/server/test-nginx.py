# SPDX-License-Identifier: GPL-3.0-or-later
"""Behind nginx, under a path of its own, with TLS: data/deskbell.nginx as an administrator installs it."""
import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time

import harness
from harness import Server, equal, run, test

NGINX = shutil.which('nginx') or shutil.which('nginx', path='/usr/sbin')
SAMPLE = os.path.join(os.environ.get('DESKBELL_SOURCE', os.path.join(os.path.dirname(__file__), '../..')), 'data/deskbell.nginx')


def find_port():
    with socket.create_server(('127.0.0.1', 0)) as listener:
        return listener.getsockname()[1]


class Behind(Server):
    """The server, asked through nginx."""

    def start(self):
        super().start()
        self.direct_port = self.port
        self.port = find_port()
        folder = self.desk.folder
        self.certificate = os.path.join(folder, 'cert.pem')
        key = os.path.join(folder, 'key.pem')
        subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
                        '-subj', '/CN=help.example.org', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', self.certificate],
                       check=True, capture_output=True)
        with open(SAMPLE) as file:
            site = file.read()
        for old, new in (('listen 443 ssl', f'listen 127.0.0.1:{self.port} ssl'), ('127.0.0.1:8080', f'127.0.0.1:{self.direct_port}'),
                         ('/etc/ssl/certs/help.example.org.pem', self.certificate), ('/etc/ssl/private/help.example.org.key', key)):
            assert old in site, old
            site = site.replace(old, new)
        # Asked from this computer too, nginx has to be somebody else to be told apart.
        site = site.replace('location /desk/ {', 'location /desk/ {\n    proxy_bind 127.0.0.2;')
        path = os.path.join(folder, 'nginx.conf')
        temporary = ''.join(f'{name}_temp_path {folder}/{name};\n' for name in ('client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'))
        with open(path, 'w') as file:
            file.write(f'{"user root;" if os.geteuid() == 0 else ""}\ndaemon off;\npid {folder}/nginx.pid;\nerror_log {folder}/nginx.log;\nevents {{}}\n'
                       f'http {{\naccess_log off;\n{temporary}{site}\n}}\n')
        self.nginx = subprocess.Popen([NGINX, '-e', f'{folder}/nginx.log', '-p', folder, '-c', path], stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while True:
            try:
                self.connect().close()
                return
            except ConnectionError:
                assert time.monotonic() < deadline, open(f'{folder}/nginx.log').read()
                time.sleep(0.05)

    def stop(self, how=harness.signal.SIGTERM):
        self.nginx.terminate()
        self.nginx.wait(10)
        return super().stop(how)

    def open_connection(self):
        context = ssl.create_default_context(cafile=self.certificate)
        return http.client.HTTPSConnection(self.host, self.port, timeout=70, context=context)


def make():
    return Behind(settings={'server': {'base_path': '/desk', 'trusted_proxies': '127.0.0.2'}})


@test
def everything_works_through_the_proxy(server):
    ticket = server.file_ticket('karen')['uid']
    server.write('jane', ticket, 'reply', 'Through two servers')
    page = server.get('karen', f'/v1/tickets/{ticket}/events').json
    equal([event['kind'] for event in page['tickets'][0]['events']], ['created', 'reply'])
    created = server.post('karen', '/v1/tickets', {'summary': 'x', 'text': 'x', 'topic': 'vpn'})
    equal(server.get('karen', created.headers['Location'].removeprefix('/desk')).status, 200)


@test
def the_log_names_who_asks_and_nobody_else_can(server):
    server.get('karen', '/v1/session', headers={'X-Forwarded-For': '203.0.113.9'})
    time.sleep(0.1)
    equal(re.findall(r'event=request .*address=(\S+)', server.read_log())[-1], '127.0.0.1')
    equal(server.get(None, '/metrics').status, 404)


@test
def large_bodies_and_files_pass(server):
    content = os.urandom(9 << 20)
    digest = server.upload('karen', content)
    op = server.op('karen', 'created', text='x' * (1 << 20), changes={'summary': 'Large', 'topic': 'vpn'},
                   attachments=[{'name': 'a', 'type': 'b', 'size_bytes': len(content), 'sha256': digest}])
    equal(server.submit('karen', op)[0]['status'], 'accepted')
    equal(server.get('karen', f'/v1/tickets/{op["ticket"]}/attachments/{digest}').body, content)


@test
def news_come_at_once(server):
    ticket = server.file_ticket('karen')['uid']
    _, cursor = server.fill('karen')
    connection = server.open_connection()
    connection.request('GET', f'/desk/v1/stream?since={cursor}', headers={'Authorization': 'Bearer ' + server.tokens['karen']})
    response = connection.getresponse()
    equal(response.readline(), b':\n')
    equal(response.readline(), b'\n')
    started = time.monotonic()
    threading.Timer(0.3, server.write, ('jane', ticket, 'reply', 'News')).start()
    equal(response.readline(), b'event: head\n')
    assert time.monotonic() - started < 5
    connection.close()
    cursor = server.changes('karen', cursor)['next']
    writing = threading.Timer(0.3, server.write, ('jane', ticket, 'reply', 'More'))
    writing.start()
    page = server.changes('karen', cursor, wait=30)
    writing.join()
    equal([event['text'] for event in page['tickets'][0]['events']], ['More'])


if __name__ == '__main__':
    if NGINX is None:
        print('1..0 # SKIP nginx is not installed')
        sys.exit(0)
    run(make)
