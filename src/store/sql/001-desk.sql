-- SPDX-License-Identifier: GPL-3.0-or-later
-- The first form of a desk file. Numbers of enums are those of core/desk-enums.h; uids are 16 bytes;
-- *_at are UTC seconds. "Truth" cannot be made again; "fold" can, from the truth.

-- One row: what the file is.
CREATE TABLE desk (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  uid BLOB NOT NULL,                    -- lives through backup, export and import
  epoch BLOB NOT NULL,                  -- new after each restore: who has another one opens again
  catalogue_revision INTEGER NOT NULL,  -- goes up with every saved person of the desk's or entry
  tx INTEGER NOT NULL,                  -- the newest op's place in the order of acceptance
  scrub INTEGER NOT NULL DEFAULT 0      -- what is still to be wiped from the file: see desk-scrub.c
) STRICT;

-- Truth. Departments, topics, teams, SLA plans and the desk's settings.
CREATE TABLE entry (
  id INTEGER PRIMARY KEY,
  kind INTEGER NOT NULL,                -- DeskEntryKind
  slug TEXT NOT NULL,                   -- for ever
  label TEXT NOT NULL,
  removed INTEGER NOT NULL DEFAULT 0,   -- not offered any more, still readable
  revision INTEGER NOT NULL,
  UNIQUE (kind, slug)
) STRICT;

CREATE TABLE property (
  entry INTEGER NOT NULL REFERENCES entry,
  name TEXT NOT NULL,                   -- of DeskProperty
  value TEXT NOT NULL,
  PRIMARY KEY (entry, name)
) STRICT, WITHOUT ROWID;

-- Truth. Everybody who filed or works here. Erasing empties login, name and email.
CREATE TABLE person (
  id INTEGER PRIMARY KEY,
  uid BLOB NOT NULL UNIQUE,
  login TEXT UNIQUE,
  name TEXT,
  email TEXT,
  role INTEGER NOT NULL,                -- DeskRole
  removed INTEGER NOT NULL DEFAULT 0,
  revision INTEGER NOT NULL
) STRICT;
CREATE INDEX person_by_name ON person (name COLLATE NOCASE);
CREATE INDEX person_by_email ON person (email COLLATE NOCASE);
CREATE INDEX person_by_role ON person (role) WHERE role > 0;

-- The departments and teams of a person.
CREATE TABLE membership (
  person INTEGER NOT NULL REFERENCES person,
  entry INTEGER NOT NULL REFERENCES entry,
  PRIMARY KEY (person, entry)
) STRICT, WITHOUT ROWID;

-- Truth. People who were erased, so that an older copy cannot bring them back.
CREATE TABLE erased (
  uid BLOB PRIMARY KEY,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Truth. Who changed the catalogue or a person, and to what.
CREATE TABLE audit (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  author BLOB NOT NULL,                 -- person uid
  subject TEXT NOT NULL,                -- "topic/online-banking", "person/UID"
  revision INTEGER NOT NULL,
  content TEXT NOT NULL                 -- its JSON after the change, without personal values
) STRICT;

-- The last number given, per topic with a format of its own and for the desk ('').
CREATE TABLE sequence (
  name TEXT PRIMARY KEY,
  last INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Fold of the events. What it refers to is checked there: with REFERENCES of its own each update
-- would need a statement journal, and every one of those makes the search index write a segment.
CREATE TABLE ticket (
  id INTEGER PRIMARY KEY,               -- never leaves this file
  uid BLOB NOT NULL UNIQUE,
  number TEXT UNIQUE,                   -- NULL: not accepted by the desk's server yet
  summary TEXT NOT NULL,
  requester INTEGER NOT NULL,           -- person
  topic INTEGER,                        -- entry
  status INTEGER NOT NULL,
  department INTEGER NOT NULL,          -- entry
  team INTEGER,                         -- entry
  assignee INTEGER,                     -- person
  priority INTEGER NOT NULL,
  sla INTEGER,                          -- entry
  due_at INTEGER,                       -- NULL: no promise, or the clock is paused
  target_secs INTEGER NOT NULL,
  spent_secs INTEGER NOT NULL,
  running_since INTEGER,                -- NULL: paused
  resolution TEXT,
  steps TEXT,
  recommendations TEXT,
  resolved_at INTEGER,
  closed_at INTEGER,
  no INTEGER NOT NULL,                  -- of the newest event
  public_no INTEGER NOT NULL,           -- of the newest public event
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  public_at INTEGER NOT NULL,
  tx INTEGER NOT NULL,                  -- of the newest event; lists are ordered by it, not by time
  public_tx INTEGER NOT NULL,           -- of the newest public event
  last_event INTEGER,                   -- newest event with words, for lists
  public_last_event INTEGER,
  attachments INTEGER NOT NULL DEFAULT 0
) STRICT;
-- Each carries what orders and visibility need, so that a list is read from its index alone.
CREATE INDEX ticket_by_status ON ticket (status, tx, priority, department, assignee, team);
CREATE INDEX ticket_by_due ON ticket (status, coalesce (due_at, 9223372036854775807), id, due_at, tx, priority, department, assignee, team) WHERE status = 0;
CREATE INDEX ticket_by_department ON ticket (department, status, tx, due_at, priority, assignee, team);
CREATE INDEX ticket_by_assignee ON ticket (assignee, status, tx, due_at, priority, department, team) WHERE assignee IS NOT NULL;
CREATE INDEX ticket_by_requester ON ticket (requester, public_tx, due_at, priority);
-- Rows are long; a search asks of thousands of tickets only who may see them.
CREATE INDEX ticket_by_id ON ticket (id, department, assignee, team, requester);

-- Truth. A new ticket's row follows its events, so that it is written once.
CREATE TABLE event (
  id INTEGER PRIMARY KEY,               -- order of acceptance; the rowid of its search document
  uid BLOB NOT NULL UNIQUE,
  ticket INTEGER NOT NULL REFERENCES ticket DEFERRABLE INITIALLY DEFERRED,
  no INTEGER NOT NULL,                  -- 1, 2, 3… within the ticket
  public_no INTEGER,                    -- 1, 2, 3… among the public ones; NULL: internal
  kind INTEGER NOT NULL,                -- DeskKind
  text TEXT,
  changes TEXT,                         -- desk_changes_format()
  target BLOB,                          -- of a redact
  author INTEGER NOT NULL REFERENCES person,
  device TEXT,
  via INTEGER NOT NULL,
  cause BLOB,                           -- the op's uid; NULL: its own
  digest BLOB,                          -- of the op, first half of its SHA-256; on its first event only
  at INTEGER,                           -- author's clock; NULL: as accepted_at
  accepted_at INTEGER NOT NULL,
  redacted INTEGER NOT NULL DEFAULT 0,
  UNIQUE (ticket, no)
) STRICT;
CREATE INDEX event_by_id ON event (id, ticket);
CREATE INDEX event_by_cause ON event (cause) WHERE cause IS NOT NULL;

-- Refused ops and those that had nothing to change, for 30 days, so that a repeated op gets the same answer.
CREATE TABLE receipt (
  op BLOB PRIMARY KEY,
  digest BLOB NOT NULL,
  ticket BLOB NOT NULL,                 -- ticket uid
  error INTEGER,                        -- DeskError; NULL: nothing to change
  message TEXT,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX receipt_by_at ON receipt (at);

-- Truth. Contents of files, cut into chunks.
CREATE TABLE blob (
  id INTEGER PRIMARY KEY,
  sha256 BLOB UNIQUE,                   -- NULL while it is being copied in
  size_bytes INTEGER NOT NULL,
  touched_at INTEGER NOT NULL           -- copied in or offered again; unreferenced ones go 7 days later
) STRICT;

CREATE TABLE chunk (
  blob INTEGER NOT NULL REFERENCES blob ON DELETE CASCADE,
  position INTEGER NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (blob, position)
) STRICT;

CREATE TABLE attachment (
  event INTEGER NOT NULL REFERENCES event,
  position INTEGER NOT NULL,
  ticket INTEGER NOT NULL REFERENCES ticket DEFERRABLE INITIALLY DEFERRED,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  blob INTEGER NOT NULL REFERENCES blob,
  PRIMARY KEY (event, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX attachment_by_ticket ON attachment (ticket);
CREATE INDEX attachment_by_blob ON attachment (blob);

-- How far a person has read, in that person's counting of events.
CREATE TABLE seen (
  ticket INTEGER NOT NULL REFERENCES ticket,
  person INTEGER NOT NULL REFERENCES person,
  no INTEGER NOT NULL,
  PRIMARY KEY (ticket, person)
) STRICT, WITHOUT ROWID;

-- Fold: how many tickets, for the badges of the queues.
CREATE TABLE tally (
  department INTEGER NOT NULL,
  team INTEGER NOT NULL,                -- 0: none
  assignee INTEGER NOT NULL,            -- 0: nobody
  status INTEGER NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (department, team, assignee, status)
) STRICT, WITHOUT ROWID;

-- Fold: one document per event with words, its ticket's summary among them; a public one also has a
-- word for its requester. Nothing is stored twice (content=''), and of a word only in which documents
-- it is (detail=none), which "every word" needs: a third of the space. The starts of words of 2 to 4
-- letters are words of their own, or finding them would mean reading all words that start so.
CREATE VIRTUAL TABLE text_public USING fts5 (words, content='', detail=none, prefix='2 3 4', tokenize='unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE text_internal USING fts5 (words, content='', detail=none, prefix='2 3 4', tokenize='unicode61 remove_diacritics 2');
-- Where two words meet, and what is somebody's own, is found by jumps into pages: short ones.
INSERT INTO text_public (text_public, rank) VALUES ('pgsz', 1000);
INSERT INTO text_internal (text_internal, rank) VALUES ('pgsz', 1000);

-- Nothing is kept for these: which words there are, and in which documents.
CREATE VIRTUAL TABLE words_public USING fts5vocab ('text_public', 'instance');
CREATE VIRTUAL TABLE words_internal USING fts5vocab ('text_internal', 'instance');

-- What every desk begins with; an administrator goes on from here.
INSERT INTO entry (kind, slug, label, revision) VALUES (0, 'desk', 'Help desk', 1), (1, 'support', 'Support', 1);
INSERT INTO property (entry, name, value) SELECT id, 'department', 'support' FROM entry WHERE kind = 0;
