# SPDX-License-Identifier: GPL-3.0-or-later
"""What an app hears while it runs: who else is at a ticket, and news where no stream gets through."""
import time

from network import Keeper, Link, Person, wait_until
from harness import equal, run, test

people = {}


def somebody(server, login):
    """On a link of their own."""
    if login not in people:
        people[login] = Person(login, Link(server))
        people[login].sign_in(server)
    return people[login]


def count(link, what):
    return link.asked.count(what)


@test
def two_agents_at_a_ticket_know_of_each_other(server):
    jane, ada = somebody(server, 'jane'), somebody(server, 'ada')
    ticket = server.file_ticket('karen')['uid']
    with Keeper(jane) as here, Keeper(ada) as there:
        here.wait('^online')
        there.wait('^online')
        here.say('looking ' + ticket)
        there.say('looking ' + ticket)
        here.wait(f'^present {server.uids["ada"]}=looking$')
        there.wait(f'^present {server.uids["jane"]}=looking$')
        here.say('answering ' + ticket)
        there.wait(f'^present {server.uids["jane"]}=answering$')
        here.say('away')
        there.wait('^present$')


@test
def passing_by_many_tickets_is_said_seldom(server):
    jane = somebody(server, 'jane')
    tickets = [server.file_ticket('karen')['uid'] for _ in range(20)]
    with Keeper(jane) as keeper:
        keeper.wait('^online')
        before = count(jane.link, b'PUT /v1/presence')
        for ticket in tickets:
            keeper.say('looking ' + ticket)
            time.sleep(0.05)
        wait_until(lambda: server.ask('ada', 'PUT', '/v1/presence', {'present': [{'ticket': tickets[-1], 'state': 'looking'}]}).json['present'])
        assert count(jane.link, b'PUT /v1/presence') - before <= 3


@test
def without_a_server_nobody_is_known_to_be_there(server):
    jane = somebody(server, 'jane')
    ticket = server.file_ticket('karen')['uid']
    at = {'present': [{'ticket': ticket, 'state': 'answering'}]}
    server.ask('ada', 'PUT', '/v1/presence', at)
    with Keeper(jane) as keeper:
        keeper.wait('^online')
        keeper.say('looking ' + ticket)
        keeper.wait('^present .*=answering$')
        jane.link.cut()
        keeper.say('answering ' + ticket)
        keeper.wait('^present$')
        jane.link.mend()
        keeper.say('retry')
        keeper.wait('^present .*=answering$', 40)
    server.ask('ada', 'PUT', '/v1/presence', {'present': []})


def assert_news_come(server, person, keeper, seconds):
    """Filed by somebody else, it is there long before anybody would look by themselves."""
    summary = f'News {time.monotonic()}'
    began = time.monotonic()
    server.file_ticket('karen', summary)
    wait_until(lambda: summary in person.do('list'), seconds)
    return time.monotonic() - began


@test
def a_stream_that_is_held_back_is_replaced_by_asking(server):
    tom = Person('jane', Link(server))
    tom.link.streams = 'hold'
    tom.sign_in(server)
    with Keeper(tom) as keeper:
        keeper.wait('^online')
        wait_until(lambda: count(tom.link, b'GET /v1/stream') == 1)
        # Held back once is enough: changes are waited for by now.
        looked = count(tom.link, b'GET /v1/changes')
        wait_until(lambda: count(tom.link, b'GET /v1/changes') >= looked + 2, 15)
        for _ in range(3):
            assert_news_come(server, tom, keeper, 5)
        equal(count(tom.link, b'GET /v1/stream'), 1)


@test
def a_stream_that_is_cut_again_and_again_is_replaced_by_asking(server):
    jane = Person('jane', Link(server))
    jane.link.streams = 'cut'
    jane.sign_in(server)
    with Keeper(jane) as keeper:
        keeper.wait('^online')
        wait_until(lambda: count(jane.link, b'GET /v1/stream') == 3, 30)
        time.sleep(1)
        for _ in range(3):
            assert_news_come(server, jane, keeper, 5)
        equal(count(jane.link, b'GET /v1/stream'), 3)


@test
def a_server_that_says_bye_is_listened_to_again(server):
    jane = Person('jane', Link(server))
    jane.sign_in(server)
    with Keeper(jane) as keeper:
        keeper.wait('^online')
        for n in range(1, 6):
            wait_until(lambda: count(jane.link, b'GET /v1/stream') == n)
            time.sleep(0.3)
            server.restart()
            keeper.say('retry')
        wait_until(lambda: count(jane.link, b'GET /v1/stream') == 6)
        assert_news_come(server, jane, keeper, 5)


if __name__ == '__main__':
    run()
