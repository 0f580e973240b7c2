# SPDX-License-Identifier: GPL-3.0-or-later
"""Three people write while the server is killed and their links are cut: nothing is lost or doubled.

  test-kills.py [KILLS [SEED]]
"""
import collections
import random
import signal
import sys
import threading
import time

from agreement import compare, drain, read_texts
from network import Keeper, Link, Person
from harness import equal, run, test

KILLS = int(sys.argv[1]) if len(sys.argv) > 1 else 12
SEED = int(sys.argv[2]) if len(sys.argv) > 2 else 1


class Writer(threading.Thread):
    """Files and answers, and remembers what was accepted or kept, and what was interrupted."""

    def __init__(self, person, seed):
        super().__init__(daemon=True)
        self.person = person
        self.random = random.Random(seed)
        self.words = []        # every text that was accepted or kept
        self.doubtful = []     # those of programs that were killed
        self.tickets = []      # uids
        self.stopping = False
        self.failure = None
        self.start()

    def run(self):
        try:
            while not self.stopping:
                self.write(f'{self.person.login}-{len(self.words)}-{len(self.doubtful)}.')
        except Exception as failure:
            self.failure = failure

    def write(self, text):
        words = ['--json', 'submit', '--topic', 'vpn', '--summary', text, '--details', text]
        if self.tickets and self.random.random() < 0.6:
            words = ['reply', self.random.choice(self.tickets), text]
        if self.random.random() < 0.15:
            self.person.interrupt(self.random.uniform(0, 0.4), *words)
            self.doubtful.append(text)
            return
        result = self.person.ctl(*words)
        if result.status not in (0, 5):
            raise AssertionError(f'{self.person.login}: {result}')
        self.words.append(text)
        if words[0] == '--json' and result.status == 0:
            self.tickets.append(result.json['uid'])


class Apps:
    """The app of one of them, which is killed now and then."""

    def __init__(self, person):
        self.person = person
        self.keeper = Keeper(person)

    def kill(self):
        self.keeper.kill()
        self.keeper = Keeper(self.person)

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.keeper.__exit__(*failure)


def misbehave(server, people, apps, dice):
    if dice.random() < 0.3:
        person = dice.choice(people)
        person.link.cut()
        time.sleep(dice.uniform(0, 0.5))
        person.link.mend()
    if dice.random() < 0.2:
        apps.kill()
    time.sleep(dice.uniform(0.05, 0.6))
    server.stop(signal.SIGKILL)
    time.sleep(dice.uniform(0, 0.3))
    server.start()


@test
def whatever_is_killed_everything_is_there_once(server):
    dice = random.Random(SEED)
    people = [Person(login, Link(server)) for login in ('karen', 'jane', 'tom')]
    for person in people:
        person.sign_in(server)
    server.settings = dict(server.settings, server={'listen': f'127.0.0.1:{server.port}'})
    writers = [Writer(person, SEED + n) for n, person in enumerate(people)]
    with Apps(people[1]) as apps:
        for _ in range(KILLS):
            misbehave(server, people, apps, dice)
        for writer in writers:
            writer.stopping = True
        for writer in writers:
            writer.join(60)
            if writer.failure:
                raise writer.failure
        apps.keeper.say('retry')
        for person in people:
            drain(person)
    server.restart(signal.SIGKILL)
    for person in people:
        person.do('sync')
        compare(server, person)
    texts = collections.Counter(read_texts(server, 'ada'))
    for writer in writers:
        equal({text: texts[text] for text in writer.words if texts[text] != 1}, {})
        equal({text: texts[text] for text in writer.doubtful if texts[text] > 1}, {})
    print(f'# {texts.total()} texts through {KILLS} kills')


run()
