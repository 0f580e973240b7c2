# SPDX-License-Identifier: GPL-3.0-or-later
"""Every command, on a desk file and on a desk that a server has, by the same people: the answers are the same."""
import os
import re
import shlex

from network import Link, Person
from harness import Desk, run, test

UID = re.compile(r'[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}')
TIME = re.compile(r'\d{4}-\d\d-\d\d \d\d:\d\d')
DEVICE = re.compile(r'"device":"[^"]+"')
LEFT = re.compile(r'\d+ (h|min|d)( \d+ (h|min))? left')
STAMP = re.compile(r'\b\d{10}\b')
SPENT = re.compile(r',"spent_secs":\d+')

WALK = '''
ada department add attic --label Attic
ada department edit attic --label "The attic"
ada department list
ada topic add roof --label Roof --department attic
ada topic edit roof --label "The roof"
ada topic list
ada team add day --label Day
ada sla add slow --label Slow --hours 8
ada sla list
ada sla list --all
ada desk show
ada desk edit --label "Our desk" --requester-priority yes
ada desk show
ada --json desk show
ada team remove day
ada team list
ada team list --all
ada team restore day
ada department add support --label Again
ada department edit nowhere --label Nowhere
ada person add bob --name Bob
ada person edit bob --role agent --department attic --team day
ada person edit nobody --name Nobody
ada person add bob --name Bob
ada person list
ada person list b
jane person list
karen person list
jane department add cellar
karen department list
karen desk show
jane team list
jane sla list
karen submit --topic vpn --summary First --details "It is closed" --attach FILE
karen submit --summary
karen submit --topic nowhere --summary Second
karen submit --topic vpn --summary "With a priority" --priority high
jane submit --topic vpn --summary "For somebody" --for karen --details -
karen submit --topic vpn --summary "Not for me" --for tom
jane list
jane list --view unassigned
jane list --view open --sort number --limit 1
jane list --view department:support
jane list --view nonsense
jane --json list
karen list
karen list --view all
tom list
jane show N
karen show N
tom show N
jane --json show N
karen --json show N
jane history N
karen history N
jane show 999999
jane claim N
jane claim N
john claim N
karen claim N
jane note N "She means the new one"
karen note N "I may not"
jane reply N "Which one?"
jane reply N
jane reply N -
karen reply N "The new one"
tom reply N "Me too"
jane set N --priority urgent
jane set N --sla slow
jane set N --sla nowhere
jane set N --summary "The tunnel is closed" --topic vpn
jane set N
karen set N --priority low
jane assign N --agent ada
jane assign N --agent karen
jane assign N --team night
jane assign N --nobody
jane assign N --agent jane
jane wait N "Is it still closed?"
karen show N
karen reply N "Yes"
jane resolve N --summary "Opened it" --steps "Turned the key" --recommendations "Keep the key"
karen confirm N
jane reopen N
karen reopen N "Not yet"
jane resolve N --summary "Opened it again"
karen reopen N
jane resolve N --summary "And again"
jane confirm N
karen confirm N
jane close N --reason "Once more"
jane history N
jane search tunnel
jane search "new one"
karen search tunnel
karen search "means the new"
tom search tunnel
jane search nothingofthekind
jane --json search tunnel
karen attachment N FILENAME -o -
tom attachment N FILENAME -o -
jane attachment N nothing.txt -o -
jane redact N 2
karen redact N 1
ada redact N 3
jane show N
karen history N
jane transfer N --department staff-it
karen submit --topic vpn --summary Third
jane transfer M --department staff-it
jane show M
john show M
john transfer M --department nowhere
john close M --reason "It was nothing"
karen show M
karen reply M "But it is something"
john show M
ada person remove bob
ada person list bob
ada person restore bob
ada person erase bob
ada person list bob
ada topic remove roof
ada topic remove roof
ada topic restore roof
jane nonsense
jane list --nonsense
jane show
'''


class Side:
    def __init__(self, folder):
        self.numbers = {}
        self.file = os.path.join(folder, 'walk.txt')
        with open(self.file, 'w') as file:
            file.write('what is in the file\n')

    def fit(self, word):
        if word in self.numbers:
            return self.numbers[word]
        return {'FILE': self.file, 'FILENAME': 'walk.txt'}.get(word, word)

    def note(self, words, out):
        name = {'First': 'N', 'Third': 'M'}.get(words[-1] if '--attach' not in words else 'First')
        if words[0] == 'submit' and name and out.isdigit():
            self.numbers[name] = out

    def plain(self, text):
        for name, number in self.numbers.items():
            text = re.sub(rf'\b{number}\b', name, text)
        text = SPENT.sub('', text)
        text = STAMP.sub('T', DEVICE.sub('"device":"D"', TIME.sub('TIME', LEFT.sub('LEFT', UID.sub('UID', text)))))
        return text.strip()


class Local(Side):
    def __init__(self):
        self.desk = Desk()
        super().__init__(self.desk.folder)
        self.people = Person('local', type('Nowhere', (), {'url': self.desk.path})())

    def do(self, login, words, stdin):
        self.people.login = login
        return self.people.ctl(*words, stdin=stdin)


class Remote(Side):
    def __init__(self, server):
        super().__init__(server.desk.folder)
        self.server = server
        self.link = Link(server)
        self.people = {}

    def do(self, login, words, stdin):
        if login not in self.people:
            self.people[login] = Person(login, self.link)
            self.people[login].sign_in(self.server)
        return self.people[login].ctl(*words, stdin=stdin)


@test
def every_command_answers_as_on_a_file(server):
    local, remote = Local(), Remote(server)
    different = []
    for line in WALK.strip().splitlines():
        login, *words = shlex.split(line)
        told = []
        for side in (local, remote):
            result = side.do(login, [side.fit(word) for word in words], 'From standard input\n')
            side.note(words, result.out)
            told.append((result.status, side.plain(result.out), side.plain(result.err)))
        if told[0] != told[1]:
            different.append(f'{line}\n    file   {told[0]}\n    server {told[1]}')
    assert not different, '\n'.join([f'{len(different)} of {len(WALK.strip().splitlines())}'] + different)


run()
