# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens in a real Secret Service; and what becomes of people where there is none that opens."""
import atexit
import os
import shutil
import signal
import subprocess
import tempfile
import time

from network import Keeper, Link, Person, wait_until
from harness import equal, run, test

PASSWORD = 'open sesame'


class Session:
    """A session bus, and whom it has."""

    def __init__(self):
        self.home = tempfile.mkdtemp(prefix='deskbell-keyring-')
        self.processes = []
        atexit.register(self.end)
        runtime = self.home + '/run'
        os.mkdir(runtime, 0o700)
        self.environment = dict(os.environ, HOME=self.home, XDG_RUNTIME_DIR=runtime, XDG_DATA_HOME=self.home + '/data',
                                LC_ALL='C.UTF-8')
        for name in ('DISPLAY', 'WAYLAND_DISPLAY', 'GNOME_KEYRING_CONTROL'):
            self.environment.pop(name, None)
        # Nobody is started because somebody calls: each test says who is there.
        config = self.home + '/bus.conf'
        with open(config, 'w') as file:
            file.write('<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen>'
                       '<policy context="default"><allow send_destination="*" eavesdrop="true"/>'
                       '<allow eavesdrop="true"/><allow own="*"/></policy></busconfig>')
        bus = self.start('dbus-daemon', '--config-file=' + config, '--nofork', '--print-address=1')
        self.address = bus.stdout.readline().strip()
        self.environment['DBUS_SESSION_BUS_ADDRESS'] = self.address

    def start(self, *words, stdin=None):
        process = subprocess.Popen(words, env=self.environment, text=True, stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL, stdin=subprocess.PIPE if stdin is not None else subprocess.DEVNULL)
        self.processes.append(process)
        if stdin is not None:
            process.stdin.write(stdin)
            process.stdin.close()
        return process

    def run_keyring(self, *words, stdin=''):
        process = self.start('gnome-keyring-daemon', '--foreground', '--components=secrets', *words, stdin=stdin)
        self.wait_for_service()
        return process

    def wait_for_service(self):
        until = time.monotonic() + 10
        while 'org.freedesktop.secrets' not in self.names():
            assert time.monotonic() < until, 'no Secret Service came'
            time.sleep(0.05)

    def call(self, name, path, method, *words):
        return subprocess.run(['gdbus', 'call', '--session', '--dest', name, '--object-path', path,
                               '--method', method, *words], check=True, text=True, capture_output=True,
                              env=self.environment, timeout=30).stdout

    def names(self):
        return self.call('org.freedesktop.DBus', '/', 'org.freedesktop.DBus.ListNames')

    def lock(self):
        self.call('org.freedesktop.secrets', '/org/freedesktop/secrets', 'org.freedesktop.Secret.Service.Lock',
                  "[objectpath '/org/freedesktop/secrets/collection/login']")

    def look_up(self, person):
        done = subprocess.run(['secret-tool', 'search', '--all', 'xdg:schema', 'org.deskbell.Token', 'address', person.link.url],
                              env=self.environment, text=True, capture_output=True, timeout=30)
        return [line.split(' = ')[1] for line in done.stdout.splitlines() if line.startswith('secret = ')]

    def end(self):
        for process in reversed(self.processes):
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
            process.wait()
        shutil.rmtree(self.home, ignore_errors=True)


def somebody(server, login, session):
    person = Person(login, Link(server))
    person.environment['DBUS_SESSION_BUS_ADDRESS'] = session.address
    person.environment['XDG_RUNTIME_DIR'] = session.home + '/run'
    return person


def tokens_in_files(person):
    folder = person.home + '/state/deskbell/tokens'
    return os.listdir(folder) if os.path.isdir(folder) else []


@test
def the_token_is_in_the_keyring_until_one_signs_out(server):
    session = Session()
    session.run_keyring('--unlock', stdin=PASSWORD)
    karen = somebody(server, 'karen', session)
    out = karen.sign_in(server)
    assert 'keyring' not in out, out
    equal(tokens_in_files(karen), [])
    token, = session.look_up(karen)
    equal(server.get(token, '/v1/session').json['me']['login'], 'karen')
    assert karen.do('submit', '--topic', 'vpn', '--summary', 'From the keyring').isdigit()
    karen.do('logout')
    equal(session.look_up(karen), [])
    equal(server.get(token, '/v1/session', check=False).status, 401)
    karen.fail(3, 'sign in again', 'sync')
    session.end()


@test
def a_keyring_that_stays_locked_is_told_and_done_without(server):
    session = Session()
    session.run_keyring('--unlock', stdin=PASSWORD)
    jane = somebody(server, 'jane', session)
    jane.sign_in(server)
    session.lock()
    began = time.monotonic()
    jane.fail(3, 'The keyring of this computer does not open; unlock it, or sign in again', 'sync')
    assert time.monotonic() - began < 30
    # What is written meanwhile waits.
    jane.fail(5, 'keyring', 'submit', '--topic', 'vpn', '--summary', 'Locked out')
    began = time.monotonic()
    assert 'No keyring opens here' in jane.sign_in(server)
    assert time.monotonic() - began < 40
    equal(len(tokens_in_files(jane)), 1)
    equal(jane.do('outbox'), '')
    session.end()


@test
def a_service_that_never_answers_holds_up_nobody(server):
    session = Session()
    session.run_keyring('--unlock', stdin=PASSWORD).send_signal(signal.SIGSTOP)
    tom = somebody(server, 'tom', session)
    began = time.monotonic()
    assert 'No keyring opens here' in tom.sign_in(server)
    assert time.monotonic() - began < 30
    equal(len(tokens_in_files(tom)), 1)
    # From now on the file is enough.
    began = time.monotonic()
    tom.do('sync')
    assert time.monotonic() - began < 10
    session.end()


def is_asking_keyring(keeper):
    tasks = f'/proc/{keeper.process.pid}/task'
    return 'desk-secret' in [open(f'{tasks}/{task}/comm').read().strip() for task in os.listdir(tasks)]


@test
def a_window_does_not_wait_for_a_keyring_to_close(server):
    session = Session()
    keyring = session.run_keyring('--unlock', stdin=PASSWORD)
    ada = somebody(server, 'ada', session)
    ada.sign_in(server)
    keyring.send_signal(signal.SIGSTOP)
    with Keeper(ada) as keeper:
        wait_until(lambda: is_asking_keyring(keeper))
        keeper.say('stop')
        keeper.wait('^stopping$', 5)
        # Long enough for threads that nobody holds up.
        time.sleep(1)
        equal(keeper.lines[-1], 'stopping')
        keyring.send_signal(signal.SIGCONT)
        keeper.wait('^stopped$', 5)
        equal(keeper.lines[-2:], ['stopping', 'stopped'])
    session.end()


run()
