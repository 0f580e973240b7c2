# SPDX-License-Identifier: GPL-3.0-or-later
"""People at computers of their own, and a network between them and the server that can be cut."""
import atexit
import json
import os
import re
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../server'))
import harness

AGENTS = ('ada', 'jane', 'john')
KEEP_IN_STEP = os.path.join(harness.BUILD, 'tests/sync/keep-in-step')


def refuse(status, retry_after):
    """As a proxy does it whose server has enough to do."""
    return (b'HTTP/1.1 %d Not Now\r\nRetry-After: %s\r\nContent-Type: text/html\r\n'
            b'Content-Length: 9\r\nConnection: close\r\n\r\n<p>no</p>'
            % (status, retry_after))


class Link:
    """Between clients and a server: forwards bytes, as long as it is whole."""

    def __init__(self, server):
        self.server = server
        self.whole = True
        self.lose_answer_to = None   # b'POST /v1/ops': the next such request is answered, in vain
        self.cut_after = None        # bytes towards the server, of each connection
        self.busy = None             # (503, b'20'): how each request is answered, for how long
        self.pause_secs = 0          # after each piece, as on a slow line
        self.pause = 0               # seconds, for each piece towards the server
        self.sent = 0                # bytes towards the server, of all
        self.streams = 'pass'        # or 'hold' what they say, or 'cut' them at their first word
        self.asked = []              # what was asked for: b'GET /v1/stream'
        self.connections = set()
        self.lock = threading.Lock()
        self.listener = socket.create_server(('127.0.0.1', 0), backlog=100)
        self.url = 'http://127.0.0.1:%d' % self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.carry, args=(client,), daemon=True).start()

    def carry(self, client):
        try:
            if not self.whole:
                return
            with socket.create_connection((self.server.host, self.server.port)) as far:
                with self.lock:
                    self.connections.update((client, far))
                self.pass_on(client, far)
        except OSError:
            pass
        finally:
            client.close()

    def pass_on(self, client, far):
        lose = False
        sent = 0
        streams = False
        while self.whole:
            for end in select.select([client, far], [], [], 1)[0]:
                data = end.recv(65536)
                if not data or (end is far and lose):
                    return
                time.sleep(self.pause_secs)
                if end is far and streams and self.streams == 'hold':
                    continue
                if end is client:
                    asked = re.match(rb'[A-Z]+ [^ ?]+', data)
                    if asked:
                        self.asked.append(asked.group())
                        streams = asked.group() == b'GET /v1/stream'
                        if self.busy:
                            client.sendall(refuse(*self.busy))
                            return
                    if self.lose_answer_to and self.lose_answer_to in data:
                        self.lose_answer_to = None
                        lose = True
                    sent += len(data)
                    self.sent += len(data)
                    time.sleep(self.pause)
                (far if end is client else client).sendall(data)
                if self.cut_after and sent > self.cut_after:
                    return
                if end is far and streams and self.streams == 'cut':
                    return

    def cut(self):
        self.whole = False
        with self.lock:
            for connection in self.connections:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
            self.connections.clear()

    def mend(self):
        self.whole = True


class Result:
    def __init__(self, done):
        self.status = done.returncode
        self.out = done.stdout.strip()
        self.err = done.stderr.strip()

    @property
    def json(self):
        return json.loads(self.out)

    def __repr__(self):
        return f'{self.status} {self.out!r} {self.err!r}'


class Person:
    """Somebody at a computer of their own."""

    def __init__(self, login, link):
        self.login = login
        self.link = link
        self.home = tempfile.mkdtemp(prefix='deskbell-sync-')
        atexit.register(shutil.rmtree, self.home, ignore_errors=True)
        self.environment = dict(os.environ, HOME=self.home, XDG_DATA_HOME=self.home + '/data',
                                XDG_STATE_HOME=self.home + '/state', LC_ALL='C.UTF-8', TZ='UTC',
                                TMPDIR=self.home, DBUS_SESSION_BUS_ADDRESS='disabled:')
        self.environment.pop('DESKBELL_DESK', None)

    def start(self, *words, desk=None):
        return subprocess.Popen([harness.DESKBELLCTL, '--desk', desk or self.link.url, '--as', self.login, *words],
                                env=self.environment, text=True, stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def ctl(self, *words, stdin='', desk=None):
        process = self.start(*words, desk=desk)
        process.stdout_text, process.stderr_text = process.communicate(stdin, timeout=120)
        return Result(subprocess.CompletedProcess(words, process.returncode, process.stdout_text,
                                                  process.stderr_text))

    def interrupt(self, seconds, *words):
        """Kills the command, unless it is done by then."""
        process = self.start(*words)
        try:
            process.communicate('', timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()

    def do(self, *words, stdin=''):
        """What has to succeed, without a word to standard error; what it printed."""
        result = self.ctl(*words, stdin=stdin)
        if result.status != 0 or result.err:
            raise AssertionError(f'{self.login}: {words}: {result}')
        return result.out

    def fail(self, status, part, *words, stdin=''):
        result = self.ctl(*words, stdin=stdin)
        if result.status != status or part not in result.err or result.err.count('\n'):
            raise AssertionError(f'{self.login}: {words}: {result}, not {status} and “{part}”')
        return result

    def sign_in(self, server):
        """With the password that the harness gave everybody."""
        return self.do('login', stdin='correct horse\n')

    def see(self, ticket):
        return json.loads(self.do('--json', 'show', ticket))

    def see_all(self):
        """Everything that is here."""
        view = 'all' if self.login in AGENTS else 'filed'
        return json.loads(self.do('--json', 'list', '--view', view, '--limit', '0'))

    def numbers(self, view='all'):
        return sorted(int(ticket['number']) for ticket in
                      json.loads(self.do('--json', 'list', '--view', view, '--limit', '0')))


class Keeper:
    """An app that keeps somebody's copy in step."""

    def __init__(self, person):
        self.process = subprocess.Popen([KEEP_IN_STEP, person.link.url, person.login],
                                        env=person.environment, text=True, bufsize=1,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.lines = []
        self.changed = threading.Condition()
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            with self.changed:
                self.lines.append(line.strip())
                self.changed.notify_all()

    def wait(self, pattern, seconds=20):
        """For a line that matches, from now on or the last one."""
        until = time.monotonic() + seconds
        with self.changed:
            looked = max(0, len(self.lines) - 1)
            while True:
                for line in self.lines[looked:]:
                    if re.search(pattern, line):
                        return line
                looked = len(self.lines)
                if not self.changed.wait(until - time.monotonic()):
                    raise AssertionError(f'no {pattern} in {self.lines[-5:]}')

    def say(self, word):
        self.process.stdin.write(word + '\n')
        self.process.stdin.flush()

    def kill(self):
        self.process.kill()
        self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, kind, *rest):
        self.say('quit')
        status = self.process.wait(20)
        assert kind or status == 0, f'the keeper ended with {status}'


def wait_until(condition, seconds=20):
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            raise AssertionError('it did not come to that in time')
        time.sleep(0.05)
