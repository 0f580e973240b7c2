/* SPDX-License-Identifier: GPL-3.0-or-later
 * The text of every statement of a desk. Tests prepare all of them, check that $k is the k-th
 * parameter (SQLite numbers them by first appearance), and that no hot one scans. */
#include "desk-sql.h"

/* The texts are broken where they read best. */
/* clang-format off */

/* No promise sorts last; the same words as in the index ticket_by_due, or it is not used. */
#define DUE "coalesce (due_at, 9223372036854775807)"

#define PERSON_COLUMNS "id, uid, login, name, email, role, removed, revision"

#define TICKET_COLUMNS \
  "t.id, t.uid, t.number, t.summary, r.uid, t.topic, t.status, t.department, t.team, a.uid," \
  " t.priority, t.sla, t.due_at, t.target_secs, t.spent_secs, t.running_since, t.resolution," \
  " t.steps, t.recommendations, t.resolved_at, t.closed_at, t.no, t.public_no, t.created_at," \
  " t.updated_at, t.public_at, t.last_event, t.public_last_event, t.attachments, t.tx," \
  " t.public_tx, t.requester, t.assignee, r.login, r.name, r.email, r.role, r.removed, r.revision" \
  " FROM ticket AS t JOIN person AS r ON r.id = t.requester" \
  " LEFT JOIN person AS a ON a.id = t.assignee"

#define EVENT_VALUES \
  "e.id, e.uid, e.no, e.public_no, e.kind, e.text, e.changes, e.target, p.uid, e.device, e.via," \
  " e.cause, e.at, e.accepted_at, e.redacted"
#define EVENT_COLUMNS EVENT_VALUES " FROM event AS e JOIN person AS p ON p.id = e.author"

/* Whether an op of a replica has the content of a row of blob: it waits, goes back to its author, or
 * is sent again should the server have been restored. */
#define OUTBOX_NAMES_BLOB \
  "EXISTS (SELECT 1 FROM outbox AS o WHERE instr (o.body, lower (hex (blob.sha256))) > 0)"

/* What a list row shows. $1 reader, $2 ticket. */
#define ROW_COLUMNS(last, number, at, files) \
  "SELECT t.id, t.uid, t.number, t.summary, r.name, r.uid, a.name, a.uid, w.name, w.uid," \
  " substr (coalesce (e.text, t.resolution), 1, 200), t.department, t.status, t.priority," \
  " t.target_secs, t.spent_secs, t.running_since, t.due_at, t.created_at, t." at ", t.closed_at," \
  " " files ", t." number ", s.no, t.requester, t.assignee, t.team, t.pending" \
  " FROM ticket AS t JOIN person AS r ON r.id = t.requester" \
  " LEFT JOIN person AS a ON a.id = t.assignee" \
  " LEFT JOIN event AS e ON e.id = t." last \
  " LEFT JOIN person AS w ON w.id = e.author" \
  " LEFT JOIN seen AS s ON s.ticket = t.id AND s.person = $1" \
  " WHERE t.id = $2"

#define SESSION_VALUES \
  "s.uid, p.uid, s.device, s.device_name, s.via, s.created_at, s.used_at, s.expires_at"
#define SESSION_COLUMNS \
  SESSION_VALUES " FROM session AS s JOIN person AS p ON p.id = s.person"

/* A note's file must not show even its existence. */
#define HAS_PUBLIC_FILES \
  "CASE WHEN t.attachments = 0 THEN 0 ELSE EXISTS (SELECT 1 FROM attachment AS f" \
  " JOIN event AS v ON v.id = f.event WHERE f.ticket = t.id AND v.public_no IS NOT NULL) END"

static const DeskSqlInfo statements[DESK_N_SQL] = {
  /* --- the file --- */
  /* SQLite's own. */
  [DESK_SQL_VERSION] = { "PRAGMA user_version", 0 },
  [DESK_SQL_READ_BEGIN] = { "BEGIN", 0 },
  [DESK_SQL_READ_END] = { "ROLLBACK", 0 },
  [DESK_SQL_DESK] = { "SELECT uid, epoch, catalogue_revision FROM desk", DESK_SQL_HOT },
  [DESK_SQL_DESK_INSERT]
    = { "INSERT INTO desk (id, uid, epoch, catalogue_revision, tx) VALUES (1, $1, $2, 1, 0)", 0 },
  [DESK_SQL_DESK_EPOCH] = { "UPDATE desk SET epoch = $1", 0 },
  [DESK_SQL_SET_TX] = { "UPDATE desk SET tx = $1 WHERE id = 1", DESK_SQL_HOT },
  [DESK_SQL_GET_TX] = { "SELECT tx FROM desk", DESK_SQL_HOT },
  [DESK_SQL_CATALOGUE_MOVED]
    = { "UPDATE desk SET catalogue_revision = catalogue_revision + 1", 0 },
  [DESK_SQL_SCRUB] = { "SELECT scrub FROM desk", 0 },
  [DESK_SQL_SCRUB_ASK] = { "UPDATE desk SET scrub = $1 WHERE scrub < $2", 0 },
  [DESK_SQL_SCRUB_SET] = { "UPDATE desk SET scrub = $1", 0 },
  [DESK_SQL_SCRUB_DONE]
    = { "UPDATE desk SET scrub = 0 WHERE scrub = $1 AND catalogue_revision = $2", 0 },
  /* SQLite's own. */
  [DESK_SQL_MERGE_PUBLIC]
    = { "INSERT INTO text_public (text_public, rank) VALUES ('merge', $1)", 0 },
  [DESK_SQL_MERGE_INTERNAL]
    = { "INSERT INTO text_internal (text_internal, rank) VALUES ('merge', $1)", 0 },
  [DESK_SQL_INDEX_PAGES]
    = { "SELECT (SELECT count (*) FROM text_public_idx)"
        " + (SELECT count (*) FROM text_internal_idx)", DESK_SQL_LONG },

  /* SQLite's own. A limit is left out: SQLite 3.46 takes it for the name of a table. */
  [DESK_SQL_BACKUP] = { "VACUUM INTO $1", 0 },
  [DESK_SQL_QUICK_CHECK] = { "SELECT quick_check FROM pragma_quick_check", 0 },

  /* --- catalogue and people --- */
  [DESK_SQL_ERASED] = { "SELECT uid, at FROM erased ORDER BY uid", DESK_SQL_LONG },
  [DESK_SQL_PERSON_ERASE]
    = { "UPDATE person SET login = NULL, name = NULL, email = NULL, role = 0, removed = 1,"
        " revision = revision + 1, moved = (SELECT catalogue_revision + 1 FROM desk)"
        " WHERE uid = $1", 0 },
  [DESK_SQL_ENTRIES]
    = { "SELECT id, kind, slug, label, removed, revision FROM entry ORDER BY kind, id",
        DESK_SQL_LONG },
  [DESK_SQL_PROPERTIES] = { "SELECT entry, name, value FROM property", DESK_SQL_LONG },
  [DESK_SQL_ENTRY_SAVE]
    = { "INSERT INTO entry (kind, slug, label, removed, revision) VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT (kind, slug) DO UPDATE SET label = excluded.label,"
        " removed = excluded.removed, revision = excluded.revision RETURNING id", 0 },
  [DESK_SQL_ENTRY_REVISION] = { "SELECT revision FROM entry WHERE kind = $1 AND slug = $2", 0 },
  [DESK_SQL_PROPERTIES_DELETE] = { "DELETE FROM property WHERE entry = $1", 0 },
  [DESK_SQL_PROPERTY_INSERT]
    = { "INSERT INTO property (entry, name, value) VALUES ($1, $2, $3)", 0 },
  [DESK_SQL_AGENTS] = { "SELECT " PERSON_COLUMNS " FROM person WHERE role > 0", 0 },
  [DESK_SQL_PEOPLE]
    = { "SELECT " PERSON_COLUMNS " FROM person WHERE removed = 0 AND (role < $1"
        " OR (role = $2 AND (name COLLATE NOCASE > $3 OR (name COLLATE NOCASE = $4 AND id > $5))))"
        " ORDER BY role DESC, name COLLATE NOCASE, id LIMIT $6", DESK_SQL_LONG },
  [DESK_SQL_PEOPLE_FIND]
    = { "SELECT " PERSON_COLUMNS " FROM person WHERE removed = 0 AND id IN"
        " (SELECT id FROM person WHERE name COLLATE NOCASE >= $1 AND name COLLATE NOCASE < $2"
        " UNION SELECT id FROM person WHERE login >= $3 AND login < $4"
        " UNION SELECT id FROM person"
        " WHERE email COLLATE NOCASE >= $5 AND email COLLATE NOCASE < $6) AND (role < $7"
        " OR (role = $8 AND (name COLLATE NOCASE > $9 OR (name COLLATE NOCASE = $10 AND id > $11))))"
        " ORDER BY role DESC, name COLLATE NOCASE, id LIMIT $12", DESK_SQL_HOT },
  [DESK_SQL_PERSON_BY_UID]
    = { "SELECT " PERSON_COLUMNS " FROM person WHERE uid = $1", DESK_SQL_HOT },
  [DESK_SQL_PERSON_BY_LOGIN]
    = { "SELECT " PERSON_COLUMNS " FROM person WHERE login = $1", DESK_SQL_HOT },
  [DESK_SQL_PERSON_ID] = { "SELECT id FROM person WHERE uid = $1", DESK_SQL_HOT },
  [DESK_SQL_PERSON_SAVE]
    = { "INSERT INTO person (uid, login, name, email, role, removed, revision)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (uid) DO UPDATE SET"
        " login = excluded.login, name = excluded.name, email = excluded.email,"
        " role = excluded.role, removed = excluded.removed, revision = excluded.revision"
        " RETURNING id", 0 },
  [DESK_SQL_MEMBERSHIPS]
    = { "SELECT n.kind, n.slug FROM membership AS m JOIN entry AS n ON n.id = m.entry"
        " WHERE m.person = $1 ORDER BY n.slug", DESK_SQL_HOT },
  [DESK_SQL_MEMBERSHIPS_DELETE] = { "DELETE FROM membership WHERE person = $1", 0 },
  [DESK_SQL_MEMBERSHIP_INSERT] = { "INSERT INTO membership (person, entry) VALUES ($1, $2)", 0 },
  [DESK_SQL_ERASED_INSERT]
    = { "INSERT INTO erased (uid, at) VALUES ($1, $2) ON CONFLICT (uid) DO NOTHING", 0 },
  [DESK_SQL_ERASED_FIND] = { "SELECT 1 FROM erased WHERE uid = $1", 0 },
  [DESK_SQL_AUDIT_INSERT]
    = { "INSERT INTO audit (at, author, subject, revision, content)"
        " VALUES ($1, $2, $3, $4, $5)", 0 },
  /* Before the catalogue's revision goes up. */
  [DESK_SQL_PERSON_MOVED]
    = { "UPDATE person SET moved = (SELECT catalogue_revision + 1 FROM desk) WHERE uid = $1", 0 },
  [DESK_SQL_ENTRY_MOVED]
    = { "UPDATE entry SET moved = (SELECT catalogue_revision + 1 FROM desk)"
        " WHERE kind = $1 AND slug = $2", 0 },

  /* --- writing tickets --- */
  /* Nothing here returns rows or changes more than one: SQLite would open a statement journal for
   * it, and then the search index writes what it has gathered, op by op instead of by group. */
  [DESK_SQL_SEQUENCE_LAST] = { "SELECT last FROM sequence WHERE name = $1", DESK_SQL_HOT },
  [DESK_SQL_SEQUENCE_SAVE]
    = { "INSERT INTO sequence (name, last) VALUES ($1, $2)"
        " ON CONFLICT (name) DO UPDATE SET last = excluded.last", DESK_SQL_HOT },
  [DESK_SQL_NUMBER_TAKEN] = { "SELECT id FROM ticket WHERE number = $1", DESK_SQL_HOT },
  [DESK_SQL_TICKET_LAST] = { "SELECT max (id) FROM ticket", DESK_SQL_HOT },
  [DESK_SQL_TICKET_INSERT]
    = { "INSERT INTO ticket (number, summary, requester, topic, status, department, team,"
        " assignee, priority, sla, due_at, target_secs, spent_secs, running_since, resolution,"
        " steps, recommendations, resolved_at, closed_at, no, public_no, created_at, updated_at,"
        " public_at, tx, public_tx, last_event, public_last_event, attachments, id, uid)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,"
        " $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31)", DESK_SQL_HOT },
  [DESK_SQL_TICKET_UPDATE]
    = { "UPDATE ticket SET number = $1, summary = $2, requester = $3, topic = $4, status = $5,"
        " department = $6, team = $7, assignee = $8, priority = $9, sla = $10, due_at = $11,"
        " target_secs = $12, spent_secs = $13, running_since = $14, resolution = $15,"
        " steps = $16, recommendations = $17, resolved_at = $18, closed_at = $19, no = $20,"
        " public_no = $21, created_at = $22, updated_at = $23, public_at = $24, tx = $25,"
        " public_tx = $26, last_event = $27, public_last_event = $28, attachments = $29"
        " WHERE id = $30 AND uid = $31", DESK_SQL_HOT },
  [DESK_SQL_EVENT_INSERT]
    = { "INSERT INTO event (uid, ticket, no, public_no, kind, text, changes, target, author,"
        " device, via, cause, digest, at, accepted_at, redacted)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        DESK_SQL_HOT },
  [DESK_SQL_EVENT_BY_UID] = { "SELECT id, ticket, digest FROM event WHERE uid = $1", DESK_SQL_HOT },
  [DESK_SQL_EVENT_REDACT]
    = { "UPDATE event SET text = NULL, changes = $1, redacted = 1 WHERE id = $2", 0 },
  [DESK_SQL_EVENT_REWRITE] = { "UPDATE event SET changes = $1 WHERE uid = $2", 0 },
  [DESK_SQL_TALLY_ADD]
    = { "INSERT INTO tally (department, team, assignee, status, n) VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT (department, team, assignee, status) DO UPDATE SET n = n + excluded.n",
        DESK_SQL_HOT },
  [DESK_SQL_MOVED_INSERT]
    = { "INSERT INTO moved (tx, ticket, department, team, assignee, requester, at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (tx, ticket) DO NOTHING", DESK_SQL_HOT },
  [DESK_SQL_TEXT_PUBLIC_INSERT]
    = { "INSERT INTO text_public (rowid, words) VALUES ($1, $2)", DESK_SQL_HOT },
  [DESK_SQL_TEXT_PUBLIC_DELETE]
    = { "INSERT INTO text_public (text_public, rowid, words) VALUES ('delete', $1, $2)",
        DESK_SQL_HOT },
  [DESK_SQL_TEXT_INTERNAL_INSERT]
    = { "INSERT INTO text_internal (rowid, words) VALUES ($1, $2)", DESK_SQL_HOT },
  [DESK_SQL_TEXT_INTERNAL_DELETE]
    = { "INSERT INTO text_internal (text_internal, rowid, words) VALUES ('delete', $1, $2)",
        DESK_SQL_HOT },
  [DESK_SQL_RECEIPT_FIND]
    = { "SELECT digest, ticket, error, message FROM receipt WHERE op = $1", DESK_SQL_HOT },
  [DESK_SQL_RECEIPT_INSERT]
    = { "INSERT INTO receipt (op, digest, ticket, error, message, at)"
        " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (op) DO NOTHING", DESK_SQL_HOT },
  [DESK_SQL_RECEIPTS_SWEEP] = { "DELETE FROM receipt WHERE at < $1", 0 },
  /* They are few. */
  [DESK_SQL_RECEIPTS_SILENCE]
    = { "UPDATE receipt SET message = $1 WHERE error = $2", DESK_SQL_LONG },
  [DESK_SQL_RECEIPTS_SILENCE_TICKET]
    = { "UPDATE receipt SET message = $1 WHERE ticket = $2 AND error IS NOT NULL", DESK_SQL_LONG },
  [DESK_SQL_SEEN_SAVE]
    = { "INSERT INTO seen (ticket, person, no) VALUES ($1, $2, $3)"
        " ON CONFLICT (ticket, person) DO UPDATE SET no = excluded.no WHERE no < excluded.no",
        DESK_SQL_HOT },

  /* --- reading tickets --- */
  [DESK_SQL_TICKET_BY_ID] = { "SELECT " TICKET_COLUMNS " WHERE t.id = $1", DESK_SQL_HOT },
  [DESK_SQL_TICKET_BY_UID] = { "SELECT " TICKET_COLUMNS " WHERE t.uid = $1", DESK_SQL_HOT },
  [DESK_SQL_TICKET_BY_NUMBER] = { "SELECT " TICKET_COLUMNS " WHERE t.number = $1", DESK_SQL_HOT },
  [DESK_SQL_EVENTS]
    = { "SELECT " EVENT_COLUMNS " WHERE e.ticket = $1 AND e.no > $2 ORDER BY e.no", DESK_SQL_HOT },
  [DESK_SQL_EVENTS_OF_OP]
    = { "SELECT " EVENT_COLUMNS " WHERE e.uid = $1 UNION ALL"
        " SELECT " EVENT_COLUMNS " WHERE e.cause = $2", DESK_SQL_HOT },
  [DESK_SQL_ATTACHMENTS]
    = { "SELECT f.event, f.name, f.type, b.size_bytes, b.sha256 FROM attachment AS f"
        " JOIN blob AS b ON b.id = f.blob WHERE f.ticket = $1 ORDER BY f.event, f.position",
        DESK_SQL_HOT },
  [DESK_SQL_SEEN] = { "SELECT no FROM seen WHERE ticket = $1 AND person = $2", DESK_SQL_HOT },

  /* --- lists --- */
  /* All have the same columns: tx, public tx, due, priority, id, department, assignee, team. What
   * a list has no use for is a constant, so that its index alone is read. Only open tickets have a
   * due time. */
  [DESK_SQL_KEYS_STATUS]
    = { "SELECT tx, 0, 9223372036854775807, priority, id, department, assignee, team FROM ticket"
        " WHERE status = $1 AND tx <= $2 ORDER BY tx DESC", DESK_SQL_HOT },
  [DESK_SQL_KEYS_OPEN_DUE]
    = { "SELECT tx, 0, " DUE ", priority, id, department, assignee, team FROM ticket"
        " WHERE status = 0 ORDER BY " DUE ", id", DESK_SQL_HOT },
  [DESK_SQL_KEYS_OVERDUE]
    = { "SELECT tx, 0, " DUE ", priority, id, department, assignee, team FROM ticket"
        " WHERE status = 0 AND " DUE " < $1 ORDER BY " DUE ", id", DESK_SQL_HOT },
  [DESK_SQL_KEYS_DEPARTMENT]
    = { "SELECT tx, 0, " DUE ", priority, id, department, assignee, team FROM ticket"
        " WHERE department = $1 AND status = $2 AND tx <= $3 ORDER BY tx DESC", DESK_SQL_HOT },
  [DESK_SQL_KEYS_ASSIGNEE]
    = { "SELECT tx, 0, " DUE ", priority, id, department, assignee, team FROM ticket"
        " WHERE assignee = $1 AND status = $2 AND tx <= $3 ORDER BY tx DESC", DESK_SQL_HOT },
  [DESK_SQL_KEYS_REQUESTER]
    = { "SELECT 0, public_tx, " DUE ", priority, id, 0, 0, 0 FROM ticket WHERE requester = $1"
        " AND public_tx <= $2 ORDER BY public_tx DESC", DESK_SQL_HOT },
  [DESK_SQL_CHANGED]
    = { "SELECT tx, public_tx, " DUE ", priority, id, department, assignee, team, requester, status"
        " FROM ticket WHERE status = $1 AND tx > $2 ORDER BY tx LIMIT $3", DESK_SQL_HOT },
  [DESK_SQL_CHANGED_PUBLIC]
    = { "SELECT tx, public_tx, " DUE ", priority, id, department, assignee, team, requester, status"
        " FROM ticket WHERE requester = $1 AND public_tx > $2 ORDER BY public_tx LIMIT $3",
        DESK_SQL_HOT },
  [DESK_SQL_ROW]
    = { ROW_COLUMNS ("last_event", "no", "updated_at", "t.attachments"), DESK_SQL_HOT },
  [DESK_SQL_ROW_PUBLIC]
    = { ROW_COLUMNS ("public_last_event", "public_no", "public_at", HAS_PUBLIC_FILES),
        DESK_SQL_HOT },
  [DESK_SQL_COUNT_FILED]
    = { "SELECT count (*) FROM ticket WHERE requester = $1", DESK_SQL_HOT },
  [DESK_SQL_TALLY] = { "SELECT department, team, assignee, status, n FROM tally", DESK_SQL_LONG },

  /* --- search --- */
  /* What is found, and what decides who sees it; an index is named where the rest of the row, which
   * is long, must not be touched. */
  [DESK_SQL_FIND_PUBLIC]
    = { "SELECT text_public.rowid, e.ticket, t.department, t.assignee, t.team, t.requester"
        " FROM text_public"
        " CROSS JOIN event AS e INDEXED BY event_by_id ON e.id = text_public.rowid"
        " CROSS JOIN ticket AS t INDEXED BY ticket_by_id ON t.id = e.ticket"
        " WHERE text_public MATCH $1 ORDER BY text_public.rowid DESC", DESK_SQL_HOT },
  [DESK_SQL_FIND_INTERNAL]
    = { "SELECT text_internal.rowid, e.ticket, t.department, t.assignee, t.team, t.requester"
        " FROM text_internal"
        " CROSS JOIN event AS e INDEXED BY event_by_id ON e.id = text_internal.rowid"
        " CROSS JOIN ticket AS t INDEXED BY ticket_by_id ON t.id = e.ticket"
        " WHERE text_internal MATCH $1 ORDER BY text_internal.rowid DESC", DESK_SQL_HOT },
  [DESK_SQL_TICKET_ID_BY_UID] = { "SELECT id FROM ticket WHERE uid = $1", DESK_SQL_HOT },
  [DESK_SQL_WORD_PUBLIC]
    = { "SELECT term FROM words_public WHERE term >= $1 AND term < $2 LIMIT 1", DESK_SQL_HOT },
  [DESK_SQL_WORD_INTERNAL]
    = { "SELECT term FROM words_internal WHERE term >= $1 AND term < $2 LIMIT 1", DESK_SQL_HOT },
  [DESK_SQL_EVENT_TICKET]
    = { "SELECT ticket FROM event WHERE id = $1", DESK_SQL_HOT },

  /* --- blobs --- */
  [DESK_SQL_BLOB_START]
    = { "INSERT INTO blob (sha256, size_bytes, touched_at) VALUES (NULL, $1, $2) RETURNING id", 0 },
  [DESK_SQL_BLOB_FINISH] = { "UPDATE blob SET sha256 = $1, size_bytes = $2 WHERE id = $3", 0 },
  [DESK_SQL_BLOB_DELETE] = { "DELETE FROM blob WHERE id = $1", 0 },
  [DESK_SQL_BLOB_UNNAME]
    = { "UPDATE blob SET sha256 = NULL WHERE id = $1 AND touched_at < $2"
        " AND NOT EXISTS (SELECT 1 FROM attachment AS f WHERE f.blob = blob.id)"
        " AND NOT " OUTBOX_NAMES_BLOB, DESK_SQL_LONG },
  [DESK_SQL_BLOB_FORGET]
    = { "DELETE FROM blob WHERE id = $1"
        " AND NOT EXISTS (SELECT 1 FROM attachment AS f WHERE f.blob = blob.id)"
        " AND NOT " OUTBOX_NAMES_BLOB, DESK_SQL_LONG },
  [DESK_SQL_BLOB_TOUCH] = { "UPDATE blob SET touched_at = $1 WHERE id = $2", 0 },
  [DESK_SQL_BLOB_FIND] = { "SELECT id, size_bytes FROM blob WHERE sha256 = $1", DESK_SQL_HOT },
  [DESK_SQL_BLOB_IN_TICKET]
    = { "SELECT f.blob FROM attachment AS f JOIN blob AS b ON b.id = f.blob"
        " JOIN event AS e ON e.id = f.event"
        " WHERE f.ticket = $1 AND b.sha256 = $2 AND (e.public_no IS NOT NULL OR $3 = 1) LIMIT 1",
        DESK_SQL_HOT },
  [DESK_SQL_BLOB_SWEEP]
    = { "SELECT id FROM blob WHERE touched_at < $1"
        " AND NOT EXISTS (SELECT 1 FROM attachment AS f WHERE f.blob = blob.id)",
        DESK_SQL_LONG },
  [DESK_SQL_CHUNK_INSERT] = { "INSERT INTO chunk (blob, position, data) VALUES ($1, $2, $3)", 0 },
  [DESK_SQL_CHUNKS_DELETE]
    = { "DELETE FROM chunk WHERE blob = $1 AND position IN"
        " (SELECT position FROM chunk WHERE blob = $2 ORDER BY position DESC LIMIT $3)",
        DESK_SQL_HOT },
  [DESK_SQL_CHUNKS] = { "SELECT data FROM chunk WHERE blob = $1 ORDER BY position", 0 },
  [DESK_SQL_ATTACHMENT_INSERT]
    = { "INSERT INTO attachment (event, position, ticket, name, type, blob)"
        " VALUES ($1, $2, $3, $4, $5, $6)", 0 },
  [DESK_SQL_ATTACHMENTS_DELETE] = { "DELETE FROM attachment WHERE event = $1", 0 },

  /* --- serving copies --- */
  /* All have the same columns: place, ticket, department, assignee, team. */
  [DESK_SQL_FEED_CHANGED]
    = { "SELECT tx, id, department, assignee, team FROM ticket"
        " WHERE status = $1 AND tx > $2 ORDER BY tx LIMIT $3", DESK_SQL_HOT },
  [DESK_SQL_FEED_OWN]
    = { "SELECT public_tx, id, department, assignee, team FROM ticket"
        " WHERE requester = $1 AND public_tx > $2 ORDER BY public_tx LIMIT $3", DESK_SQL_HOT },
  [DESK_SQL_FEED_MOVED]
    = { "SELECT tx, ticket, department, assignee, team, requester FROM moved"
        " WHERE tx > $1 ORDER BY tx LIMIT $2", DESK_SQL_HOT },
  [DESK_SQL_FEED_MOVED_OF]
    = { "SELECT tx, ticket, department, assignee, team, requester FROM moved"
        " WHERE requester = $1 AND tx > $2 ORDER BY tx LIMIT $3", DESK_SQL_HOT },
  [DESK_SQL_FILL_STATUS]
    = { "SELECT tx, id, department, assignee, team FROM ticket"
        " WHERE status = $1 AND tx < $2 ORDER BY tx DESC LIMIT $3", DESK_SQL_HOT },
  [DESK_SQL_FILL_OWN]
    = { "SELECT public_tx, id, department, assignee, team, status, updated_at FROM ticket"
        " WHERE requester = $1 AND public_tx < $2 ORDER BY public_tx DESC LIMIT $3",
        DESK_SQL_HOT },
  [DESK_SQL_FILL_CLOSED]
    = { "SELECT updated_at, id, department, assignee, team FROM ticket"
        " WHERE status = 3 AND (updated_at, id) < ($1, $2) AND updated_at >= $3"
        " ORDER BY updated_at DESC, id DESC LIMIT $4", DESK_SQL_HOT },
  [DESK_SQL_FEED_PLACE]
    = { "SELECT uid, department, assignee, team, requester FROM ticket WHERE id = $1",
        DESK_SQL_HOT },
  [DESK_SQL_FEED_PEOPLE]
    = { "SELECT " PERSON_COLUMNS ", moved FROM person"
        " WHERE moved > 0 AND moved > $1 AND moved <= $2 ORDER BY moved LIMIT $3", DESK_SQL_HOT },
  [DESK_SQL_FEED_ENTRIES] = { "SELECT max (moved) FROM entry", 0 },
  /* Whether a requester's tickets name somebody: $1 requester, $2 and $4 person, $5 their uid as in
   * changes, $3 and $6 whether assignees are shown. */
  [DESK_SQL_FEED_NAMED]
    = { "SELECT 1 FROM ticket AS t WHERE t.requester = $1"
        " AND (t.assignee = $2 AND $3 = 1 OR EXISTS (SELECT 1 FROM event AS e WHERE e.ticket = t.id"
        " AND e.public_no IS NOT NULL AND (e.author = $4 OR instr (e.changes, $5) > 0 AND $6 = 1)))"
        " LIMIT 1", DESK_SQL_HOT },
  [DESK_SQL_EVENTS_NEWEST]
    = { "SELECT " EVENT_COLUMNS " WHERE e.ticket = $1 ORDER BY e.no DESC", DESK_SQL_HOT },
  [DESK_SQL_EVENT_LAST] = { "SELECT id, uid FROM event ORDER BY id DESC LIMIT 1", 0 },
  [DESK_SQL_EVENT_UID] = { "SELECT uid FROM event WHERE id = $1", DESK_SQL_HOT },
  [DESK_SQL_MOVED_SWEEP] = { "DELETE FROM moved WHERE at < $1", DESK_SQL_HOT },
  [DESK_SQL_INCARNATION_INSERT]
    = { "INSERT INTO incarnation (id, tx, revision, at)"
        " SELECT $1, tx, catalogue_revision, $2 FROM desk", 0 },
  [DESK_SQL_INCARNATION_NEWEST]
    = { "SELECT id FROM incarnation ORDER BY n DESC LIMIT 1", 0 },
  /* That of the id, and the one that followed it: how far the past of the first goes. */
  [DESK_SQL_INCARNATION_AFTER]
    = { "SELECT x.tx, x.revision FROM incarnation AS i LEFT JOIN incarnation AS x"
        " ON x.n = (SELECT min (y.n) FROM incarnation AS y WHERE y.n > i.n) WHERE i.id = $1",
        DESK_SQL_HOT },
  [DESK_SQL_INCARNATION_SWEEP]
    = { "DELETE FROM incarnation WHERE at < $1 AND n < (SELECT max (n) FROM incarnation"
        " WHERE at < $2)", DESK_SQL_LONG },
  [DESK_SQL_SECRET] = { "SELECT value FROM secret WHERE name = $1", 0 },
  [DESK_SQL_SECRET_INSERT]
    = { "INSERT INTO secret (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING", 0 },

  /* --- signing in --- */
  [DESK_SQL_ACCOUNT_ANY]
    = { "SELECT 1 FROM account AS a JOIN person AS p ON p.id = a.person WHERE p.removed = 0"
        " LIMIT 1", DESK_SQL_LONG },
  [DESK_SQL_ACCOUNT_HASH]
    = { "SELECT a.hash FROM account AS a JOIN person AS p ON p.id = a.person WHERE p.uid = $1",
        DESK_SQL_HOT },
  [DESK_SQL_ACCOUNT_SET]
    = { "INSERT INTO account (person, hash, changed_at) VALUES ($1, $2, $3)"
        " ON CONFLICT (person) DO UPDATE SET hash = excluded.hash,"
        " changed_at = excluded.changed_at", DESK_SQL_HOT },
  [DESK_SQL_ACCOUNT_REHASH] = { "UPDATE account SET hash = $1 WHERE person = $2", DESK_SQL_HOT },
  [DESK_SQL_SESSION_INSERT]
    = { "INSERT INTO session (uid, token, person, device, device_name, via, created_at, used_at,"
        " expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)", DESK_SQL_HOT },
  [DESK_SQL_SESSION_BY_TOKEN]
    = { "SELECT " SESSION_COLUMNS " WHERE s.token = $1 AND s.expires_at > $2 AND p.removed = 0",
        DESK_SQL_HOT },
  [DESK_SQL_SESSION_BY_UID]
    = { "SELECT s.id, p.uid FROM session AS s JOIN person AS p ON p.id = s.person WHERE s.uid = $1",
        DESK_SQL_HOT },
  [DESK_SQL_SESSION_TOUCH]
    = { "UPDATE session SET used_at = $1, expires_at = $2 WHERE uid = $3", DESK_SQL_HOT },
  [DESK_SQL_SESSIONS]
    = { "SELECT " SESSION_COLUMNS " WHERE s.expires_at > $1 AND p.removed = 0"
        " ORDER BY s.used_at DESC, s.id DESC", DESK_SQL_LONG },
  [DESK_SQL_SESSIONS_OF]
    = { "SELECT " SESSION_COLUMNS " WHERE s.person = $1 AND s.expires_at > $2 AND p.removed = 0"
        " ORDER BY s.used_at DESC, s.id DESC", DESK_SQL_HOT },
  [DESK_SQL_SESSION_DELETE] = { "DELETE FROM session WHERE id = $1", DESK_SQL_HOT },
  [DESK_SQL_SESSIONS_DELETE_OF] = { "DELETE FROM session WHERE person = $1", DESK_SQL_HOT },
  [DESK_SQL_SESSIONS_DELETE_OTHERS]
    = { "DELETE FROM session WHERE person = $1 AND uid <> $2", DESK_SQL_HOT },
  [DESK_SQL_SESSIONS_DELETE_DEVICE]
    = { "DELETE FROM session WHERE person = $1 AND device = $2", DESK_SQL_HOT },
  [DESK_SQL_SESSIONS_SWEEP] = { "DELETE FROM session WHERE expires_at <= $1", DESK_SQL_HOT },
  [DESK_SQL_INVITATION_INSERT]
    = { "INSERT INTO invitation (code, person, expires_at) VALUES ($1, $2, $3)", DESK_SQL_HOT },
  [DESK_SQL_INVITATION_FIND]
    = { "SELECT p.uid FROM invitation AS i JOIN person AS p ON p.id = i.person"
        " WHERE i.code = $1 AND i.expires_at > $2 AND p.removed = 0", DESK_SQL_HOT },
  [DESK_SQL_INVITATION_DELETE] = { "DELETE FROM invitation WHERE code = $1", DESK_SQL_HOT },
  [DESK_SQL_INVITATION_DELETE_OF] = { "DELETE FROM invitation WHERE person = $1", DESK_SQL_HOT },
  [DESK_SQL_INVITATIONS_SWEEP] = { "DELETE FROM invitation WHERE expires_at <= $1", DESK_SQL_LONG },
  [DESK_SQL_ACCOUNTS_ALL]
    = { "SELECT p.uid, a.hash, a.changed_at FROM account AS a JOIN person AS p ON p.id = a.person",
        DESK_SQL_LONG },
  [DESK_SQL_SESSIONS_ALL]
    = { "SELECT " SESSION_VALUES ", s.token FROM session AS s JOIN person AS p ON p.id = s.person",
        DESK_SQL_LONG },
  [DESK_SQL_INVITATIONS_ALL]
    = { "SELECT p.uid, i.code, i.expires_at FROM invitation AS i JOIN person AS p"
        " ON p.id = i.person", DESK_SQL_LONG },
  [DESK_SQL_ACCOUNTS_CLEAR] = { "DELETE FROM account", DESK_SQL_LONG },
  [DESK_SQL_SESSIONS_CLEAR] = { "DELETE FROM session", DESK_SQL_LONG },
  [DESK_SQL_INVITATIONS_CLEAR] = { "DELETE FROM invitation", DESK_SQL_LONG },

  /* --- checking --- */
  [DESK_SQL_CHECK_MOVED]
    = { "SELECT m.tx FROM moved AS m LEFT JOIN ticket AS t ON t.id = m.ticket"
        " LEFT JOIN entry AS d ON d.id = m.department LEFT JOIN person AS r ON r.id = m.requester"
        " WHERE m.tx < 1 OR t.id IS NULL OR m.tx > t.tx OR d.kind IS NOT 1 OR r.id IS NULL",
        DESK_SQL_LONG },
  /* SQLite's own. */
  [DESK_SQL_CHECK_FILE]
    = { "SELECT integrity_check FROM pragma_integrity_check", DESK_SQL_LONG },
  [DESK_SQL_CHECK_REFERENCES]
    = { "SELECT \"table\", parent, rowid FROM pragma_foreign_key_check", DESK_SQL_LONG },
  [DESK_SQL_CHECK_TALLY]
    = { "SELECT department, status, sum (counted), sum (there) FROM"
        " (SELECT department, team, assignee, status, n AS counted, 0 AS there FROM tally"
        " UNION ALL SELECT department, coalesce (team, 0), coalesce (assignee, 0), status, 0, 1"
        " FROM ticket) AS both GROUP BY department, team, assignee, status"
        " HAVING sum (counted) <> sum (there)",
        DESK_SQL_LONG },
  [DESK_SQL_CHECK_ORDER]
    = { "SELECT number FROM ticket WHERE tx > (SELECT tx FROM desk) OR tx < 1 OR public_tx > tx",
        DESK_SQL_LONG },
  [DESK_SQL_CHECK_ERASED]
    = { "SELECT p.uid FROM erased AS x JOIN person AS p ON p.uid = x.uid"
        " WHERE p.login IS NOT NULL OR p.name IS NOT NULL OR p.email IS NOT NULL",
        DESK_SQL_LONG },
  [DESK_SQL_CHECK_ATTACHMENTS]
    = { "SELECT t.number, f.name, e.no FROM attachment AS f JOIN event AS e ON e.id = f.event"
        " JOIN ticket AS t ON t.id = e.ticket LEFT JOIN blob AS b ON b.id = f.blob"
        " WHERE b.sha256 IS NULL OR f.ticket <> e.ticket",
        DESK_SQL_LONG },
  [DESK_SQL_CHECK_TEXT_PUBLIC]
    = { "INSERT INTO text_public (text_public) VALUES ('integrity-check')", DESK_SQL_LONG },
  [DESK_SQL_CHECK_TEXT_INTERNAL]
    = { "INSERT INTO text_internal (text_internal) VALUES ('integrity-check')", DESK_SQL_LONG },
  [DESK_SQL_TICKET_IDS] = { "SELECT id FROM ticket ORDER BY id", DESK_SQL_LONG },
  [DESK_SQL_TICKETS_COUNT] = { "SELECT count (*) FROM ticket", DESK_SQL_LONG },
  [DESK_SQL_DOCUMENTS_PUBLIC] = { "SELECT id FROM text_public_docsize", DESK_SQL_LONG },
  [DESK_SQL_DOCUMENTS_INTERNAL] = { "SELECT id FROM text_internal_docsize", DESK_SQL_LONG },
  [DESK_SQL_WORDS_PUBLIC] = { "SELECT term, doc FROM words_public", DESK_SQL_LONG },
  [DESK_SQL_WORDS_INTERNAL] = { "SELECT term, doc FROM words_internal", DESK_SQL_LONG },
  [DESK_SQL_BLOBS]
    = { "SELECT id, sha256, size_bytes FROM blob WHERE sha256 IS NOT NULL AND missing = 0"
        " ORDER BY id",
        DESK_SQL_LONG },
  [DESK_SQL_BLOBS_COUNT]
    = { "SELECT count (*) FROM blob WHERE sha256 IS NOT NULL AND missing = 0", DESK_SQL_LONG },
  [DESK_SQL_BLOB_OWNER]
    = { "SELECT t.number, f.name FROM attachment AS f JOIN ticket AS t ON t.id = f.ticket"
        " WHERE f.blob = $1 LIMIT 1", 0 },

  /* --- exporting; in an order that does not depend on this file's own numbers --- */
  [DESK_SQL_EXPORT_TOTAL]
    = { "SELECT (SELECT count (*) FROM event)"
        " + (SELECT coalesce (sum (size_bytes / 262144 + 1), 0) FROM blob)", DESK_SQL_LONG },
  [DESK_SQL_EXPORT_PEOPLE]
    = { "SELECT " PERSON_COLUMNS " FROM person ORDER BY uid", DESK_SQL_LONG },
  [DESK_SQL_EXPORT_AUDIT]
    = { "SELECT at, author, subject, revision, content FROM audit ORDER BY id", DESK_SQL_LONG },
  [DESK_SQL_EXPORT_SEQUENCES] = { "SELECT name, last FROM sequence ORDER BY name", DESK_SQL_LONG },
  [DESK_SQL_EXPORT_BLOBS]
    = { "SELECT b.id, b.sha256, b.size_bytes FROM blob AS b WHERE b.sha256 IS NOT NULL"
        " AND EXISTS (SELECT 1 FROM attachment AS f WHERE f.blob = b.id) ORDER BY b.sha256",
        DESK_SQL_LONG },
  [DESK_SQL_EXPORT_EVENTS]
    = { "SELECT " EVENT_VALUES ", t.uid, e.digest, t.attachments FROM event AS e"
        " JOIN person AS p ON p.id = e.author JOIN ticket AS t ON t.id = e.ticket ORDER BY e.id",
        DESK_SQL_LONG },
  [DESK_SQL_ATTACHMENTS_OF_EVENT]
    = { "SELECT f.event, f.name, f.type, b.size_bytes, b.sha256 FROM attachment AS f"
        " JOIN blob AS b ON b.id = f.blob WHERE f.event = $1 ORDER BY f.position", DESK_SQL_HOT },
  [DESK_SQL_EXPORT_SEEN]
    = { "SELECT t.uid, p.uid, s.no FROM seen AS s JOIN ticket AS t ON t.id = s.ticket"
        " JOIN person AS p ON p.id = s.person ORDER BY s.ticket, p.uid", DESK_SQL_LONG },

  /* --- importing --- */
  [DESK_SQL_DESK_ADOPT] = { "UPDATE desk SET uid = $1, epoch = $2", 0 },
  [DESK_SQL_TICKET_ANY] = { "SELECT 1 FROM ticket LIMIT 1", 0 },
  [DESK_SQL_PERSON_DELETE] = { "DELETE FROM person WHERE id = $1", 0 },
  [DESK_SQL_AUDIT_DELETE] = { "DELETE FROM audit WHERE author = $1", DESK_SQL_LONG },
  [DESK_SQL_AUDIT_FIND]
    = { "SELECT id FROM audit WHERE id > $1 AND at = $2 AND author = $3 AND subject = $4"
        " AND revision = $5 AND content = $6 ORDER BY id LIMIT 1", DESK_SQL_LONG },
  [DESK_SQL_SEQUENCE_RAISE]
    = { "INSERT INTO sequence (name, last) VALUES ($1, $2)"
        " ON CONFLICT (name) DO UPDATE SET last = excluded.last WHERE last < excluded.last", 0 },
  [DESK_SQL_EXPORT_EVENT]
    = { "SELECT " EVENT_VALUES ", t.uid, e.digest, t.attachments FROM event AS e"
        " JOIN person AS p ON p.id = e.author JOIN ticket AS t ON t.id = e.ticket"
        " WHERE e.uid = $1", DESK_SQL_HOT },
  [DESK_SQL_RECEIPT_DELETE] = { "DELETE FROM receipt WHERE op = $1", DESK_SQL_HOT },
  [DESK_SQL_PERSON_BY_EMAIL]
    = { "SELECT " PERSON_COLUMNS " FROM person WHERE email = $1 COLLATE NOCASE AND removed = 0"
        " LIMIT 2", DESK_SQL_HOT },
  [DESK_SQL_PERSON_BY_NAME]
    = { "SELECT " PERSON_COLUMNS " FROM person WHERE name = $1 COLLATE NOCASE AND removed = 0"
        " LIMIT 2", DESK_SQL_HOT },

  /* --- being a copy --- */
  [DESK_SQL_REPLICA]
    = { "SELECT address, reader, cursor, filling, refilling, heard, fill_tx, fill_event,"
        " reread_tx, pulled_at, seen FROM replica", DESK_SQL_HOT },
  [DESK_SQL_REPLICA_IS_ONE] = { "SELECT id FROM replica", DESK_SQL_HOT },
  [DESK_SQL_REPLICA_INSERT]
    = { "INSERT INTO replica (id, address, reader, filling, refilling, heard, fill_tx, fill_event,"
        " reread_tx, pulled_at) VALUES (1, $1, $2, 1, 0, 0, 0, 0, 0, 0)", 0 },
  [DESK_SQL_REPLICA_SAVE]
    = { "UPDATE replica SET cursor = $1, filling = $2, refilling = $3, heard = $4, fill_tx = $5,"
        " fill_event = $6, reread_tx = $7, pulled_at = $8, seen = $9 WHERE id = 1", DESK_SQL_HOT },
  [DESK_SQL_REPLICA_REREAD] = { "SELECT reread_tx FROM replica", DESK_SQL_HOT },
  [DESK_SQL_REPLICA_GAPS] = { "SELECT count (*) FROM gap", DESK_SQL_LONG },
  [DESK_SQL_REPLICA_UNINDEXED] = { "SELECT count (*) FROM unindexed", DESK_SQL_LONG },
  [DESK_SQL_ENTRY_DELETE] = { "DELETE FROM entry WHERE id = $1", 0 },
  [DESK_SQL_ENTRY_IN_USE]
    = { "SELECT 1 FROM ticket WHERE department = $1 OR topic = $2 OR team = $3 OR sla = $4 LIMIT 1",
        DESK_SQL_LONG },
  [DESK_SQL_ENTRY_MEMBERS_DELETE] = { "DELETE FROM membership WHERE entry = $1", 0 },
  [DESK_SQL_LOGIN_FREE]
    = { "UPDATE person SET login = NULL WHERE login = $1 AND uid <> $2", DESK_SQL_HOT },
  [DESK_SQL_PERSON_MET]
    = { "INSERT INTO met (person) VALUES ($1) ON CONFLICT (person) DO NOTHING", DESK_SQL_HOT },
  [DESK_SQL_PERSON_NOT_MET]
    = { "UPDATE person SET login = NULL, name = NULL, email = NULL, role = 0, revision = 0"
        " WHERE id = $1",
        DESK_SQL_HOT },
  [DESK_SQL_PEOPLE_NOT_MET]
    = { "SELECT p.id FROM person AS p WHERE NOT EXISTS"
        " (SELECT 1 FROM met AS m WHERE m.person = p.id)", DESK_SQL_LONG },
  [DESK_SQL_NUMBER_FREE]
    = { "UPDATE ticket SET number = NULL WHERE number = $1 AND uid <> $2", DESK_SQL_HOT },
  [DESK_SQL_TICKET_FLAGS]
    = { "SELECT t.internal, t.pending, EXISTS (SELECT 1 FROM unindexed AS u WHERE u.ticket = t.id),"
        " EXISTS (SELECT 1 FROM delivered AS d WHERE d.ticket = t.id)"
        " FROM ticket AS t WHERE t.id = $1", DESK_SQL_HOT },
  [DESK_SQL_TICKET_PENDING] = { "SELECT pending FROM ticket WHERE id = $1", DESK_SQL_HOT },
  [DESK_SQL_TICKET_SET_FLAGS]
    = { "UPDATE ticket SET internal = $1, pending = $2 WHERE id = $3", DESK_SQL_HOT },
  [DESK_SQL_TICKET_BEFORE] = { "SELECT max (id) FROM ticket WHERE id < $1", DESK_SQL_HOT },
  [DESK_SQL_TICKET_DELETE] = { "DELETE FROM ticket WHERE id = $1", DESK_SQL_HOT },
  [DESK_SQL_TICKETS_NOT_DELIVERED]
    = { "SELECT t.uid FROM ticket AS t WHERE t.no > 0 AND NOT EXISTS"
        " (SELECT 1 FROM delivered AS d WHERE d.ticket = t.id) LIMIT $1", DESK_SQL_LONG },
  [DESK_SQL_TICKET_DELIVERED]
    = { "INSERT INTO delivered (ticket) VALUES ($1) ON CONFLICT (ticket) DO NOTHING",
        DESK_SQL_HOT },
  [DESK_SQL_DELIVERED_CLEAR] = { "DELETE FROM delivered", DESK_SQL_LONG },
  [DESK_SQL_MET_CLEAR] = { "DELETE FROM met", DESK_SQL_LONG },
  [DESK_SQL_SEEN_DELETE] = { "DELETE FROM seen WHERE ticket = $1", DESK_SQL_HOT },
  [DESK_SQL_BASE_FIND] = { "SELECT body FROM base WHERE ticket = $1", DESK_SQL_HOT },
  [DESK_SQL_BASE_SAVE]
    = { "INSERT INTO base (ticket, body) VALUES ($1, $2)"
        " ON CONFLICT (ticket) DO UPDATE SET body = excluded.body", DESK_SQL_HOT },
  [DESK_SQL_BASE_DELETE] = { "DELETE FROM base WHERE ticket = $1", DESK_SQL_HOT },
  [DESK_SQL_GAP_ADD]
    = { "INSERT INTO gap (ticket) VALUES ($1) ON CONFLICT (ticket) DO NOTHING", DESK_SQL_HOT },
  [DESK_SQL_GAP_DELETE] = { "DELETE FROM gap WHERE ticket = $1", DESK_SQL_HOT },
  [DESK_SQL_GAP_FIND] = { "SELECT 1 FROM gap WHERE ticket = $1", DESK_SQL_HOT },
  [DESK_SQL_GAPS]
    = { "SELECT g.ticket, t.uid FROM gap AS g JOIN ticket AS t ON t.id = g.ticket"
        " ORDER BY g.ticket DESC LIMIT $1", 0 },
  [DESK_SQL_FILES_HERE]
    = { "SELECT id, size_bytes, sha256, " OUTBOX_NAMES_BLOB " FROM blob WHERE missing = 0 AND sha256 IS NOT NULL"
        " AND EXISTS (SELECT 1 FROM attachment AS f WHERE f.blob = blob.id)"
        " ORDER BY touched_at DESC, id DESC", DESK_SQL_LONG },
  [DESK_SQL_FILE_LEFT] = { "UPDATE blob SET missing = 1 WHERE id = $1", DESK_SQL_HOT },
  [DESK_SQL_UNTOLD_ADD]
    = { "INSERT INTO untold (ticket) SELECT $1 FROM replica WHERE id = 1"
        " ON CONFLICT (ticket) DO NOTHING", DESK_SQL_HOT },
  [DESK_SQL_UNTOLD_AGAIN]
    = { "INSERT INTO untold (ticket) SELECT ticket FROM seen"
        " WHERE ticket = $1 AND person = $2 AND no > $3 ON CONFLICT (ticket) DO NOTHING",
        DESK_SQL_HOT },
  [DESK_SQL_UNTOLD_DELETE] = { "DELETE FROM untold WHERE ticket = $1", DESK_SQL_HOT },
  [DESK_SQL_UNTOLD_TOLD]
    = { "DELETE FROM untold WHERE ticket = (SELECT t.id FROM ticket AS t WHERE t.uid = $1)"
        " AND NOT EXISTS (SELECT 1 FROM seen AS s WHERE s.ticket = untold.ticket"
        " AND s.person = $2 AND s.no > $3)", DESK_SQL_HOT },
  [DESK_SQL_UNTOLD]
    = { "SELECT t.uid, s.no FROM untold AS u JOIN ticket AS t ON t.id = u.ticket"
        " JOIN seen AS s ON s.ticket = u.ticket AND s.person = $1"
        " WHERE t.number IS NOT NULL ORDER BY u.ticket LIMIT $2", 0 },
  [DESK_SQL_UNINDEXED_ADD]
    = { "INSERT INTO unindexed (ticket) VALUES ($1) ON CONFLICT (ticket) DO NOTHING",
        DESK_SQL_HOT },
  [DESK_SQL_UNINDEXED_DELETE] = { "DELETE FROM unindexed WHERE ticket = $1", DESK_SQL_HOT },
  [DESK_SQL_UNINDEXED] = { "SELECT ticket FROM unindexed ORDER BY ticket DESC LIMIT $1", 0 },
  [DESK_SQL_EVENT_PUT]
    = { "INSERT INTO event (id, uid, ticket, no, public_no, kind, text, changes, target, author,"
        " device, via, cause, at, accepted_at, redacted)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        DESK_SQL_HOT },
  [DESK_SQL_EVENT_MAX] = { "SELECT max (id) FROM event", DESK_SQL_HOT },
  [DESK_SQL_EVENT_PLACE]
    = { "SELECT id, uid FROM event WHERE ticket = $1 AND no = $2", DESK_SQL_HOT },
  [DESK_SQL_EVENT_STATE]
    = { "SELECT id, ticket, no, redacted, changes, public_no, accepted_at FROM event"
        " WHERE uid = $1", DESK_SQL_HOT },
  [DESK_SQL_EVENT_REPLACE]
    = { "UPDATE event SET text = $1, changes = $2, redacted = $3 WHERE id = $4", DESK_SQL_HOT },
  [DESK_SQL_EVENTS_COUNT]
    = { "SELECT count (*) FROM event WHERE ticket = $1 AND no <= $2", DESK_SQL_HOT },
  [DESK_SQL_EVENT_NUMBERS]
    = { "SELECT no FROM event WHERE ticket = $1 ORDER BY no", DESK_SQL_HOT },
  [DESK_SQL_EVENTS_DELETE] = { "DELETE FROM event WHERE ticket = $1", DESK_SQL_HOT },
  [DESK_SQL_EVENTS_WORDS]
    = { "SELECT id, public_no, text, changes FROM event WHERE ticket = $1 ORDER BY no DESC",
        DESK_SQL_HOT },
  [DESK_SQL_ATTACHMENTS_COUNT]
    = { "SELECT count (*) FROM attachment WHERE ticket = $1", DESK_SQL_HOT },
  [DESK_SQL_ATTACHMENTS_BLOBS]
    = { "SELECT blob FROM attachment WHERE ticket = $1", DESK_SQL_HOT },
  [DESK_SQL_ATTACHMENTS_BLOBS_OF_EVENT]
    = { "SELECT blob FROM attachment WHERE event = $1", DESK_SQL_HOT },
  [DESK_SQL_ATTACHMENTS_DELETE_OF_TICKET]
    = { "DELETE FROM attachment WHERE ticket = $1", DESK_SQL_HOT },
  [DESK_SQL_BLOB_EXPECT]
    = { "INSERT INTO blob (sha256, size_bytes, touched_at, missing) VALUES ($1, $2, $3, 1)"
        " RETURNING id", DESK_SQL_HOT },
  [DESK_SQL_BLOB_ARRIVED] = { "UPDATE blob SET missing = 0 WHERE id = $1", DESK_SQL_HOT },
  [DESK_SQL_BLOB_IS_MISSING] = { "SELECT missing FROM blob WHERE id = $1", DESK_SQL_HOT },
  [DESK_SQL_BLOB_ABSENT]
    = { "SELECT count (*) FROM blob WHERE sha256 = $1 AND missing = 1", DESK_SQL_HOT },
  [DESK_SQL_CHUNKS_MOVE] = { "UPDATE chunk SET blob = $1 WHERE blob = $2", DESK_SQL_HOT },
  [DESK_SQL_UPLOAD_FIND]
    = { "SELECT id, sent_bytes, size_bytes FROM upload WHERE sha256 = $1", DESK_SQL_HOT },
  [DESK_SQL_UPLOAD_SAVE]
    = { "INSERT INTO upload (sha256, id, sent_bytes, size_bytes) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (sha256) DO UPDATE SET id = excluded.id, sent_bytes = excluded.sent_bytes,"
        " size_bytes = excluded.size_bytes", DESK_SQL_HOT },
  [DESK_SQL_UPLOAD_DROP] = { "DELETE FROM upload WHERE sha256 = $1", DESK_SQL_HOT },
  [DESK_SQL_UPLOADS_CLEAR] = { "DELETE FROM upload", 0 },
  [DESK_SQL_UPLOADS_SETTLED]
    = { "DELETE FROM upload WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE state = 0)", 0 },
  [DESK_SQL_OUTBOX_ADD]
    = { "INSERT INTO outbox (op, ticket, body, state, at) VALUES ($1, $2, $3, 0, $4)",
        DESK_SQL_HOT },
  [DESK_SQL_OUTBOX_FIND]
    = { "SELECT n, body, state, tried FROM outbox WHERE op = $1", DESK_SQL_HOT },
  [DESK_SQL_OUTBOX_TAKE]
    = { "SELECT body, problem, at FROM outbox WHERE state = $1 ORDER BY n", DESK_SQL_HOT },
  [DESK_SQL_OUTBOX_OF_TICKET]
    = { "SELECT body, n FROM outbox WHERE ticket = $1 AND state = 0 ORDER BY n", DESK_SQL_HOT },
  [DESK_SQL_OUTBOX_OPEN_OF_TICKET]
    = { "SELECT n, body, problem, state FROM outbox WHERE ticket = $1 AND state IN (0, 2)"
        " ORDER BY n", DESK_SQL_HOT },
  [DESK_SQL_OUTBOX_COUNT_OF_TICKET]
    = { "SELECT count (*) FROM outbox WHERE ticket = $1 AND state = 0", DESK_SQL_HOT },
  [DESK_SQL_OUTBOX_COUNT] = { "SELECT count (*) FROM outbox WHERE state = $1", DESK_SQL_HOT },
  [DESK_SQL_OUTBOX_STATE]
    = { "UPDATE outbox SET state = $1, problem = $2, at = $3 WHERE n = $4", DESK_SQL_HOT },
  [DESK_SQL_OUTBOX_BODY] = { "UPDATE outbox SET body = $1 WHERE n = $2", DESK_SQL_HOT },
  [DESK_SQL_OUTBOX_SENT_SINCE]
    = { "SELECT n, body FROM outbox WHERE state = 1 AND at >= $1 ORDER BY n", DESK_SQL_HOT },
  [DESK_SQL_OUTBOX_DROP] = { "DELETE FROM outbox WHERE op = $1 AND state = 2", DESK_SQL_HOT },
  [DESK_SQL_OUTBOX_TRIED]
    = { "UPDATE outbox SET tried = $1 WHERE op = $2 AND state = 0", DESK_SQL_HOT },
  [DESK_SQL_OUTBOX_TRIED_OF_TICKET]
    = { "SELECT op FROM outbox WHERE ticket = $1 AND state = 0 AND tried = 1 ORDER BY n",
        DESK_SQL_HOT },
  [DESK_SQL_OUTBOX_WITHDRAW]
    = { "DELETE FROM outbox WHERE op = $1 AND state = 0 AND tried = 0", DESK_SQL_HOT },
  [DESK_SQL_OUTBOX_FORGET_REDACTED]
    = { "DELETE FROM outbox WHERE op = $1 AND state = 1 AND EXISTS"
        " (SELECT 1 FROM event AS e WHERE e.uid = $2 AND e.redacted = 1)", DESK_SQL_HOT },
  [DESK_SQL_OUTBOX_SWEEP] = { "DELETE FROM outbox WHERE state = 1 AND at < $1", DESK_SQL_HOT },
};
/* clang-format on */

const DeskSqlInfo *
desk_sql_get_info (DeskSql sql)
{
  g_return_val_if_fail (sql < DESK_N_SQL, NULL);
  return &statements[sql];
}
