# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether copies say what their server says."""
from network import wait_until
from harness import equal


def drain(person, seconds=60):
    """Until everything is on the server."""
    def is_drained():
        result = person.ctl('sync')
        return result.status == 0 and person.ctl('outbox').out == ''
    wait_until(is_drained, seconds)


def read_all(server, login):
    """Tickets as the server has them, for this person."""
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
    """Row for row and event for event, with whole histories and a sound file."""
    theirs = read_all(server, person.login)
    mine = person.see_all()
    equal(sorted(ticket['uid'] for ticket in mine), sorted(theirs))
    for ticket in mine:
        equal(ticket, theirs[ticket['uid']]['ticket'])
    for uid, put in theirs.items():
        events = person.see(uid)['events']
        equal([event['no'] for event in events], list(range(1, put['ticket']['no'] + 1)))
        newest = {event['no']: event for event in put['events']}
        for event in events:
            equal(event, newest.get(event['no'], event))
