# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading and writing outside a copy: lists, search, files, plain words, the catalogue, osTicket."""
import base64
import hashlib
import json

from harness import Server, equal, new_uid, run, test


def uids(page):
    return [put['ticket']['uid'] for put in page['tickets']]


def read_list(server, who, path):
    got, next_path = [], path
    while True:
        page = server.get(who, next_path).json
        equal([put.get('events') for put in page['tickets']], [None] * len(page['tickets']))
        got += uids(page)
        if not page.get('more'):
            return got
        next_path = f'{path}&after={page["next"]}'


@test
def lists_come_by_page(server):
    own = Server()
    try:
        filed = [own.file_ticket('karen', f'Ticket {i}')['uid'] for i in range(7)]
        for who, view in (('jane', 'open'), ('jane', 'all'), ('jane', 'unassigned'), ('ada', 'open'),
                          ('jane', 'department:support'), ('karen', 'filed')):
            for sort in ('recent', 'number', 'due', 'priority'):
                got = read_list(own, who, f'/v1/tickets?view={view}&sort={sort}&limit=3')
                equal(sorted(got), sorted(filed))
                if sort != 'due':
                    equal(got, filed[::-1])
        equal(uids(own.get('karen', '/v1/tickets').json), filed[::-1])
        equal(uids(own.get('tom', '/v1/tickets').json), [])
        equal(uids(own.get('karen', '/v1/tickets?view=all').json), [])
        equal(own.get('karen', '/v1/tickets?view=nonsense').status, 422)
        equal(own.get('karen', '/v1/tickets?sort=nonsense').status, 422)
        equal(own.get('karen', '/v1/tickets?limit=0').status, 422)
        equal(own.get('karen', '/v1/tickets?after=AAAA').code, 'invalid-cursor')
    finally:
        own.close()


@test
def a_ticket_is_found_by_number_and_uid(server):
    ticket = server.file_ticket('karen', 'Found twice')
    by_number = server.get('karen', f'/v1/tickets/{ticket["number"]}')
    by_uid = server.get('karen', f'/v1/tickets/{ticket["uid"]}')
    equal(by_number.json['tickets'], by_uid.json['tickets'])
    equal(by_number.headers['ETag'], '"1"')
    equal(server.get('karen', '/v1/tickets/%23' + ticket['number']).status, 200)


@test
def events_come_in_pieces(server):
    ticket = server.file_ticket('karen')['uid']
    for i in range(5):
        server.write('jane', ticket, 'note' if i % 2 else 'reply', f'Entry {i}')
    page = server.get('jane', f'/v1/tickets/{ticket}/events?after=2&max=2').json
    equal([event['no'] for event in page['tickets'][0]['events']], [3, 4])
    equal(page['more'], True)
    page = server.get('jane', f'/v1/tickets/{ticket}/events?after=4').json
    equal([event['no'] for event in page['tickets'][0]['events']], [5, 6])
    assert 'more' not in page
    page = server.get('karen', f'/v1/tickets/{ticket}/events').json
    equal([event['no'] for event in page['tickets'][0]['events']], [1, 2, 3, 4])
    equal([event.get('text') for event in page['tickets'][0]['events'][1:]], ['Entry 0', 'Entry 2', 'Entry 4'])


@test
def search_finds_what_one_may_see(server):
    ticket = server.file_ticket('karen', 'Zebra crossing')['uid']
    server.write('jane', ticket, 'note', 'Quagga hidden')
    equal(uids(server.get('karen', '/v1/search?q=zebra').json), [ticket])
    equal(uids(server.get('jane', '/v1/search?q=quag').json), [ticket])
    equal(uids(server.get('karen', '/v1/search?q=quagga').json), [])
    equal(uids(server.get('tom', '/v1/search?q=zebra').json), [])
    equal(server.get('karen', '/v1/search').code, 'missing')
    equal(server.get('karen', '/v1/search?q=' + 'x' * 2000).code, 'too-long')


@test
def seen_marks_are_kept(server):
    ticket = server.file_ticket('karen')['uid']
    server.write('jane', ticket, 'reply', 'News')
    equal(server.get('karen', f'/v1/tickets/{ticket}').json['tickets'][0].get('seen_no'), 1)
    equal(server.ask('karen', 'PUT', f'/v1/tickets/{ticket}/seen/2').status, 204)
    equal(server.get('karen', f'/v1/tickets/{ticket}').json['tickets'][0]['seen_no'], 2)
    equal(server.ask('tom', 'PUT', f'/v1/tickets/{ticket}/seen/2').status, 404)
    equal(server.ask('karen', 'PUT', f'/v1/tickets/{ticket}/seen/two').status, 422)


def attach(server, who, content):
    digest = server.upload(who, content)
    attachment = {'name': 'file.bin', 'type': 'application/octet-stream', 'size_bytes': len(content), 'sha256': digest}
    op = server.op(who, 'created', text='x', changes={'summary': 'File', 'topic': 'vpn'}, attachments=[attachment])
    equal(server.submit(who, op)[0]['status'], 'accepted')
    return f'/v1/tickets/{op["ticket"]}/attachments/{digest}'


@test
def a_file_comes_whole_or_in_part(server):
    content = bytes(range(256)) * 4000
    path = attach(server, 'karen', content)
    whole = server.get('karen', path)
    equal(whole.body, content)
    equal(whole.headers['Content-Disposition'], 'attachment')
    equal(whole.headers['X-Content-Type-Options'], 'nosniff')
    for value, start, end in (('bytes=100-199', 100, 200), ('bytes=1023990-', 1023990, None), ('bytes=-10', -10, None)):
        part = server.get('karen', path, headers={'Range': value})
        equal((part.status, part.body), (206, content[start:end]))
    equal(server.get('karen', path, headers={'Range': 'bytes=9999999-'}).code, 'wrong-range')
    equal(server.get('karen', path, headers={'If-None-Match': whole.headers['ETag']}).status, 304)
    equal(server.get('tom', path, headers={'If-None-Match': whole.headers['ETag']}).status, 404)
    head = server.ask('karen', 'HEAD', path)
    equal((head.status, head.headers['Content-Length']), (200, str(len(content))))


@test
def an_upload_goes_on_after_a_break(server):
    content = b'0123456789' * 1000
    digest = hashlib.sha256(content).hexdigest()
    begun = server.post('karen', '/v1/uploads', {'sha256': digest, 'size_bytes': len(content)})
    path = f'/v1/uploads/{begun.json["upload"]}'

    def send(offset, piece, who='karen'):
        return server.ask(who, 'PATCH', path, piece, {'Upload-Offset': str(offset), 'Content-Type': 'application/offset+octet-stream'})

    equal(send(0, content[:4000]).headers['Upload-Offset'], '4000')
    wrong = send(0, content)
    equal((wrong.code, wrong.headers['Upload-Offset']), ('wrong-offset', '4000'))
    equal(send(4000, b'x' * 7000).status, 413)
    equal(send(4000, b'x', who='tom').status, 404)
    equal(server.ask('tom', 'HEAD', path).status, 404)
    server.restart()
    equal(server.ask('karen', 'HEAD', path).headers['Upload-Offset'], '4000')
    done = send(4000, content[4000:])
    equal((done.status, done.headers['Upload-Complete']), (204, '?1'))
    equal(server.ask('karen', 'HEAD', path).status, 404)


@test
def an_upload_is_what_was_announced_or_nothing(server):
    begun = server.post('karen', '/v1/uploads', {'sha256': 'b' * 64, 'size_bytes': 5})
    path = f'/v1/uploads/{begun.json["upload"]}'
    headers = {'Upload-Offset': '0', 'Content-Type': 'application/offset+octet-stream'}
    equal(server.ask('karen', 'PATCH', path, b'12345', headers).code, 'wrong-digest')
    equal(server.ask('karen', 'HEAD', path).status, 404)
    equal(server.post('karen', '/v1/uploads', {'sha256': 'b' * 64, 'size_bytes': 1 << 40}).code, 'too-big')
    equal(server.post('karen', '/v1/uploads', {'sha256': '../../etc/passwd', 'size_bytes': 5}).status, 422)
    equal(server.post('karen', '/v1/uploads', {'sha256': 'B' * 64, 'size_bytes': 5}).status, 422)
    begun = server.post('karen', '/v1/uploads', {'sha256': 'b' * 64, 'size_bytes': 5})
    equal(server.ask('karen', 'DELETE', f'/v1/uploads/{begun.json["upload"]}').status, 204)


@test
def one_person_cannot_fill_the_disk(server):
    for _ in range(10):
        equal(server.post('tom', '/v1/uploads', {'sha256': 'c' * 64, 'size_bytes': 25 << 20}).status, 201)
    equal(server.post('tom', '/v1/uploads', {'sha256': 'c' * 64, 'size_bytes': 25 << 20}).code, 'too-big')
    equal(server.post('jane', '/v1/uploads', {'sha256': 'c' * 64, 'size_bytes': 25 << 20}).status, 201)


# --- plain words ---

@test
def a_program_files_a_ticket_once(server):
    body = {'summary': 'From a program', 'text': 'Hello', 'topic': 'vpn'}
    first = server.post('karen', '/v1/tickets', body, headers={'Idempotency-Key': 'order 17'})
    equal(first.status, 201)
    ticket = first.json['tickets'][0]['ticket']
    equal(first.headers['Location'], f'/v1/tickets/{ticket["uid"]}')
    again = server.post('karen', '/v1/tickets', body, headers={'Idempotency-Key': 'order 17'})
    equal(again.json['tickets'][0]['ticket']['uid'], ticket['uid'])
    other = server.post('tom', '/v1/tickets', body, headers={'Idempotency-Key': 'order 17'})
    assert other.json['tickets'][0]['ticket']['uid'] != ticket['uid']
    body['summary'] = 'Another'
    equal(server.post('karen', '/v1/tickets', body, headers={'Idempotency-Key': 'order 17'}).code, 'uid-reused')


@test
def a_program_writes_to_a_ticket(server):
    ticket = server.file_ticket('karen')['number']
    path = f'/v1/tickets/{ticket}/messages'
    equal(server.post('karen', path, {'text': 'More'}).json['tickets'][0]['ticket']['no'], 2)
    answer = server.post('jane', path, {'text': 'Which one?', 'status': 'waiting'}, headers={'Idempotency-Key': 'a'})
    equal(answer.json['tickets'][0]['ticket']['status'], 'waiting')
    equal(server.post('jane', path, {'kind': 'note', 'text': 'Hm'}).status, 200)
    again = server.post('jane', path, {'text': 'Which one?', 'status': 'waiting'}, headers={'Idempotency-Key': 'a'})
    equal(again.status, 200)
    events = server.get('jane', f'/v1/tickets/{ticket}/events').json['tickets'][0]['events']
    equal([event['kind'] for event in events], ['created', 'message', 'reply', 'note'])
    equal(events[2]['via'], 'api')
    equal(server.post('karen', path, {'kind': 'note', 'text': 'Hm'}).code, 'not-allowed')
    equal(server.post('karen', path, {'kind': 'created', 'text': 'Hm'}).status, 422)
    equal(server.post('tom', path, {'text': 'Hm'}).code, 'no-such')


@test
def a_program_changes_fields(server):
    ticket = server.file_ticket('karen')['number']
    path = f'/v1/tickets/{ticket}'
    etag = server.get('jane', path).headers['ETag']
    answer = server.ask('jane', 'PATCH', path, {'priority': 'high', 'assignee': server.uids['jane'], 'text': 'Mine'}, {'If-Match': etag})
    equal(answer.json['tickets'][0]['ticket']['priority'], 'high')
    stale = server.ask('ada', 'PATCH', path, {'priority': 'low'}, {'If-Match': etag})
    equal((stale.status, stale.code, stale.json['fields'][0]['now']), (409, 'conflict', 'high'))
    equal(server.ask('ada', 'PATCH', path, {'priority': 'low'}).status, 200)
    equal(server.ask('jane', 'PATCH', path, {'assignee': None}).json['tickets'][0]['ticket'].get('assignee'), None)
    equal(server.ask('jane', 'PATCH', path, {'prioritty': 'low'}).status, 422)
    equal(server.ask('jane', 'PATCH', path, {'due_at': 'tomorrow'}).status, 422)
    equal(server.ask('jane', 'PATCH', path, [1]).status, 422)
    equal(server.ask('jane', 'PATCH', path, {'priority': 'low'}, {'If-Match': 'x'}).status, 422)
    equal(server.ask('jane', 'PATCH', path, {'department': 'staff-it'}).status, 204)
    equal(server.get('jane', path).status, 404)


# --- osTicket ---

# As setup/doc/api/tickets.md of osTicket 1.18 shows it, its trailing comma left out.
OS_TICKET = {
    'alert': True,
    'autorespond': True,
    'source': 'API',
    'name': 'Angry User',
    'email': 'api@osticket.com',
    'phone': '3185558634X123',
    'subject': 'Testing API',
    'ip': '123.211.233.122',
    'message': 'data:text/html,MESSAGE <b>HERE</b>',
    'attachments': [
        {'file.txt': 'data:text/plain;charset=utf-8,content'},
        {'image.png': 'data:image/png;base64,' + base64.b64encode(b'\x89PNG\r\n\x1a\nx').decode()},
    ],
}


def send_os_ticket(server, body, token):
    return server.ask(None, 'POST', '/api/tickets.json', body, {'X-API-Key': token})


@test
def clients_of_osticket_file_tickets(server):
    token = server.post('jane', '/v1/sessions', {'name': 'Old web form'}).json['token']
    answer = send_os_ticket(server, OS_TICKET, token)
    equal(answer.status, 201)
    number = answer.body.decode()
    put = server.get('jane', f'/v1/tickets/{number}/events').json
    event = put['tickets'][0]['events'][0]
    equal(put['tickets'][0]['ticket']['summary'], 'Testing API')
    equal(event['text'], 'MESSAGE HERE\n\nPhone: 3185558634X123')
    equal([file['name'] for file in event['attachments']], ['file.txt', 'image.png'])
    sender = next(person for person in put['people'] if person['uid'] == event['author'])
    equal((sender['name'], sender['email'], sender['role']), ('Angry User', 'api@osticket.com', 'requester'))
    digest = event['attachments'][0]['sha256']
    equal(server.get('jane', f'/v1/tickets/{number}/attachments/{digest}').body, b'content')
    again = send_os_ticket(server, dict(OS_TICKET, subject='Second'), token)
    ticket = server.get('jane', f'/v1/tickets/{again.body.decode()}').json['tickets'][0]['ticket']
    equal(ticket['requester'], sender['uid'])


@test
def known_people_file_their_own_by_osticket(server):
    token = server.post('jane', '/v1/sessions', {'name': 'Form'}).json['token']
    answer = send_os_ticket(server, dict(OS_TICKET, email='Karen@example.org', topicId='vpn', priority=3), token)
    equal(server.get('karen', f'/v1/tickets/{answer.body.decode()}').status, 200)


@test
def osticket_needs_a_key_and_a_whole_ticket(server):
    equal(send_os_ticket(server, OS_TICKET, 'x' * 43).status, 401)
    equal(send_os_ticket(server, OS_TICKET, server.tokens['karen']).status, 403)
    token = server.post('jane', '/v1/sessions', {'name': 'Form'}).json['token']
    for member in ('name', 'email', 'subject', 'message'):
        body = dict(OS_TICKET)
        del body[member]
        equal(send_os_ticket(server, body, token).code, 'missing')
    equal(send_os_ticket(server, dict(OS_TICKET, attachments='x'), token).status, 422)
    equal(send_os_ticket(server, dict(OS_TICKET, topicId=77), token).status, 404)


# --- what is told again ---

EVERYBODY = ('ada', 'jane', 'john', 'karen', 'tom')


def look(own, who, path):
    answer = own.get(who, path)
    if answer.status != 200:
        return answer.status
    page = answer.json
    del page['server_time']
    return page, answer.headers['ETag']


def hold_rows_against_histories(own, ticket):
    """A row may be told from what was told before, a history never is; behind its end it is the same page."""
    sights = {}
    for who in EVERYBODY:
        fresh = look(own, who, f'/v1/tickets/{ticket["uid"]}/events?after={1 << 60}')
        for ref in (ticket['uid'], ticket['number'], ticket['uid']):
            equal(look(own, who, f'/v1/tickets/{ref}'), fresh)
        sights[who] = fresh
    return sights


def change_person(own, login, **more):
    path = f'/v1/people/{own.uids[login]}'
    person = own.get('ada', path).json['people'][0]
    answer = own.ask('ada', 'PUT', path, dict(person, **more), {'If-Match': f'"{person["revision"]}"'})
    assert answer.status == 200, answer


@test
def a_row_is_never_an_older_one_nor_anothers(server):
    own = Server()
    try:
        ticket = own.file_ticket('karen', 'Told again')
        first = hold_rows_against_histories(own, ticket)
        equal([who for who in EVERYBODY if first[who] == 404], ['john', 'tom'])
        assert first['jane'] != first['karen']
        note = lambda: own.write('jane', ticket['uid'], 'note', 'Among us')
        changes = [
            note,
            lambda: own.write('jane', ticket['uid'], 'reply', 'To you'),
            lambda: own.ask('karen', 'PUT', f'/v1/tickets/{ticket["uid"]}/seen/2'),
            lambda: change_person(own, 'karen', name='Karen with another name'),
            lambda: own.write('jane', ticket['uid'], 'change', changes={'assignee': own.uids['jane']}),
            lambda: change_person(own, 'jane', name='Jane with another name'),
            lambda: change_person(own, 'jane', role='requester', departments=[]),
            lambda: own.write('ada', ticket['uid'], 'change', changes={'department': 'staff-it'}),
            lambda: own.ask('ada', 'DELETE', f'/v1/people/{own.uids["karen"]}'),
        ]
        before = first
        for i, change in enumerate(changes):
            change()
            now = hold_rows_against_histories(own, ticket)
            assert now != before, i
            if change is note:
                equal(now['karen'], before['karen'])
            before = now
        equal({who: before[who] for who in ('jane', 'karen', 'tom')}, {'jane': 404, 'karen': 401, 'tom': 404})
    finally:
        own.close()

# --- the catalogue ---

@test
def the_catalogue_is_kept_by_revision(server):
    entry = {'kind': 'topic', 'slug': 'scanner', 'label': 'Scanner', 'department': 'support'}
    path = '/v1/catalogue/topic/scanner'
    equal(server.ask('ada', 'PUT', path, entry).code, 'precondition-required')
    made = server.ask('ada', 'PUT', path, entry, {'If-None-Match': '*'})
    equal(made.json['entries'][0]['revision'], 1)
    equal(server.ask('ada', 'PUT', path, entry, {'If-None-Match': '*'}).status, 409)
    entry['label'] = 'Scanners'
    equal(server.ask('ada', 'PUT', path, entry, {'If-Match': '"1"'}).json['entries'][0]['label'], 'Scanners')
    equal(server.ask('ada', 'PUT', path, entry, {'If-Match': '"1"'}).code, 'conflict')
    equal(server.ask('ada', 'PUT', '/v1/catalogue/team/scanner', entry, {'If-Match': '"2"'}).status, 422)
    equal(server.ask('jane', 'PUT', path, entry, {'If-Match': '"2"'}).code, 'not-allowed')
    known = [entry['slug'] for entry in server.get('karen', '/v1/catalogue').json['entries']]
    assert 'scanner' in known and 'staff-it' not in known, known
    assert 'people' not in server.get('karen', '/v1/catalogue').json


@test
def people_are_kept_by_administrators(server):
    uid = new_uid()
    person = {'uid': uid, 'login': 'bea', 'name': 'Bea', 'role': 'requester', 'email': 'bea@example.org', 'departments': [], 'teams': []}
    path = f'/v1/people/{uid}'
    equal(server.ask('ada', 'PUT', path, person, {'If-None-Match': '*'}).status, 200)
    equal([found['login'] for found in server.get('jane', '/v1/people?q=be').json['people']], ['bea'])
    equal(server.get('jane', path).json['people'][0]['email'], 'bea@example.org')
    equal(server.get('karen', path).status, 403)
    equal(server.get('karen', '/v1/people?q=be').status, 403)
    code = server.post('ada', path + '/invitation', None).json['code']
    server.set_up('bea', code)
    equal(server.ask('ada', 'DELETE', path).status, 204)
    equal(server.get('bea', '/v1/session').status, 401)
    equal('name' in server.get('jane', path).json['people'][0], False)
    equal(server.get('jane', f'/v1/people/{new_uid()}').code, 'no-such')


if __name__ == '__main__':
    run()
