# SPDX-License-Identifier: GPL-3.0-or-later
"""Every member of every body with every wrong type, every parameter with every crooked value.

What there is to get wrong is read from the server's own OpenAPI document, so what is added to it is
tried as well. Nothing crooked is accepted, nothing brings the server down or makes it say more than
what the one who asks may know.
"""
import copy
import json
from urllib.parse import quote

import schema
from harness import equal, new_uid, run, test

VALUES = {'null': None, 'boolean': True, 'integer': 7, 'number': 1.5, 'string': 'crooked', 'array': [], 'object': {}}
CROOKED_TEXTS = ('', 'x', '-1', '0', '1.5', '1e9', '99999999999999999999', '\x00', '\r\nX-Bad: 1', '../../x', '%', 'ä' * 2000,
                 "'; --", '{"a": 1}', '\u202e', '*', '.')
SECRET = 'canary in the paper mine'
# What a body needs so that more than its first member is looked at.
SAMPLES = {'sha256': 'a' * 64, 'uid': '0190b5a0-0000-7000-8000-000000000001', 'ticket': '0190b5a0-0000-7000-8000-000000000002',
           'kind': 'message', 'login': 'karen', 'role': 'requester', 'via': 'app', 'email': 'a@example.org', 'topicId': 'vpn', 'topic': 'vpn'}


def names_of(node):
    kinds = node.get('type', [])
    return {kinds} if isinstance(kinds, str) else set(kinds)


def make_sample(document, node, name=''):
    """Something that the document allows."""
    node = schema.resolve(document, node)
    if 'oneOf' in node:
        return make_sample(document, node['oneOf'][0], name)
    if 'enum' in node:
        return node['enum'][0]
    kinds = names_of(node)
    if 'object' in kinds:
        return {key: make_sample(document, member, key) for key, member in node.get('properties', {}).items()}
    if 'array' in kinds:
        return [make_sample(document, node['items'], name)]
    if 'string' in kinds:
        return SAMPLES.get(name, 'x')
    return max(1, node.get('minimum', 1)) if 'integer' in kinds else True if 'boolean' in kinds else None


def find_places(document, node, place=()):
    """Where something of one type is expected, and its types; places below lists are their first."""
    node = schema.resolve(document, node)
    if 'oneOf' in node:
        return
    yield place, names_of(node)
    for key, member in node.get('properties', {}).items():
        yield from find_places(document, member, place + (key,))
    if 'items' in node:
        yield from find_places(document, node['items'], place + (0,))


def put(body, place, value):
    if not place:
        return value
    changed = copy.deepcopy(body)
    there = changed
    for key in place[:-1]:
        there = there[key]
    there[place[-1]] = value
    return changed


def wrong_values(kinds):
    """JSON has one kind of number: where a number may be, one is not of the wrong type."""
    for kind, value in VALUES.items():
        if kind not in kinds and not (kind == 'integer' and 'number' in kinds):
            yield value


def operations(document):
    for path, item in document['paths'].items():
        for method, operation in item.items():
            if method in ('get', 'put', 'post', 'patch', 'delete', 'head'):
                yield method.upper(), path, operation


def fill_in(path, ticket):
    values = {'ref': ticket, 'uid': new_uid(), 'kind': 'topic', 'slug': 'crooked', 'no': '1', 'sha256': 'a' * 64, 'upload': 'x'}
    for name, value in values.items():
        path = path.replace('{' + name + '}', value)
    return path


def is_refused(answer):
    """Each op is answered by itself."""
    if answer.status == 200 and 'results' in answer.json:
        return all(result['status'] == 'refused' for result in answer.json['results'])
    return 400 <= answer.status < 500


def is_alive(server):
    equal(server.get('karen', '/v1/session').status, 200)


@test
def every_member_of_a_wrong_type_is_refused(server):
    document = server.get(None, '/v1/openapi.json').json
    ticket = server.file_ticket('karen')['uid']
    n_sent = 0
    wrong = []
    for method, path, operation in operations(document):
        content = operation.get('requestBody', {}).get('content', {})
        if 'application/json' not in content:
            continue
        node = content['application/json']['schema']
        sample = make_sample(document, node)
        for place, kinds in find_places(document, node):
            if not kinds:
                continue
            for value in wrong_values(kinds):
                body = json.dumps(put(sample, place, value)).encode()
                answer = server.ask('ada', method, fill_in(path, ticket), body, {'Content-Type': 'application/json'}, check=False)
                n_sent += 1
                # What is not there and what is null is the same to us.
                if answer.status >= 500 or (value is not None and not is_refused(answer)):
                    wrong.append((method, path, place, value, answer))
                if answer.status >= 400 and not path.startswith('/api/'):
                    equal(answer.headers['Content-Type'], 'application/problem+json')
    equal(wrong, [])
    is_alive(server)
    assert n_sent > 500, n_sent
    print(f'# {n_sent} requests')


@test
def crooked_parameters_tell_nothing(server):
    document = server.get(None, '/v1/openapi.json').json
    ticket = server.file_ticket('karen')['uid']
    server.write('jane', ticket, 'note', SECRET)
    n_sent = 0
    for method, path, operation in operations(document):
        if path == '/v1/stream':
            continue
        for parameter in operation.get('parameters', []):
            parameter = schema.resolve(document, parameter)
            for text in CROOKED_TEXTS:
                where, headers = fill_in(path, ticket), {}
                if parameter['in'] == 'query':
                    where += f'?{parameter["name"]}={quote(text)}'
                elif parameter['in'] == 'path':
                    where = fill_in(path.replace('{' + parameter['name'] + '}', quote(text, safe='')), ticket)
                elif any(sign in text for sign in '\r\n\x00') or not text.isascii():
                    continue
                else:
                    headers[parameter['name']] = text
                n_sent += 1
                try:
                    answer = server.ask('karen', method, where, b'{}' if method in ('POST', 'PUT', 'PATCH') else None, headers, check=False)
                except ConnectionError:
                    # A target that is far too long is not even read to its end.
                    assert len(where) > 8000, where
                    continue
                assert answer.status < 500, (method, where, headers, answer)
                assert SECRET.encode() not in answer.body, (method, where, answer)
                assert 'X-Bad' not in answer.headers, (method, where)
    is_alive(server)
    assert n_sent > 300, n_sent
    print(f'# {n_sent} requests')


@test
def a_cursor_is_worth_nothing_to_others_and_in_parts(server):
    _, cursor = server.fill('jane')
    crooked = [cursor[:-1], cursor + 'A', cursor[1:], cursor.swapcase(), cursor[:10] + 'AAAA' + cursor[14:], 'A' * len(cursor), cursor * 2]
    for text in crooked:
        for path in ('/v1/changes?since=', '/v1/snapshot?after='):
            answer = server.get('jane', path + quote(text))
            assert answer.status in (400, 410), (path, answer)
            assert answer.code in ('invalid-cursor', 'refill'), answer
    for path in ('/v1/changes?since=', '/v1/snapshot?after='):
        answer = server.get('karen', path + cursor)
        assert answer.status in (400, 410), (path, answer)
    # One's own may be used twice, and says the same.
    equal(server.changes('jane', cursor)['tickets'], server.changes('jane', cursor)['tickets'])


run()
