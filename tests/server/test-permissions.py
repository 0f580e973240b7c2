# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may ask what, and what comes back: every route of the OpenAPI document for every standing.

A ticket of karen's in support has a note, an internal file and an internal change, each with a word
that nobody but its agents may ever receive, in a body, a header, a count or a time.
"""
import hashlib
import http.client
import json
import re
import threading
import time

from harness import Server, equal, new_uid, run, test

SECRETS = ('Xylophone', 'Wolverine', 'vermilion')
STANDINGS = ('nobody', 'tom', 'karen', 'john', 'jane', 'ada')


class Scene:
    """The ticket that is asked about, made once."""

    def __init__(self, server):
        self.server = server
        self.uid = server.file_ticket('karen', 'Karen cannot print')['uid']
        self.number = server.get('karen', f'/v1/tickets/{self.uid}').json['tickets'][0]['ticket']['number']
        self.public_digest = server.upload('jane', b'how to print')
        self.digest = server.upload('jane', b'vermilion figures')
        server.write('jane', self.uid, 'reply', 'Try this', attachments=[self.file('howto.txt', self.public_digest, 12)])
        server.write('jane', self.uid, 'note', 'Xylophone suspected', attachments=[self.file('Wolverine.txt', self.digest, 17)])
        server.write('ada', self.uid, 'change', changes={'team': 'night'})
        self.entry = {'kind': 'topic', 'slug': 'vpn', 'label': 'VPN', 'department': 'support'}
        self.cursors = {who: server.fill(who)[1] for who in STANDINGS[1:]}

    @staticmethod
    def file(name, digest, size):
        return {'name': name, 'type': 'text/plain', 'size_bytes': size, 'sha256': digest}


scene = None


def get_scene(server):
    global scene
    scene = scene or Scene(server)
    return scene


# For every route: how it is asked, and the status for nobody, tom (another requester), karen (whose
# ticket it is), john (an agent of another department), jane (an agent of this one), ada (an
# administrator). A body may be made anew for each.
def make_table(s):
    server = s.server
    ticket = f'/v1/tickets/{s.number}'
    words = {'text': 'Hello'}
    return {
        ('GET', '/healthz'): ('/healthz', None, {}, (200,) * 6),
        ('GET', '/readyz'): ('/readyz', None, {}, (200,) * 6),
        ('GET', '/metrics'): ('/metrics', None, {'X-Forwarded-For': '192.0.2.1'}, (404, 404, 404, 404, 404, 200)),
        ('GET', '/v1/openapi.json'): ('/v1/openapi.json', None, {}, (200,) * 6),
        ('POST', '/v1/setup'): ('/v1/setup', {'code': 'x' * 43, 'login': 'x', 'password': 'x', 'device': {'id': 'x'}}, {}, (403,) * 6),
        ('POST', '/v1/login'): ('/v1/login', {'login': 'x', 'password': 'x', 'device': {'id': 'x'}}, {}, (401,) * 6),
        # Signing out is tested elsewhere; here it would end the walk.
        ('DELETE', '/v1/login'): None,
        # The right one is tested elsewhere.
        ('POST', '/v1/password'): ('/v1/password', {'old': 'wrong', 'new': 'longer than that'}, {}, (401,) * 6),
        ('GET', '/v1/session'): ('/v1/session', None, {}, (401, 200, 200, 200, 200, 200)),
        ('GET', '/v1/sessions'): ('/v1/sessions', None, {}, (401, 200, 200, 200, 200, 200)),
        ('POST', '/v1/sessions'): ('/v1/sessions', {'name': 'x'}, {}, (401, 403, 403, 201, 201, 201)),
        ('DELETE', '/v1/sessions/{uid}'): (f'/v1/sessions/{new_uid()}', None, {}, (401, 404, 404, 404, 404, 404)),
        ('POST', '/v1/people/{uid}/invitation'): (f'/v1/people/{server.uids["tom"]}/invitation', None, {}, (401, 403, 403, 403, 403, 201)),
        ('POST', '/v1/ops'): ('/v1/ops', {'ops': []}, {}, (401, 200, 200, 200, 200, 200)),
        ('GET', '/v1/changes'): (lambda who: f'/v1/changes?since={s.cursors.get(who, "x")}', None, {}, (401, 200, 200, 200, 200, 200)),
        ('GET', '/v1/snapshot'): ('/v1/snapshot', None, {}, (401, 200, 200, 200, 200, 200)),
        # Streams are tested below.
        ('GET', '/v1/stream'): ('/v1/stream?since=x', None, {}, (401, 400, 400, 400, 400, 400)),
        ('PUT', '/v1/presence'): ('/v1/presence', {'present': [{'ticket': s.uid, 'state': 'answering'}]}, {}, (401, 403, 403, 200, 200, 200)),
        ('GET', '/v1/tickets'): ('/v1/tickets?view=all', None, {}, (401, 200, 200, 200, 200, 200)),
        ('POST', '/v1/tickets'): ('/v1/tickets', {'summary': 'x', 'text': 'x', 'topic': 'vpn'}, {}, (401, 201, 201, 201, 201, 201)),
        ('GET', '/v1/tickets/{ref}'): (ticket, None, {}, (401, 404, 200, 404, 200, 200)),
        ('PATCH', '/v1/tickets/{ref}'): (ticket, {'priority': 'high'}, {}, (401, 404, 403, 404, 200, 200)),
        ('GET', '/v1/tickets/{ref}/events'): (ticket + '/events', None, {}, (401, 404, 200, 404, 200, 200)),
        ('POST', '/v1/tickets/{ref}/messages'): (ticket + '/messages', words, {}, (401, 404, 200, 404, 200, 200)),
        ('PUT', '/v1/tickets/{ref}/seen/{no}'): (ticket + '/seen/1', None, {}, (401, 404, 204, 404, 204, 204)),
        ('GET', '/v1/tickets/{ref}/attachments/{sha256}'): (ticket + f'/attachments/{s.digest}', None, {}, (401, 404, 404, 404, 200, 200)),
        ('GET', '/v1/search'): ('/v1/search?q=xylophone', None, {}, (401, 200, 200, 200, 200, 200)),
        ('GET', '/v1/catalogue'): ('/v1/catalogue', None, {}, (401, 200, 200, 200, 200, 200)),
        ('PUT', '/v1/catalogue/{kind}/{slug}'): ('/v1/catalogue/topic/vpn', s.entry, {'If-Match': '"99"'}, (401, 403, 403, 403, 403, 409)),
        ('GET', '/v1/people'): ('/v1/people', None, {}, (401, 403, 403, 200, 200, 200)),
        ('GET', '/v1/people/{uid}'): (f'/v1/people/{server.uids["tom"]}', None, {}, (401, 403, 403, 200, 200, 200)),
        ('PUT', '/v1/people/{uid}'): (f'/v1/people/{server.uids["tom"]}',
                                      {'uid': server.uids['tom'], 'role': 'administrator', 'login': 'tom', 'name': 'Tom', 'departments': [], 'teams': []},
                                      {'If-Match': '"99"'}, (401, 403, 403, 403, 403, 409)),
        ('DELETE', '/v1/people/{uid}'): (f'/v1/people/{new_uid()}', None, {}, (401, 403, 403, 403, 403, 404)),
        ('POST', '/v1/uploads'): ('/v1/uploads', {'sha256': 'a' * 64, 'size_bytes': 1}, {}, (401, 201, 201, 201, 201, 201)),
        ('HEAD', '/v1/uploads/{upload}'): (f'/v1/uploads/{new_uid()}', None, {}, (401, 404, 404, 404, 404, 404)),
        ('PATCH', '/v1/uploads/{upload}'): (f'/v1/uploads/{new_uid()}', b'x', {'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': '0'}, (401, 404, 404, 404, 404, 404)),
        ('DELETE', '/v1/uploads/{upload}'): (f'/v1/uploads/{new_uid()}', None, {}, (401, 404, 404, 404, 404, 404)),
        ('POST', '/api/tickets.json'): ('/api/tickets.json', {'email': 'z@example.org', 'name': 'Z', 'subject': 'x', 'message': 'x'}, {}, (401, 403, 403, 201, 201, 201)),
    }


def walk(server):
    """Every row of the table: (who, row, answer)."""
    table = make_table(get_scene(server))
    for route, row in table.items():
        for who, expected in zip(STANDINGS, row[3] if row else ()):
            path = row[0](who) if callable(row[0]) else row[0]
            answer = server.ask(None if who == 'nobody' else who, route[0], path, row[1], row[2])
            yield who, route, expected, answer


@test
def every_route_answers_as_the_table_says(server):
    wrong = [f'{who}: {" ".join(route)}: {answer} instead of {expected}'
             for who, route, expected, answer in walk(server) if answer.status != expected]
    assert not wrong, '\n'.join(wrong)


@test
def the_table_has_every_route(server):
    document = server.get(None, '/v1/openapi.json').json
    routes = {(method.upper(), path) for path, item in document['paths'].items() for method in item}
    equal(set(make_table(get_scene(server))), routes)


@test
def nothing_internal_reaches_a_requester_or_another_department(server):
    s = get_scene(server)
    for who, route, _, answer in walk(server):
        if who in ('jane', 'ada'):
            continue
        everything = (answer.body + str(answer.headers).encode()).lower()
        for secret in SECRETS:
            assert secret.lower().encode() not in everything, (who, route, secret)
        assert s.digest.encode() not in everything, (who, route)


@test
def an_invisible_ticket_is_an_unknown_one(server):
    s = get_scene(server)

    def strip(answer, ref):
        headers = {name: value for name, value in answer.headers.items() if name not in ('Date', 'X-Request-Id')}
        body = re.sub(rb'urn:deskbell:request:\w+', b'', answer.body).replace(ref.encode(), b'REF')
        return answer.status, headers, body

    unknown = '9' * len(s.number)
    for who in ('tom', 'john'):
        for method, tail, body in (('GET', '', None), ('GET', '/events', None), ('PATCH', '', {'priority': 'low'}),
                                   ('POST', '/messages', {'text': 'x'}), ('PUT', '/seen/1', None),
                                   ('GET', f'/attachments/{s.public_digest}', None)):
            hidden = server.ask(who, method, f'/v1/tickets/{s.number}{tail}', body)
            missing = server.ask(who, method, f'/v1/tickets/{unknown}{tail}', body)
            equal(strip(hidden, s.number), strip(missing, unknown))


@test
def a_file_of_a_note_is_not_there_for_its_requester(server):
    s = get_scene(server)
    path = f'/v1/tickets/{s.number}/attachments/'
    equal(server.get('karen', path + s.public_digest).status, 200)

    def strip(answer):
        body = answer.json
        del body['instance']
        return answer.status, body

    equal(strip(server.get('karen', path + s.digest)), strip(server.get('karen', path + 'f' * 64)))


@test
def a_requester_gets_the_same_bytes_whatever_agents_say_among_themselves(server):
    """Two desks, equal but for what is internal: everything that karen receives is equal too, with
    what has to differ (uids, times, cursors) replaced by where it first came."""

    def listen(noisy):
        own = Server()
        try:
            return own.record(noisy)
        finally:
            own.close()

    def record(own, noisy):
        said = []
        ticket = own.op('karen', 'created', text='It says no.', changes={'summary': 'Printing', 'topic': 'vpn'})
        answers = [own.post('karen', '/v1/ops', {'ops': [ticket]})]
        pages, cursor = own.fill('karen')
        answers += [json.dumps(page) for page in pages]
        uid = ticket['ticket']
        if noisy:
            for i in range(3):
                own.write('jane', uid, 'note', f'Note {i}')
            own.file_ticket('tom', topic='payroll')
            own.write('ada', uid, 'change', changes={'team': 'night'})
        answers.append(own.get('karen', f'/v1/changes?since={cursor}'))
        own.write('jane', uid, 'reply', 'Try again')
        if noisy:
            own.write('jane', uid, 'note', 'One more')
        page = own.get('karen', f'/v1/changes?since={cursor}')
        answers.append(page)
        answers.append(own.get('karen', f'/v1/changes?since={page.json["next"]}'))
        for path in (f'/v1/tickets/{uid}', f'/v1/tickets/{uid}/events', '/v1/tickets', '/v1/search?q=try',
                     '/v1/search?q=note', '/v1/catalogue', '/v1/sessions'):
            answers.append(own.get('karen', path))
        answers.append(own.post('karen', f'/v1/tickets/{uid}/messages', {'text': 'Works'}))
        answers.append(own.post('karen', f'/v1/tickets/{uid}/messages', {'text': 'x', 'priority': 'high'}))
        for answer in answers:
            said.append(answer if isinstance(answer, str) else f'{answer.status} {answer.body.decode()}')
        return canonical('\n'.join(said))

    Server.record = record
    equal(listen(True), listen(False))


def canonical(text):
    """Whatever is new in each run, by the order in which it first appears."""
    names = {}

    def name(kind):
        return lambda match: f'{kind}{names.setdefault(match.group(0), len(names))}'

    text = re.sub(r'[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}', name('uid'), text)
    text = re.sub(r'urn:deskbell:request:\w+', 'request', text)
    text = re.sub(r'"next": ?"[\w-]+"', lambda match: f'"next":{len(match.group(0).replace(" ", ""))}', text)
    return re.sub(r'\b1\d{9}\b', 'time', text)


@test
def a_stream_is_silent_about_what_is_internal(server):
    s = get_scene(server)
    _, cursor = server.fill('karen')
    connection = http.client.HTTPConnection(server.host, server.port, timeout=3)
    connection.request('GET', f'/v1/stream?since={cursor}', headers={'Authorization': 'Bearer ' + server.tokens['karen']})
    response = connection.getresponse()
    equal(response.readline(), b':\n')
    for i in range(5):
        server.write('jane', s.uid, 'note', f'Note {i}')
    equal(response.readline(), b'\n')
    try:
        assert not response.readline(), 'something was told'
    except TimeoutError:
        pass
    connection.close()


if __name__ == '__main__':
    run()
