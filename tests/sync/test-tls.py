# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom deskbellctl believes: deskbelld with certificates of an authority of one's own, good and bad."""
import os
import socket
import subprocess
import tempfile
import time

from network import Link, Person
from harness import equal, run, test

OPENSSL_CA = '''
[ca]
default_ca = own
[own]
database = {folder}/index
serial = {folder}/serial
new_certs_dir = {folder}
default_md = sha256
policy = any
unique_subject = no
copy_extensions = copy
[any]
commonName = supplied
'''


class Authority:
    """Somebody who signs, whom nobody knows."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix='deskbell-tls-')
        self.certificate = self.folder + '/ca.pem'
        for name, text in (('index', ''), ('serial', '01\n'), ('ca.conf', OPENSSL_CA.format(folder=self.folder))):
            with open(os.path.join(self.folder, name), 'w') as file:
                file.write(text)
        self.openssl('req', '-x509', *self.new_key('ca'), '-days', '30', '-subj', '/CN=An authority', '-out', self.certificate)

    def openssl(self, *words):
        subprocess.run(['openssl', *words], check=True, capture_output=True)

    def new_key(self, name):
        return ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', f'{self.folder}/{name}.key']

    def sign(self, name, names='DNS:localhost,IP:127.0.0.1', start=-1, end=10):
        """From so many days from now to so many."""
        stem = f'{self.folder}/{name}'
        self.openssl('req', '-new', *self.new_key(name), '-subj', '/CN=' + name, '-addext', 'subjectAltName=' + names, '-out', stem + '.csr')
        times = [time.strftime('%Y%m%d%H%M%SZ', time.gmtime(time.time() + days * 86400)) for days in (start, end)]
        self.openssl('ca', '-batch', '-config', self.folder + '/ca.conf', '-cert', self.certificate, '-keyfile', self.folder + '/ca.key',
                     '-startdate', times[0], '-enddate', times[1], '-notext', '-in', stem + '.csr', '-out', stem + '.pem')
        return {'certificate': stem + '.pem', 'key': stem + '.key'}

    def sign_itself(self, name):
        stem = f'{self.folder}/{name}'
        self.openssl('req', '-x509', *self.new_key(name), '-days', '10', '-subj', '/CN=localhost', '-addext',
                     'subjectAltName=DNS:localhost', '-out', stem + '.pem')
        return {'certificate': stem + '.pem', 'key': stem + '.key'}


authority = Authority()


def find_port():
    with socket.create_server(('127.0.0.1', 0)) as listener:
        return listener.getsockname()[1]


PORT = find_port()
DESK = f'https://localhost:{PORT}'


def show(server, certificate):
    """The same desk, at the same address, with another certificate."""
    server.settings = {'server': {'listen': f'127.0.0.1:{PORT}', **certificate}}
    server.restart()


def somebody(server):
    person = Person('karen', Link(server))
    person.link.url = DESK
    person.environment['SSL_CERT_FILE'] = authority.certificate
    return person


def sign_in(person, status=0, part=''):
    result = person.ctl('login', stdin='correct horse\n')
    equal(result.status, status)
    assert part in result.err, result


@test
def an_authority_that_is_trusted_is_enough(server):
    show(server, authority.sign('good'))
    karen = somebody(server)
    sign_in(karen)
    assert karen.do('submit', '--topic', 'vpn', '--summary', 'By TLS').isdigit()
    # Nobody else knows it.
    del karen.environment['SSL_CERT_FILE']
    karen.fail(3, 'signed by nobody whom this computer trusts', 'sync')
    karen.environment['SSL_CERT_FILE'] = '/nowhere/ca.pem'
    karen.fail(3, '/nowhere/ca.pem', 'sync')


@test
def what_cannot_be_believed_is_refused_and_says_what_to_do(server):
    for certificate, part in ((authority.sign('other', 'DNS:help.example.org'), 'for another name; see whether the address is right'),
                              (authority.sign('expired', start=-20, end=-10), 'has expired; whoever keeps the desk has to renew it'),
                              (authority.sign('early', start=5), 'not valid yet; see whether the clock of this computer is right'),
                              (authority.sign_itself('own'), 'signed by nobody whom this computer trusts; ask whoever keeps the desk')):
        show(server, certificate)
        sign_in(somebody(server), 3, part)


@test
def a_certificate_that_goes_bad_loses_nothing(server):
    show(server, authority.sign('once-good'))
    karen = somebody(server)
    sign_in(karen)
    show(server, authority.sign('later-expired', start=-20, end=-10))
    karen.fail(5, 'has expired', 'submit', '--topic', 'vpn', '--summary', 'Kept')
    assert 'has expired' in karen.ctl('list').err
    equal(len(karen.do('outbox').splitlines()), 1)
    show(server, authority.sign('renewed'))
    karen.do('sync')
    equal(karen.do('outbox'), '')


@test
def the_token_goes_to_nobody_else(server):
    show(server, authority.sign('believed'))
    karen = somebody(server)
    sign_in(karen)
    show(server, authority.sign_itself('thief'))
    server.log.truncate(0)
    karen.fail(3, 'cannot prove that it is the one', 'sync')
    assert 'event=request' not in server.read_log(), server.read_log()


run()
