# SPDX-License-Identifier: GPL-3.0-or-later
"""First fill, changes, waiting, the stream, cursors."""
import http.client
import os
import shutil
import threading
import time

from harness import Server, equal, run, test


def uids(page):
    return [put['ticket']['uid'] for put in page['tickets']]


@test
def a_fill_brings_what_one_may_see(server):
    mine = server.file_ticket('karen')['uid']
    other = server.file_ticket('tom', topic='payroll')['uid']
    pages, _ = server.fill('karen')
    seen = [uid for page in pages for uid in uids(page)]
    assert mine in seen and other not in seen
    equal({put.get('internal', False) for page in pages for put in page['tickets']}, {False})
    labels = {entry['slug'] for page in pages for entry in page.get('entries', [])}
    assert 'vpn' in labels and 'staff-it' not in labels, labels
    pages, _ = server.fill('john')
    seen = [uid for page in pages for uid in uids(page)]
    assert other in seen and mine not in seen


@test
def changes_bring_what_is_new(server):
    _, cursor = server.fill('jane')
    equal(server.changes('jane', cursor)['tickets'], [])
    ticket = server.file_ticket('karen')['uid']
    page = server.changes('jane', cursor)
    equal(uids(page), [ticket])
    assert server.uids['karen'] in [person['uid'] for person in page['people']]
    server.write('jane', ticket, 'note', 'Look at this')
    page = server.changes('jane', page['next'])
    equal([event['kind'] for event in page['tickets'][0].get('events', [])], ['note'])
    equal(server.changes('jane', page['next'])['tickets'], [])


@test
def a_note_is_nothing_to_its_requester(server):
    ticket = server.file_ticket('karen')['uid']
    _, cursor = server.fill('karen')
    server.write('jane', ticket, 'note', 'Between us')
    equal(server.changes('karen', cursor)['tickets'], [])
    started = time.monotonic()
    waiting = threading.Timer(0.5, server.write, ('jane', ticket, 'note', 'Still between us'))
    waiting.start()
    equal(server.changes('karen', cursor, wait=2)['tickets'], [])
    waiting.join()
    assert time.monotonic() - started > 1.9, 'a note ended the waiting'


@test
def waiting_ends_with_news(server):
    ticket = server.file_ticket('karen')['uid']
    _, cursor = server.fill('karen')
    replying = threading.Timer(0.5, server.write, ('jane', ticket, 'reply', 'Try again'))
    started = time.monotonic()
    replying.start()
    page = server.changes('karen', cursor, wait=30)
    replying.join()
    assert 0.4 < time.monotonic() - started < 5
    equal([event['text'] for event in page['tickets'][0].get('events', [])], ['Try again'])


@test
def who_loses_sight_of_a_ticket_is_told(server):
    ticket = server.file_ticket('karen')['uid']
    _, cursor = server.fill('jane')
    server.write('ada', ticket, 'change', changes={'department': 'staff-it'})
    page = server.changes('jane', cursor)
    equal(page.get('gone'), [ticket])
    equal(server.get('jane', f'/v1/tickets/{ticket}').status, 404)


@test
def a_cursor_is_for_one_person_and_cannot_be_made(server):
    _, cursor = server.fill('karen')
    equal(server.get('tom', f'/v1/changes?since={cursor}').code, 'invalid-cursor')
    equal(server.get('karen', f'/v1/changes?since={cursor[:-4]}AAAA').code, 'invalid-cursor')
    equal(server.get('karen', '/v1/changes?since=hello').code, 'invalid-cursor')
    equal(server.get('karen', '/v1/changes').code, 'missing')
    equal(server.get('karen', f'/v1/changes?since={cursor}&wait=61').status, 422)


@test
def cursors_are_of_equal_length(server):
    lengths = {len(server.fill(who)[1]) for who in ('karen', 'tom', 'jane', 'ada')}
    equal(len(lengths), 1)


@test
def other_rights_need_another_fill(server):
    _, cursor = server.fill('john')
    person = server.get('ada', f'/v1/people/{server.uids["john"]}').json['people'][0]
    revision = person['revision']
    person['departments'] = ['staff-it', 'support']
    path = f'/v1/people/{person["uid"]}'
    equal(server.ask('ada', 'PUT', path, person, {'If-Match': f'"{revision}"'}).status, 200)
    equal(server.get('john', f'/v1/changes?since={cursor}').code, 'refill')
    person['departments'] = ['staff-it']
    equal(server.ask('ada', 'PUT', path, person, {'If-Match': f'"{revision + 1}"'}).status, 200)


@test
def a_cursor_lives_through_a_restart(server):
    _, cursor = server.fill('karen')
    server.restart()
    ticket = server.file_ticket('karen')['uid']
    equal(uids(server.changes('karen', cursor)), [ticket])


@test
def an_older_copy_of_the_desk_is_noticed(server):
    import shutil
    own = Server()
    try:
        own.file_ticket('karen')
        own.stop()
        shutil.copy(own.desk.path, own.desk.path + '.copy')
        own.start()
        own.file_ticket('karen')
        _, cursor = own.fill('karen')
        own.stop()
        shutil.copy(own.desk.path + '.copy', own.desk.path)
        own.start()
        equal(own.get('karen', f'/v1/changes?since={cursor}').code, 'refill')
    finally:
        own.close()


@test
def an_entry_that_changes_is_told(server):
    _, cursor = server.fill('jane')
    entry = {'kind': 'topic', 'slug': 'printer', 'label': 'Printer', 'department': 'support'}
    equal(server.ask('ada', 'PUT', '/v1/catalogue/topic/printer', entry, {'If-None-Match': '*'}).status, 200)
    page = server.changes('jane', cursor, wait=5)
    assert 'printer' in [entry['slug'] for entry in page.get('entries', [])]


class Stream:
    def __init__(self, server, who, cursor):
        self.connection = http.client.HTTPConnection(server.host, server.port, timeout=5)
        self.connection.request('GET', f'/v1/stream?since={cursor}', headers={'Authorization': 'Bearer ' + server.tokens[who]})
        self.response = self.connection.getresponse()

    def next(self):
        while True:
            line = self.response.readline().decode()
            if not line:
                return None
            if line.startswith('event: '):
                return line[7:].strip()

    def close(self):
        self.connection.close()


@test
def a_stream_says_that_there_is_something_new(server):
    ticket = server.file_ticket('karen')['uid']
    _, cursor = server.fill('karen')
    stream = Stream(server, 'karen', cursor)
    equal(stream.response.status, 200)
    equal(stream.response.headers['Content-Type'], 'text/event-stream')
    server.write('jane', ticket, 'note', 'Not for streams')
    time.sleep(0.3)
    started = time.monotonic()
    threading.Timer(0.5, server.write, ('jane', ticket, 'reply', 'For streams')).start()
    equal(stream.next(), 'head')
    assert time.monotonic() - started > 0.4, 'a note was told'
    stream.close()


@test
def a_stream_ends_with_its_session_and_with_the_server(server):
    from harness import sign_in
    _, cursor = server.fill('tom')
    answer = server.post(None, '/v1/login', sign_in('tom', device='stream')).json
    server.tokens['tom-stream'] = answer['token']
    stream = Stream(server, 'tom-stream', cursor)
    server.ask('tom', 'DELETE', f'/v1/sessions/{answer["session"]["uid"]}')
    equal(stream.next(), 'bye')
    stream.close()
    stream = Stream(server, 'tom', cursor)
    stopping = threading.Timer(0.3, server.stop)
    stopping.start()
    equal(stream.next(), 'bye')
    stopping.join()
    server.start()


@test
def a_mark_comes_with_each_answer_that_asks_for_one(server):
    answer = server.get('karen', '/v1/session', headers={'Desk-Seen': '-'})
    mark = answer.headers['Desk-Seen']
    again = server.get('karen', '/v1/snapshot', headers={'Desk-Seen': mark})
    equal(again.status, 200)
    assert again.headers['Desk-Seen'] != mark and len(again.headers['Desk-Seen']) == len(mark)
    assert server.get('karen', '/v1/session').headers['Desk-Seen'] is None
    equal(server.get('tom', '/v1/session', headers={'Desk-Seen': mark}).code, 'invalid-cursor')
    equal(server.get('karen', '/v1/session', headers={'Desk-Seen': 'forged'}).code, 'invalid-cursor')


@test
def a_restored_desk_is_noticed_by_what_it_answered(server):
    ticket = server.file_ticket('karen')['uid']
    _, cursor = server.fill('karen')
    server.stop()
    backup = server.desk.path + '.kept'
    shutil.copy(server.desk.path, backup)
    server.start()
    # The cursor stays where it was; only the answer to the op knows more.
    lost = server.op('karen', 'message', ticket, 1, text='This will be lost')
    body = {'device': 'test-karen', 'ops': [lost]}
    mark = server.post('karen', '/v1/ops', body, headers={'Desk-Seen': '-'}).headers['Desk-Seen']
    server.stop()
    for end in ('-wal', '-shm'):
        if os.path.exists(server.desk.path + end):
            os.remove(server.desk.path + end)
    shutil.copy(backup, server.desk.path)
    server.start()
    equal(server.get('karen', f'/v1/changes?since={cursor}').status, 200)
    seen = {'Desk-Seen': mark}
    equal(server.get('karen', f'/v1/changes?since={cursor}', headers=seen).code, 'refill')
    late = server.op('karen', 'message', ticket, 1, text='Not yet')
    answer = server.post('karen', '/v1/ops', {'device': 'test-karen', 'ops': [late]}, headers=seen)
    equal((answer.status, answer.code), (410, 'refill'))
    equal(server.get('karen', f'/v1/tickets/{ticket}').json['tickets'][0]['ticket']['no'], 1)


@test
def who_hangs_up_is_let_go(server):
    _, cursor = server.fill('karen')
    streams = [Stream(server, 'karen', cursor) for _ in range(50)]
    deadline = time.monotonic() + 15
    waiting = lambda: int(server.get(None, '/metrics').body.decode().split('\ndeskbell_waiting ')[1].split()[0])
    while waiting() < 50:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    for stream in streams:
        stream.close()
    while waiting() > 0:
        assert time.monotonic() < deadline, waiting()
        time.sleep(0.1)


if __name__ == '__main__':
    run()
