-- SPDX-License-Identifier: GPL-3.0-or-later
-- What a desk needs to be served: who may sign in, what left whose sight, which past a copy is of.
-- None of it is exported. *_at are UTC seconds; tokens and codes are kept as their SHA-256.

-- The catalogue's revision at the last change of it; 0: as it was when it came in.
ALTER TABLE person ADD COLUMN moved INTEGER NOT NULL DEFAULT 0;
ALTER TABLE entry ADD COLUMN moved INTEGER NOT NULL DEFAULT 0;
CREATE INDEX person_by_move ON person (moved) WHERE moved > 0;

-- Closed tickets by time: a copy has the newest of them.
CREATE INDEX ticket_by_closing ON ticket (updated_at, department, assignee, team) WHERE status = 3;

-- Where a ticket was before an op that took it from somebody: copies are told that it is gone.
-- Forgotten after 90 days. Without REFERENCES, as ticket is.
CREATE TABLE moved (
  tx INTEGER NOT NULL,                  -- of that op
  ticket INTEGER NOT NULL,
  department INTEGER NOT NULL,          -- entry
  team INTEGER,                         -- entry
  assignee INTEGER,                     -- person
  requester INTEGER NOT NULL,           -- person
  at INTEGER NOT NULL,
  PRIMARY KEY (tx, ticket)
) STRICT, WITHOUT ROWID;
CREATE INDEX moved_by_requester ON moved (requester, tx);
CREATE INDEX moved_by_time ON moved (at);

-- Each start of a server, and where the desk stood then: what a copy has from an earlier one and
-- from behind that place was lost since, with a backup that was restored.
CREATE TABLE incarnation (
  n INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE,
  tx INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  at INTEGER NOT NULL
) STRICT;

-- Keys of this desk's server.
CREATE TABLE secret (
  name TEXT PRIMARY KEY,
  value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE account (
  person INTEGER PRIMARY KEY REFERENCES person,
  hash TEXT NOT NULL,                   -- of the password, as the hash function wrote it (PHC)
  changed_at INTEGER NOT NULL
) STRICT;

-- A device that is signed in.
CREATE TABLE session (
  id INTEGER PRIMARY KEY,
  uid BLOB NOT NULL UNIQUE,
  token BLOB NOT NULL UNIQUE,
  person INTEGER NOT NULL REFERENCES person,
  device TEXT NOT NULL,
  device_name TEXT,
  via INTEGER NOT NULL,                 -- DeskVia
  created_at INTEGER NOT NULL,
  used_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX session_by_person ON session (person, device);
CREATE INDEX session_by_end ON session (expires_at);

-- Who holds the code may set the person's password, once.
CREATE TABLE invitation (
  code BLOB PRIMARY KEY,
  person INTEGER NOT NULL UNIQUE REFERENCES person,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
