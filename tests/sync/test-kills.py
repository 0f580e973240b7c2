# SPDX-License-Identifier: GPL-3.0-or-later
"""Three people write while the server is killed and their links are cut: nothing is lost or doubled.

  test-kills.py [KILLS [SEED]]
"""
import json
import random
import signal
import sys
import threading
import time

from network import Keeper, Link, Person, wait_until
from harness import equal, run, test

KILLS = int(sys.argv[1]) if len(sys.argv) > 1 else 12
SEED = int(sys.argv[2]) if len(sys.argv) > 2 else 1


class Writer(threading.Thread):
    """Files and answers, and remembers what was accepted and what is kept."""

    def __init__(self, person, seed):
        super().__init__(daemon=True)
        self.person = person
        self.random = random.Random(seed)
        self.words = []        # every text that was accepted or kept
        self.tickets = []      # uids
        self.stopping = False
        self.failure = None
        self.start()

    def run(self):
        try:
            while not self.stopping:
                self.write(f'{self.person.login}-{len(self.words)}.')
        except Exception as failure:
            self.failure = failure

    def write(self, text):
        if self.tickets and self.random.random() < 0.6:
            result = self.person.ctl('reply', self.random.choice(self.tickets), text)
        else:
            result = self.person.ctl('--json', 'submit', '--topic', 'vpn', '--summary', text, '--details', text)
            if result.status == 0:
                self.tickets.append(result.json['uid'])
        if result.status not in (0, 5):
            raise AssertionError(f'{self.person.login}: {result}')
        self.words.append(text)


def misbehave(server, people, dice):
    if dice.random() < 0.3:
        person = dice.choice(people)
        person.link.cut()
        time.sleep(dice.uniform(0, 0.5))
        person.link.mend()
    time.sleep(dice.uniform(0.05, 0.6))
    server.stop(signal.SIGKILL)
    time.sleep(dice.uniform(0, 0.3))
    server.start()


def drain(person):
    """Everything is on the server."""
    def is_drained():
        result = person.ctl('sync')
        return result.status == 0 and person.ctl('outbox').out == ''
    wait_until(is_drained, 60)


def read_all(server, login):
    """Tickets with events as the server has them, for this person."""
    pages, _ = server.fill(login)
    puts = [put for page in pages for put in page['tickets']]
    return {put['ticket']['uid']: put for put in puts}


def read_texts(server, login):
    """Of whole histories; a fill brings the newest events only."""
    texts = []
    for uid, put in read_all(server, login).items():
        no = 0
        while no < put['ticket']['no']:
            events = server.get(login, f'/v1/tickets/{uid}/events?after={no}').json['tickets'][0]['events']
            texts += [event['text'] for event in events if 'text' in event]
            no = events[-1]['no']
    return texts


def compare(server, person):
    theirs = read_all(server, person.login)
    # What Jane works on; what the others filed.
    view = 'all' if person.login == 'jane' else 'filed'
    mine = json.loads(person.do('--json', 'list', '--view', view, '--limit', '0'))
    equal(sorted(ticket['uid'] for ticket in mine), sorted(theirs))
    for ticket in mine:
        equal(ticket, theirs[ticket['uid']]['ticket'])
    for uid, put in theirs.items():
        equal([event['no'] for event in person.see(uid)['events']], list(range(1, put['ticket']['no'] + 1)))


@test
def whatever_is_killed_everything_is_there_once(server):
    dice = random.Random(SEED)
    people = [Person(login, Link(server)) for login in ('karen', 'jane', 'tom')]
    for person in people:
        person.sign_in(server)
    server.settings = dict(server.settings, server={'listen': f'127.0.0.1:{server.port}'})
    writers = [Writer(person, SEED + n) for n, person in enumerate(people)]
    # One of them has the app open as well.
    with Keeper(people[1]) as keeper:
        for _ in range(KILLS):
            misbehave(server, people, dice)
        for writer in writers:
            writer.stopping = True
        for writer in writers:
            writer.join(60)
            if writer.failure:
                raise writer.failure
        keeper.say('retry')
        for person in people:
            drain(person)
    server.restart(signal.SIGKILL)
    for person in people:
        person.do('sync')
        compare(server, person)
    texts = read_texts(server, 'ada')
    for writer in writers:
        for text in writer.words:
            equal((text, texts.count(text)), (text, 1))
    print(f'# {len(texts)} texts through {KILLS} kills')


run()
