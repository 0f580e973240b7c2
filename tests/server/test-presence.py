# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is looking at or answering a ticket: told to the agents who see it, and to nobody else."""
import hashlib
import http.client
import json
import os
import socket
import time

from harness import equal, new_uid, run, sign_in, test


def at(*tickets, state='looking'):
    return {'present': [{'ticket': ticket, 'state': state} for ticket in tickets]}


def say(server, who, body):
    answer = server.ask(who, 'PUT', '/v1/presence', body)
    assert answer.status == 200, answer
    return [(one['ticket'], one['person'], one['state']) for one in answer.json['present']]


def sign_in_again(server, who, name):
    token = server.post(None, '/v1/login', sign_in(who, device=name)).json['token']
    server.tokens[name] = token
    return name


class Stream:
    """The events of a stream, by name."""

    def __init__(self, server, who, cursor=None, timeout=10):
        person = who.split('-')[0]
        cursor = cursor or server.fill(person)[1]
        self.connection = http.client.HTTPConnection(server.host, server.port, timeout=timeout)
        self.connection.request('GET', f'/v1/stream?since={cursor}',
                                headers={'Authorization': 'Bearer ' + server.tokens[who]})
        self.response = self.connection.getresponse()
        equal(self.response.status, 200)

    def next(self, wanted='presence'):
        name = None
        while True:
            line = self.response.readline().decode()
            assert line, 'the stream has ended'
            if line.startswith('event: '):
                name = line[7:].strip()
            elif line.startswith('data: ') and name == wanted:
                data = json.loads(line[6:])
                return [(one['ticket'], one['person'], one['state']) for one in data['present']]

    def close(self):
        self.connection.close()


class RawStream:
    """Every byte of one, behind the head."""

    def __init__(self, server, who):
        cursor = server.fill(who)[1]
        self.connection = server.connect()
        self.connection.sendall(f'GET /v1/stream?since={cursor} HTTP/1.1\r\nHost: x\r\n'
                                f'Authorization: Bearer {server.tokens[who]}\r\n\r\n'.encode())
        self.data = b''
        while b'\r\n\r\n' not in self.data:
            self.data += self.connection.recv(65536)
        self.data = self.data.split(b'\r\n\r\n', 1)[1]

    def read_all(self, secs):
        self.connection.settimeout(0.1)
        until = time.monotonic() + secs
        while time.monotonic() < until:
            try:
                self.data += self.connection.recv(65536)
            except (socket.timeout, TimeoutError):
                pass
        return self.data

    def close(self):
        self.connection.close()


@test
def agents_learn_who_else_is_there(server):
    ticket = server.file_ticket('karen')['uid']
    jane, ada = server.uids['jane'], server.uids['ada']
    stream = Stream(server, 'jane')
    equal(say(server, 'jane', at(ticket)), [])
    equal(stream.next(), [])
    equal(say(server, 'ada', at(ticket)), [(ticket, jane, 'looking')])
    equal(stream.next(), [(ticket, ada, 'looking')])
    say(server, 'ada', at(ticket, state='answering'))
    equal(stream.next(), [(ticket, ada, 'answering')])
    # Saying the same again is a beat, and nothing new.
    say(server, 'ada', at(ticket, state='answering'))
    say(server, 'ada', at())
    equal(stream.next(), [])
    stream.close()
    say(server, 'jane', at())


@test
def a_stream_that_comes_later_begins_with_who_is_there(server):
    ticket = server.file_ticket('karen')['uid']
    say(server, 'ada', at(ticket, state='answering'))
    say(server, 'jane', at(ticket))
    stream = Stream(server, 'jane')
    equal(stream.next(), [(ticket, server.uids['ada'], 'answering')])
    stream.close()
    say(server, 'ada', at())
    say(server, 'jane', at())


@test
def ones_own_devices_are_one_person(server):
    ticket = server.file_ticket('karen')['uid']
    laptop, phone = (sign_in_again(server, 'ada', f'ada-{name}') for name in ('laptop', 'phone'))
    say(server, laptop, at(ticket))
    equal(say(server, phone, at(ticket, state='answering')), [])
    equal(say(server, 'jane', at(ticket)), [(ticket, server.uids['ada'], 'answering')])
    server.ask(phone, 'DELETE', '/v1/login')
    equal(say(server, 'jane', at(ticket)), [(ticket, server.uids['ada'], 'looking')])
    server.ask(laptop, 'DELETE', '/v1/login')
    equal(say(server, 'jane', at(ticket)), [])
    say(server, 'jane', at())


@test
def who_does_not_work_on_a_ticket_is_neither_told_nor_heard(server):
    ticket = server.file_ticket('karen')['uid']
    say(server, 'jane', at(ticket, state='answering'))
    stream = RawStream(server, 'john')

    def strip(answer):
        return answer.status, answer.body, {k: v for k, v in answer.headers.items()
                                            if k not in ('Date', 'X-Request-Id')}

    equal(strip(server.ask('john', 'PUT', '/v1/presence', at(ticket))),
          strip(server.ask('john', 'PUT', '/v1/presence', at(new_uid()))))
    equal(say(server, 'jane', at(ticket)), [])
    assert b'presence' not in stream.read_all(1)
    stream.close()
    # An agent who filed a ticket elsewhere is its requester, no more.
    mine = server.file_ticket('john')['uid']
    say(server, 'jane', at(mine))
    equal(say(server, 'john', at(mine)), [])
    equal(say(server, 'jane', at(mine)), [])
    say(server, 'jane', at())
    say(server, 'john', at())


@test
def a_ticket_that_moves_away_takes_its_visitors_along(server):
    ticket = server.file_ticket('karen')['uid']
    say(server, 'jane', at(ticket))
    stream = Stream(server, 'jane')
    equal(stream.next(), [])
    say(server, 'ada', at(ticket))
    equal(stream.next(), [(ticket, server.uids['ada'], 'looking')])
    server.write('ada', ticket, 'change', changes={'department': 'staff-it'})
    say(server, 'ada', at(ticket, state='answering'))
    equal(stream.next(), [])
    equal(say(server, 'jane', at(ticket)), [])
    equal(say(server, 'ada', at(ticket)), [])
    stream.close()
    say(server, 'ada', at())


@test
def a_requester_receives_the_same_bytes_with_and_without_it(server):
    ticket = server.file_ticket('karen')['uid']
    equal(server.ask('karen', 'PUT', '/v1/presence', at(ticket)).status, 403)

    def listen(presence):
        stream = RawStream(server, 'karen')
        for i in range(6):
            if presence:
                say(server, 'jane', at(ticket, state=('looking', 'answering')[i % 2]))
                say(server, 'ada', at(ticket, state=('answering', 'looking')[i % 2]))
            time.sleep(0.15)
        quiet = stream.read_all(0.3)
        server.write('jane', ticket, 'reply', 'Try again')
        told = stream.read_all(1)
        stream.close()
        return quiet, told

    without = listen(False)
    equal(without, (b'3\r\n:\n\n\r\n', b'3\r\n:\n\n\r\n14\r\nevent: head\ndata: \n\n\r\n'))
    equal(listen(True), without)
    say(server, 'jane', at())
    say(server, 'ada', at())


@test
def other_waiting_is_not_ended_by_it(server):
    """Nor is the long poll of an agent, which has nothing to read."""
    ticket = server.file_ticket('karen')['uid']
    _, cursor = server.fill('jane')
    say(server, 'jane', at(ticket))
    started = time.monotonic()
    connection = server.open_connection()
    connection.request('GET', f'/v1/changes?since={cursor}&wait=2',
                       headers={'Authorization': 'Bearer ' + server.tokens['jane']})
    say(server, 'ada', at(ticket))
    connection.getresponse().read()
    assert time.monotonic() - started > 1.9
    connection.close()
    say(server, 'ada', at())
    say(server, 'jane', at())


@test
def nothing_of_it_is_kept(server):
    ticket = server.file_ticket('karen')['uid']
    say(server, 'jane', at())

    def digest():
        folder = server.desk.folder
        found = {}
        for name in sorted(os.listdir(folder)):
            path = os.path.join(folder, name)
            if name != 'log' and not name.endswith('-shm') and os.path.isfile(path):
                with open(path, 'rb') as file:
                    found[name] = hashlib.sha256(file.read()).hexdigest()
        return found

    before = digest()
    for state in ('looking', 'answering', 'looking'):
        say(server, 'jane', at(ticket, state=state))
        say(server, 'ada', at(ticket, state=state))
    equal(digest(), before)
    log = server.read_log()
    assert ticket not in '\n'.join(line for line in log.splitlines() if 'presence' in line)
    server.restart()
    equal(say(server, 'jane', at(ticket)), [])
    say(server, 'jane', at())


@test
def what_is_no_presence_is_refused(server):
    ticket = server.file_ticket('karen')['uid']
    for body in ({}, {'present': {}}, {'present': [1]}, {'present': [{'ticket': ticket}]},
                 {'present': [{'ticket': 'x', 'state': 'looking'}]},
                 {'present': [{'ticket': ticket, 'state': 'sleeping'}]},
                 at(*[new_uid() for _ in range(11)])):
        equal(server.ask('jane', 'PUT', '/v1/presence', body).code, 'invalid')
    equal(server.ask('jane', 'PUT', '/v1/presence', b'x').status, 415)
    equal(say(server, 'ada', at(ticket)), [])
    say(server, 'ada', at())


if __name__ == '__main__':
    run()
