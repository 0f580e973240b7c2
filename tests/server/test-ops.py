# SPDX-License-Identifier: GPL-3.0-or-later
"""POST /v1/ops: accepted once, refused with a reason, in order."""
from harness import equal, new_uid, run, test


@test
def an_op_is_accepted_and_its_ticket_comes_back(server):
    op = server.op('karen', 'created', text='It says no.', changes={'summary': 'VPN', 'topic': 'vpn'})
    result = server.submit('karen', op)[0]
    equal(result['status'], 'accepted')
    equal(result['op'], op['uid'])
    put = result['put']
    equal(put.get('internal', False), False)
    equal(put['ticket']['number'], '0001')
    equal([event['kind'] for event in put['events']], ['created'])


@test
def the_same_op_again_happens_once(server):
    op = server.op('karen', 'created', text='Twice?', changes={'summary': 'Once', 'topic': 'vpn'})
    equal([result['status'] for result in server.submit('karen', op, op)], ['accepted', 'replayed'])
    again = server.submit('karen', op)[0]
    equal(again['status'], 'replayed')
    equal(len(again['put'].get('events', [])), 1)
    op['text'] = 'Something else'
    equal(server.submit('karen', op)[0]['problem']['type'], 'urn:deskbell:uid-reused')


@test
def the_author_is_who_signed_in(server):
    op = server.op('karen', 'created', text='Mine', changes={'summary': 'Whose?', 'topic': 'vpn'})
    op['author'] = server.uids['tom']
    op['via'] = 'rule'
    op['device'] = 'somebody-elses'
    result = server.submit('karen', op)[0]
    equal(result['status'], 'accepted')
    equal(result['put']['ticket']['requester'], server.uids['karen'])
    event = server.get('jane', f'/v1/tickets/{op["ticket"]}/events').json['tickets'][0].get('events', [])[0]
    equal(event['author'], server.uids['karen'])
    equal(event['via'], 'app')
    equal(event['device'], 'test-karen')


@test
def a_refusal_says_why_and_the_others_go_on(server):
    good = server.op('karen', 'created', text='x', changes={'summary': 'Good', 'topic': 'vpn'})
    bad = server.op('karen', 'created', text='x', changes={'summary': 'Bad', 'topic': 'no-such-topic'})
    odd = dict(server.op('karen', 'note', good['ticket'], 1), text='hidden')
    results = server.submit('karen', bad, good, odd)
    equal([result['status'] for result in results], ['refused', 'accepted', 'refused'])
    equal(results[2]['problem']['type'], 'urn:deskbell:not-allowed')


@test
def an_op_that_cannot_be_read_keeps_no_other_back(server):
    good = server.op('karen', 'created', text='x', changes={'summary': 'Good', 'topic': 'vpn'})
    answer = server.post('karen', '/v1/ops', {'ops': [{'uid': new_uid(), 'kind': 'dance'}, good]})
    equal([result['status'] for result in answer.json['results']], ['refused', 'accepted'])
    equal(server.post('karen', '/v1/ops', {'ops': [{'kind': 'note'}]}).status, 422)


@test
def a_clash_shows_both_values(server):
    ticket = server.file_ticket('karen')['uid']
    seen = server.get('jane', f'/v1/tickets/{ticket}').json['tickets'][0]['ticket']['no']
    first = server.op('jane', 'change', ticket, seen, changes={'priority': 'high'})
    second = server.op('ada', 'change', ticket, seen, changes={'priority': 'low'})
    equal(server.submit('jane', first)[0]['status'], 'accepted')
    result = server.submit('ada', second)[0]
    equal(result['status'], 'conflict')
    clash = result['problem']['fields'][0]
    equal((clash['field'], clash['base'], clash['now'], clash['by']),
          ('priority', 'normal', 'high', server.uids['jane']))


@test
def what_one_may_not_see_is_unknown(server):
    ticket = server.file_ticket('karen')['uid']
    for uid in (ticket, new_uid()):
        result = server.submit('tom', server.op('tom', 'message', uid, 0, text='Hello?'))[0]
        equal(result['status'], 'refused')
        equal(result['problem']['type'], 'urn:deskbell:no-such')
        assert 'put' not in result


@test
def a_file_comes_before_its_op(server):
    content = b'a picture' * 1000
    attachment = {'name': 'a.png', 'type': 'image/png', 'size_bytes': len(content), 'sha256': 'a' * 64}
    op = server.op('karen', 'created', text='x', changes={'summary': 'File', 'topic': 'vpn'}, attachments=[attachment])
    later = server.op('karen', 'created', text='x', changes={'summary': 'Later', 'topic': 'vpn'})
    results = server.submit('karen', op, later)
    equal([result['status'] for result in results], ['retry', 'not-attempted'])
    equal(results[0]['problem']['type'], 'urn:deskbell:blob-missing')
    attachment['sha256'] = server.upload('karen', content)
    results = server.submit('karen', op, later)
    equal([result['status'] for result in results], ['accepted', 'accepted'])
    answer = server.get('karen', f'/v1/tickets/{op["ticket"]}/attachments/{attachment["sha256"]}')
    equal(answer.body, content)


@test
def somebody_elses_file_cannot_be_taken_by_its_hash(server):
    content = b'internal figures'
    digest = server.upload('jane', content)
    ticket = server.file_ticket('tom')['uid']
    attachment = {'name': 'f', 'type': 'text/plain', 'size_bytes': len(content), 'sha256': digest}
    server.write('jane', ticket, 'note', 'See the file', attachments=[attachment])
    op = server.op('tom', 'message', ticket, 1, text='Gimme', attachments=[attachment])
    equal(server.submit('tom', op)[0]['problem']['type'], 'urn:deskbell:blob-missing')
    equal(server.get('tom', f'/v1/tickets/{ticket}/attachments/{digest}').status, 404)
    equal(server.get('jane', f'/v1/tickets/{ticket}/attachments/{digest}').body, content)


@test
def too_many_ops_are_refused_together(server):
    ops = [server.op('karen', 'created', text='x', changes={'summary': str(i)}) for i in range(101)]
    equal(server.post('karen', '/v1/ops', {'ops': ops}).status, 422)
    equal(server.post('karen', '/v1/ops', {'ops': ops[:100]}).status, 200)


@test
def what_was_accepted_survives_a_kill(server):
    import signal
    ops = [server.op('karen', 'created', text='x', changes={'summary': f'Kill {i}', 'topic': 'vpn'}) for i in range(20)]
    server.submit('karen', *ops)
    server.restart(signal.SIGKILL)
    equal([result['status'] for result in server.submit('karen', *ops)], ['replayed'] * 20)


if __name__ == '__main__':
    run()
