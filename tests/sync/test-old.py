# SPDX-License-Identifier: GPL-3.0-or-later
"""Tickets that were over long before a copy was filled: they are asked for by their number."""
from network import Keeper, Link, Person
from harness import equal, run, test

DAY = 24 * 3600
people = {}


def age(server):
    """All that is closed was so a hundred days ago."""
    server.stop()
    server.desk.change(f'UPDATE ticket SET updated_at = updated_at - {100 * DAY} WHERE status = 3')
    server.settings = {'server': {'listen': f'127.0.0.1:{server.port}'}}
    server.start()


def close_one(server, summary, topic='vpn'):
    keeper = 'jane' if topic == 'vpn' else 'john'
    ticket = server.file_ticket('tom', summary, topic=topic)
    for n in range(30):
        server.write(keeper, ticket['uid'], 'note', f'{summary} {n}')
    server.write(keeper, ticket['uid'], 'change', 'It works again.', changes={'status': 'closed'})
    return ticket['number']


@test
def an_old_ticket_comes_when_somebody_wants_it(server):
    people['first'], people['second'] = close_one(server, 'Old'), close_one(server, 'Older')
    people['secret'] = close_one(server, 'Secret', 'payroll')
    age(server)
    people['jane'] = jane = Person('jane', Link(server))
    jane.sign_in(server)
    equal(jane.numbers(), [])
    seen = jane.see(people['first'])
    equal([event['no'] for event in seen['events']], list(range(1, 33)))
    equal(jane.numbers(), [int(people['first'])])
    jane.do('note', people['first'], 'It was the router.')
    equal(jane.see(people['first'])['events'][-1]['text'], 'It was the router.')


@test
def whoever_has_the_turn(server):
    jane = people['jane']
    with Keeper(jane) as keeper:
        keeper.wait('^online')
        jane.do('note', people['second'], 'So was this.')
        equal(len(jane.see(people['second'])['events']), 33)


@test
def what_is_none_of_theirs_stays_unknown(server):
    jane = people['jane']
    jane.fail(4, 'There is no ticket', 'show', people['secret'])
    jane.fail(4, 'There is no ticket', 'show', '4711')
    karen = Person('karen', Link(server))
    karen.sign_in(server)
    karen.fail(4, 'There is no ticket', 'show', people['first'])
    tom = Person('tom', Link(server))
    tom.sign_in(server)
    equal(len(tom.numbers('filed')), 3)


run()
