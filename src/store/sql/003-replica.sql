-- SPDX-License-Identifier: GPL-3.0-or-later
-- What a file needs to be one person's copy of a desk on a server: see desk-replica.h. On any other
-- desk all of it is empty. *_at are UTC seconds.

-- One row in a copy, none in a desk.
CREATE TABLE replica (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  address TEXT NOT NULL,                -- of the server
  reader BLOB NOT NULL,                 -- person uid: whose copy it is
  cursor TEXT,                          -- sealed by the server; NULL: a fill is to begin
  seen TEXT,                            -- the newest that the server told of itself, sealed
  filling INTEGER NOT NULL,             -- the cursor is one of a fill
  refilling INTEGER NOT NULL,           -- of a copy that has something: what the fill does not bring goes
  heard INTEGER NOT NULL,               -- goes up with every answer that was taken in
  fill_tx INTEGER NOT NULL,             -- the place of what a fill brought last, counting down
  fill_event INTEGER NOT NULL,          -- the same for events
  reread_tx INTEGER NOT NULL,           -- lists as of an earlier one have to be read anew
  pulled_at INTEGER NOT NULL            -- when the last page came; 0: never
) STRICT;

-- What a person asked for here: until it is sent, and 30 days longer.
CREATE TABLE outbox (
  n INTEGER PRIMARY KEY,                -- in order
  op BLOB NOT NULL UNIQUE,
  ticket BLOB NOT NULL,                 -- ticket uid
  body TEXT NOT NULL,                   -- the op as JSON
  state INTEGER NOT NULL,               -- DeskOutboxState
  tried INTEGER NOT NULL DEFAULT 0,     -- it has left this computer, and may be on the server
  problem TEXT,                         -- of a refused one, as JSON
  at INTEGER NOT NULL                   -- of the state
) STRICT;
CREATE INDEX outbox_by_ticket ON outbox (ticket, state, n);
CREATE INDEX outbox_by_state ON outbox (state, n);

-- The row of a ticket as the server sent it, where `ticket` shows what waiting ops will make of it.
CREATE TABLE base (
  ticket INTEGER PRIMARY KEY,
  body TEXT NOT NULL                    -- the ticket as JSON
) STRICT;

-- Tickets whose history is not whole, those whose words cannot be found yet, and what a fill has
-- brought of a copy that had something before.
CREATE TABLE gap (ticket INTEGER PRIMARY KEY) STRICT;
CREATE TABLE unindexed (ticket INTEGER PRIMARY KEY) STRICT;
CREATE TABLE delivered (ticket INTEGER PRIMARY KEY) STRICT;
CREATE TABLE met (person INTEGER PRIMARY KEY) STRICT;
-- Files on their way up, while something waits to be sent.
CREATE TABLE upload (
  sha256 BLOB PRIMARY KEY,
  id TEXT NOT NULL,                     -- how the server calls it; '': it has all of it
  sent_bytes INTEGER NOT NULL,          -- that it is known to have
  size_bytes INTEGER NOT NULL
) STRICT;
-- What was read here, of which the server does not know.
CREATE TABLE untold (ticket INTEGER PRIMARY KEY) STRICT;

-- Whether the server sent the ticket with its internal side, and how many ops of it wait.
ALTER TABLE ticket ADD COLUMN internal INTEGER NOT NULL DEFAULT 1;
ALTER TABLE ticket ADD COLUMN pending INTEGER NOT NULL DEFAULT 0;
-- The content is on the server only.
ALTER TABLE blob ADD COLUMN missing INTEGER NOT NULL DEFAULT 0;
