/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pages by tables of their members. */
#include "desk-page.h"

#include "desk-json-members.h"

DeskPut *
desk_put_new (DeskTicket *ticket, gboolean internal)
{
  DeskPut *self = g_new0 (DeskPut, 1);

  self->ticket = ticket != NULL ? desk_ticket_ref (ticket) : NULL;
  self->internal = internal;
  self->events = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_event_unref);
  return self;
}

void
desk_put_free (DeskPut *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->ticket, desk_ticket_unref);
  g_clear_pointer (&self->events, g_ptr_array_unref);
  g_free (self);
}

DeskPage *
desk_page_new (void)
{
  DeskPage *self = g_new0 (DeskPage, 1);

  self->people = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_person_unref);
  self->gone = g_ptr_array_new_with_free_func (g_free);
  self->puts = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_put_free);
  return self;
}

void
desk_page_free (DeskPage *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  g_clear_pointer (&self->people, g_ptr_array_unref);
  g_clear_pointer (&self->gone, g_ptr_array_unref);
  g_clear_pointer (&self->puts, g_ptr_array_unref);
  g_free (self->next);
  g_free (self);
}

static const DeskMember put_members[] = {
  { MEMBER (DeskPut, OBJECT, ticket), TRUE, NULL, &desk_form_ticket },
  { MEMBER (DeskPut, BOOL, internal) },
  { MEMBER (DeskPut, NUMBER, seen_no) },
  { MEMBER (DeskPut, LIST, events), FALSE, NULL, &desk_form_event },
};

JsonNode *
desk_put_to_json (const DeskPut *put)
{
  return desk_json_take_object (
      desk_json_write_members (put_members, G_N_ELEMENTS (put_members), put));
}

DeskPut *
desk_put_from_json (JsonNode *node, GError **error)
{
  g_autoptr (DeskPut) put = desk_put_new (NULL, FALSE);

  return desk_json_read_members (put_members, G_N_ELEMENTS (put_members), node, "put", put, error)
             ? g_steal_pointer (&put)
             : NULL;
}

static JsonNode *
write_put (gconstpointer put)
{
  return desk_put_to_json (put);
}

static gpointer
read_put (JsonNode *node, GError **error)
{
  return desk_put_from_json (node, error);
}

static void
append_put (GString *text, gconstpointer put)
{
  desk_json_append_members (text, put_members, G_N_ELEMENTS (put_members), put);
}

static gpointer
scan_put (DeskScan *scan, GError **error)
{
  g_autoptr (DeskPut) put = desk_put_new (NULL, FALSE);

  return desk_json_scan_members (scan, put_members, G_N_ELEMENTS (put_members), "put", put, error)
             ? g_steal_pointer (&put)
             : NULL;
}

const DeskForm desk_form_put = { write_put, read_put, (GDestroyNotify) desk_put_free, append_put,
                                 scan_put };

static const DeskMember page_members[] = {
  { MEMBER (DeskPage, LIST, entries), FALSE, NULL, &desk_form_entry },
  { MEMBER (DeskPage, LIST, people), FALSE, NULL, &desk_form_person },
  { MEMBER (DeskPage, LIST, gone), FALSE, NULL, &desk_form_uid },
  { "tickets", DESK_MEMBER_LIST, G_STRUCT_OFFSET (DeskPage, puts), TRUE, NULL, &desk_form_put },
  { MEMBER (DeskPage, TEXT, next) },
  { MEMBER (DeskPage, BOOL, more) },
  /* Stays the last; see desk_page_text_at(). */
  { MEMBER (DeskPage, NUMBER, server_time) },
};

JsonNode *
desk_page_to_json (const DeskPage *page)
{
  return desk_json_take_object (
      desk_json_write_members (page_members, G_N_ELEMENTS (page_members), page));
}

DeskPage *
desk_page_from_json (JsonNode *node, GError **error)
{
  g_autoptr (DeskPage) page = desk_page_new ();

  return desk_json_read_members (page_members, G_N_ELEMENTS (page_members), node, "page", page,
                                 error)
             ? g_steal_pointer (&page)
             : NULL;
}

char *
desk_page_to_string (const DeskPage *page, gsize *length)
{
  GString *text = g_string_sized_new (4096);

  desk_json_append_members (text, page_members, G_N_ELEMENTS (page_members), page);
  if (length != NULL)
    *length = text->len;
  return g_string_free (text, FALSE);
}

/* Behind the last member's name there are only its digits. */
char *
desk_page_text_at (GBytes *text, gint64 server_time, gsize *length)
{
  gsize size;
  const char *old = g_bytes_get_data (text, &size);
  GString *out = g_string_sized_new (size + 24);

  while (old[size - 1] != ':')
    size--;
  g_string_append_len (out, old, (gssize) size);
  desk_json_append_number (out, server_time);
  g_string_append_c (out, '}');
  *length = out->len;
  return g_string_free (out, FALSE);
}

DeskPage *
desk_page_from_text (const char *text, gsize length, GError **error)
{
  g_autoptr (DeskPage) page = desk_page_new ();
  DeskScan scan = { text, text + length };

  if (!desk_json_check (text, length, error) ||
      !desk_json_scan_members (&scan, page_members, G_N_ELEMENTS (page_members), "page", page,
                               error))
    return NULL;
  return g_steal_pointer (&page);
}
