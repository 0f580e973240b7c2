# SPDX-License-Identifier: GPL-3.0-or-later
"""Signing in and out: codes, passwords, tokens, attempts."""
import time

from harness import Desk, Server, equal, new_uid, run, sign_in, test


@test
def the_first_start_invites_one_administrator(server):
    fresh = Server(sign_in=False)
    try:
        equal(fresh.login, 'ada')
        equal(fresh.get(None, '/v1/session').status, 401)
        equal(fresh.post(None, '/v1/login', sign_in('ada')).code, 'wrong-password')
        equal(fresh.post(None, '/v1/setup', sign_in('ada', code='x' * 43)).code, 'wrong-code')
        equal(fresh.post(None, '/v1/setup', sign_in('jane', code=fresh.code)).code, 'wrong-code')
        short = fresh.post(None, '/v1/setup', sign_in('ada', code=fresh.code, password='short'))
        equal(short.status, 422)
        fresh.set_up('ada', fresh.code)
        again = fresh.post(None, '/v1/setup', sign_in('ada', code=fresh.code, password='another one'))
        equal(again.code, 'wrong-code')
        fresh.restart()
        equal(fresh.code, None)
        equal(fresh.get('ada', '/v1/session').json['me']['login'], 'ada')
    finally:
        fresh.close()


@test
def a_desk_that_is_not_there_is_made(server):
    desk = Desk()
    desk.path += '.new'
    fresh = Server(desk, sign_in=False)
    try:
        equal(fresh.login, 'admin')
        fresh.set_up('admin', fresh.code)
    finally:
        fresh.close()


@test
def signing_in_gives_a_token_of_this_device(server):
    answer = server.post(None, '/v1/login', sign_in('karen', device='phone', via='cli'))
    equal(answer.status, 201)
    token = answer.json['token']
    equal(len(token), 43)
    session = server.get(token, '/v1/session').json
    assert 'token' not in session, session
    equal(session['session']['device'], 'phone')
    equal(session['session']['via'], 'cli')
    equal(session['me']['login'], 'karen')
    assert abs(session['server_time'] - time.time()) < 5


@test
def a_device_has_one_session(server):
    first = server.post(None, '/v1/login', sign_in('karen', device='tablet')).json['token']
    second = server.post(None, '/v1/login', sign_in('karen', device='tablet')).json['token']
    equal(server.get(first, '/v1/session').status, 401)
    equal(server.get(second, '/v1/session').status, 200)


def change_password(server, who, old, new, **more):
    return server.post(who, '/v1/password', {'old': old, 'new': new, **more})


@test
def a_password_is_changed_by_who_knows_it(server):
    here = server.post(None, '/v1/login', sign_in('tom', device='here')).json['token']
    there = server.post(None, '/v1/login', sign_in('tom', device='there')).json['token']
    equal(change_password(server, here, 'wrong', 'staple battery').code, 'wrong-password')
    equal(change_password(server, here, 'correct horse', 'short').code, 'invalid')
    equal(change_password(server, here, 'correct horse', 'x' * 2000).code, 'too-long')
    equal(server.post(here, '/v1/password', {'old': 'correct horse'}).code, 'invalid')
    equal(server.get(there, '/v1/session').status, 200)
    equal(change_password(server, here, 'correct horse', 'staple battery').status, 204)
    # This session goes on, no other does, and only the new password lets in.
    equal(server.get(here, '/v1/session').status, 200)
    equal(server.get(there, '/v1/session').code, 'unauthorized')
    equal(server.get('tom', '/v1/session').code, 'unauthorized')
    equal(server.post(None, '/v1/login', sign_in('tom', device='there')).code, 'wrong-password')
    again = server.post(None, '/v1/login', sign_in('tom', device='there', password='staple battery'))
    equal(again.status, 201)
    # Unless it was asked for.
    equal(change_password(server, here, 'staple battery', 'correct horse', keep_sessions=True).status, 204)
    equal(server.get(again.json['token'], '/v1/session').status, 200)
    server.tokens['tom'] = server.post(None, '/v1/login', sign_in('tom')).json['token']
    assert 'staple' not in server.read_log()


@test
def a_stream_ends_with_a_session_that_another_password_ended(server):
    here = server.post(None, '/v1/login', sign_in('tom', device='here')).json['token']
    connection = server.open_connection()
    connection.request('GET', f'/v1/stream?since={server.fill("tom")[1]}',
                       headers={'Authorization': 'Bearer ' + server.tokens['tom']})
    stream = connection.getresponse()
    equal(stream.status, 200)
    equal(change_password(server, here, 'correct horse', 'correct horse').status, 204)
    assert b'bye' in stream.read()
    connection.close()
    server.tokens['tom'] = server.post(None, '/v1/login', sign_in('tom')).json['token']


@test
def changing_a_password_is_limited_as_signing_in_is(server):
    strict = Server(settings={'sign-in': {'attempts_per_minute': 3, 'address_attempts_per_minute': 0}})
    try:
        codes = [change_password(strict, 'tom', 'wrong', 'staple battery').code for _ in range(5)]
        equal(codes, ['wrong-password'] * 3 + ['too-many'] * 2)
        # They are the same attempts.
        equal(strict.post(None, '/v1/login', sign_in('tom')).code, 'too-many')
        equal(change_password(strict, 'tom', 'correct horse', 'staple battery').code, 'too-many')
    finally:
        strict.close()


@test
def signing_out_ends_the_token(server):
    token = server.post(None, '/v1/login', sign_in('tom', device='old')).json['token']
    equal(server.ask(token, 'DELETE', '/v1/login').status, 204)
    answer = server.get(token, '/v1/session')
    equal(answer.code, 'unauthorized')
    equal(answer.headers['WWW-Authenticate'], 'Bearer')


@test
def an_unknown_login_and_a_wrong_password_are_one_answer(server):
    def strip(answer):
        body = answer.json
        del body['instance']
        return answer.status, body

    wrong = server.post(None, '/v1/login', sign_in('karen', password='wrong horse'))
    unknown = server.post(None, '/v1/login', sign_in('nobody'))
    equal(strip(wrong), strip(unknown))


@test
def sessions_are_listed_and_ended(server):
    token = server.post(None, '/v1/login', sign_in('jane', device='lost')).json['token']
    own = server.get('jane', '/v1/sessions').json['sessions']
    equal({session['person'] for session in own}, {server.uids['jane']})
    equal([session['device'] for session in own if session.get('current')], ['test-jane'])
    lost = next(session['uid'] for session in own if session['device'] == 'lost')
    equal(server.ask('karen', 'DELETE', f'/v1/sessions/{lost}').code, 'no-such')
    equal(server.get('karen', '/v1/sessions?of=everybody').json['sessions'][0]['person'], server.uids['karen'])
    everybody = server.get('ada', '/v1/sessions?of=everybody').json['sessions']
    assert lost in [session['uid'] for session in everybody]
    equal(server.ask('ada', 'DELETE', f'/v1/sessions/{lost}').status, 204)
    equal(server.get(token, '/v1/session').status, 401)


@test
def programs_have_tokens_of_their_own(server):
    equal(server.post('karen', '/v1/sessions', {'name': 'Cash register'}).status, 403)
    first = server.post('jane', '/v1/sessions', {'name': 'Cash register'})
    equal(first.status, 201)
    second = server.post('jane', '/v1/sessions', {'name': 'Another'})
    for answer in (first, second):
        session = server.get(answer.json['token'], '/v1/session').json['session']
        equal(session['via'], 'api')
    equal(server.get(None, '/v1/session', headers={'X-API-Key': first.json['token']}).status, 200)


@test
def a_new_password_ends_the_sessions(server):
    code = server.post('ada', f'/v1/people/{server.uids["tom"]}/invitation', None).json['code']
    old = server.tokens['tom']
    server.set_up('tom', code)
    equal(server.get(old, '/v1/session').status, 401)
    equal(server.get('tom', '/v1/session').status, 200)


@test
def only_administrators_invite(server):
    path = f'/v1/people/{server.uids["tom"]}/invitation'
    equal(server.post('jane', path, None).status, 403)
    equal(server.post('karen', path, None).status, 403)
    equal(server.post('ada', '/v1/people/nobody/invitation', None).code, 'no-such')


@test
def everybody_and_every_session_can_be_listed(server):
    many = Server()
    try:
        logins = [f'guest{i}' for i in range(230)]
        for i in range(0, len(logins)):
            person = {'uid': new_uid(), 'role': 'requester', 'login': logins[i], 'name': f'Guest {i % 7}', 'departments': [], 'teams': []}
            answer = many.ask('ada', 'PUT', f'/v1/people/{person["uid"]}', person, {'If-None-Match': '*'})
            assert answer.status in (200, 201), answer
        for limit in (7, 200):
            seen, path = [], f'/v1/people?limit={limit}'
            while path:
                page = many.get('jane', path).json
                assert len(page['people']) <= limit
                seen += [person['login'] for person in page['people']]
                path = f'/v1/people?limit={limit}&after={page["next"]}' if page.get('more') else None
            equal(len(seen), len(set(seen)))
            equal(set(seen), set(logins) | {'ada', 'jane', 'john', 'karen', 'tom'})
        found = many.get('jane', '/v1/people?q=guest&limit=200').json
        rest = many.get('jane', f'/v1/people?q=guest&limit=200&after={found["next"]}').json
        equal((len(rest['people']), rest.get('more', False)), (30, False))
        equal(many.get('jane', f'/v1/people?after={new_uid()}').code, 'no-such')
        equal(many.get('jane', '/v1/people?after=x').code, 'no-such')
        for i in range(205):
            equal(many.post('ada', '/v1/sessions', {'name': f'program {i}'}).status, 201)
        assert len(many.get('ada', '/v1/sessions').json['sessions']) > 205
    finally:
        many.close()


@test
def no_token_is_in_the_log(server):
    log = server.read_log()
    for token in server.tokens.values():
        assert token not in log
    assert 'correct horse' not in log


@test
def attempts_are_limited_by_login_and_by_address(server):
    settings = {'sign-in': {'attempts_per_minute': 3, 'address_attempts_per_minute': 5,
                            'password_memory_mib': 0, 'password_passes': 1}}
    strict = Server(settings=settings)
    try:
        for _ in range(3):
            equal(strict.post(None, '/v1/login', sign_in('karen', password='wrong')).status, 401)
        answer = strict.post(None, '/v1/login', sign_in('Karen', password='wrong'))
        equal(answer.status, 429)
        assert int(answer.headers['Retry-After']) > 0
        equal(strict.post(None, '/v1/login', sign_in('tom', password='wrong')).status, 401)
        equal(strict.post(None, '/v1/login', sign_in('jane', password='wrong')).status, 429)
    finally:
        strict.close()


if __name__ == '__main__':
    run()
