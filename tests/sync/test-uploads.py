# SPDX-License-Identifier: GPL-3.0-or-later
"""Files on their way up: they go on where they were, whatever was killed, cut or swept away."""
import glob
import hashlib
import json
import os
import sqlite3
import time

from network import Keeper, Link, Person, wait_until
from harness import equal, run, test

MIB = 1024 * 1024
# What is on its way when it breaks off, is sent again; headers come on top.
ONE_PIECE = 4 * MIB + 256 * 1024

people = {}


def somebody(server, login):
    """On a link of their own."""
    if login not in people:
        people[login] = Person(login, Link(server))
        people[login].sign_in(server)
        if login == 'ada':
            people[login].do('desk', 'edit', '--attachment-limit-bytes', str(60 * MIB))
    return people[login]


def make_file(person, name, size):
    path = os.path.join(person.home, name)
    with open(path, 'wb') as file:
        file.write(os.urandom(size))
    return path


def digest(path):
    with open(path, 'rb') as file:
        return hashlib.file_digest(file, 'sha256').hexdigest() if hasattr(hashlib, 'file_digest') \
            else hashlib.sha256(file.read()).hexdigest()


def file_offline(person, summary, *paths):
    """What waits to be sent with its files; its uid."""
    person.link.cut()
    try:
        attach = [word for path in paths for word in ('--attach', path)]
        return person.fail(5, 'kept', 'submit', '--topic', 'vpn', '--summary', summary, *attach).out
    finally:
        person.link.mend()
        person.link.sent = 0


def assert_arrived(person, ticket, path):
    copy = person.home + '/copy'
    person.do('attachment', ticket, os.path.basename(path), '-o', copy)
    equal(digest(copy), digest(path))
    os.unlink(copy)


def sent_bytes(person):
    """That the server is known to have, as the outbox tells."""
    return [item['sent_bytes'] for item in json.loads(person.do('--json', 'outbox'))]


@test
def what_was_killed_goes_on_where_it_was(server):
    somebody(server, 'ada')
    karen, jane = somebody(server, 'karen'), somebody(server, 'jane')
    path = make_file(karen, 'long.bin', 50 * MIB)
    uid = file_offline(karen, 'Long', path)
    karen.link.pause = 0.002
    process = karen.start('sync')
    wait_until(lambda: karen.link.sent > 20 * MIB, 60)
    process.kill()
    process.communicate()
    karen.link.pause = 0
    known = sent_bytes(karen)[0]
    assert 12 * MIB < known < 21 * MIB, known
    assert 'MB of 52.4 MB sent' in karen.do('outbox').replace('\u00a0', ' ')
    karen.do('sync')
    assert 50 * MIB < karen.link.sent < 50 * MIB + ONE_PIECE, karen.link.sent
    equal(karen.do('outbox'), '')
    assert_arrived(jane, uid, path)


@test
def an_app_that_was_killed_leaves_it_to_the_next(server):
    somebody(server, 'ada')
    karen, jane = somebody(server, 'karen'), somebody(server, 'jane')
    path = make_file(karen, 'app.bin', 20 * MIB)
    uid = file_offline(karen, 'App', path)
    karen.link.pause = 0.002
    keeper = Keeper(karen)
    wait_until(lambda: karen.link.sent > 9 * MIB, 60)
    keeper.process.kill()
    keeper.process.wait()
    karen.link.pause = 0
    karen.do('sync')
    assert karen.link.sent < 20 * MIB + ONE_PIECE, karen.link.sent
    assert_arrived(jane, uid, path)


@test
def how_far_it_is_is_told_now_and_then(server):
    somebody(server, 'ada')
    karen = somebody(server, 'karen')
    path = make_file(karen, 'told.bin', 12 * MIB)
    file_offline(karen, 'Told', path)
    karen.link.pause = 0.005
    began = time.monotonic()
    with Keeper(karen) as keeper:
        keeper.wait('^online .*waiting=0', 60)
        took = time.monotonic() - began
        told = [line.split() for line in keeper.lines if line.startswith('upload ')]
    karen.link.pause = 0
    sizes = [int(words[3]) for words in told]
    equal({(words[2], words[4]) for words in told}, {('told.bin', str(12 * MIB))})
    equal(sizes, sorted(sizes))
    # Each tenth of a second, the end, and what else changes meanwhile.
    assert 4 <= len(sizes) <= took * 10 + 5, (len(sizes), took)


@test
def what_the_server_swept_away_begins_anew(server):
    somebody(server, 'ada')
    karen, jane = somebody(server, 'karen'), somebody(server, 'jane')
    path = make_file(karen, 'swept.bin', 8 * MIB)
    uid = file_offline(karen, 'Swept', path)
    karen.link.cut_after = 3 * MIB
    karen.ctl('sync')
    karen.link.cut_after = None
    assert sent_bytes(karen)[0] > 0
    parts = glob.glob(server.desk.folder + '/**/part,*', recursive=True)
    equal(len(parts), 1)
    os.unlink(parts[0])
    karen.do('sync')
    equal(karen.do('outbox'), '')
    assert_arrived(jane, uid, path)


@test
def the_answer_to_the_last_piece_may_be_lost(server):
    somebody(server, 'ada')
    karen, jane = somebody(server, 'karen'), somebody(server, 'jane')
    path = make_file(karen, 'last.bin', 400 * 1024)
    uid = file_offline(karen, 'Last', path)
    karen.link.lose_answer_to = b'PATCH /v1/uploads'
    karen.fail(5, 'cannot be reached', 'sync')
    karen.do('sync')
    assert karen.link.sent < 500 * 1024, karen.link.sent
    assert_arrived(jane, uid, path)


@test
def a_link_that_never_lasts_is_enough(server):
    somebody(server, 'ada')
    karen, jane = somebody(server, 'karen'), somebody(server, 'jane')
    path = make_file(karen, 'short.bin', 5 * MIB)
    uid = file_offline(karen, 'Short', path)
    karen.link.cut_after = 700 * 1024
    for _ in range(20):
        if karen.ctl('sync').status == 0:
            break
    karen.link.cut_after = None
    karen.do('sync')
    assert_arrived(jane, uid, path)


@test
def a_file_that_is_lost_here_comes_back_and_holds_up_nobody(server):
    somebody(server, 'ada')
    karen = somebody(server, 'karen')
    file_offline(karen, 'Damaged', make_file(karen, 'damaged.bin', MIB))
    karen.link.cut()
    second = karen.fail(5, 'kept', 'submit', '--topic', 'vpn', '--summary', 'Behind it').out
    karen.link.mend()
    copy, = glob.glob(karen.home + '/data/deskbell/replicas/*.desk')
    with sqlite3.connect(copy) as db:
        db.execute('DELETE FROM chunk')
    db.close()
    karen.do('sync')
    line = karen.do('outbox')
    assert 'refused' in line and 'attach it again' in line and 'damaged.bin' in line, line
    assert karen.see(second)['ticket']['number'].isdigit()
    karen.do('outbox', 'drop', line.split()[0])


run()
