/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reading Markdown with md4c; see the header for what becomes of hostile text. */
#include "desk-markdown-private.h"

#include <md4c.h>
#include <string.h>

/* More blocks than a person reads, and more calls than any text of theirs makes. */
#define MAX_BLOCKS 1500
#define MAX_CALLS  60000
#define MAX_CELLS  4000

#define PARSER_FLAGS                                                                               \
  (MD_FLAG_NOHTML | MD_FLAG_PERMISSIVEAUTOLINKS | MD_FLAG_NOINDENTEDCODEBLOCKS | MD_FLAG_TABLES |  \
   MD_FLAG_STRIKETHROUGH | MD_FLAG_TASKLISTS)

typedef struct
{
  gboolean ordered;
  char delimiter;
  guint next;
} List;

typedef struct
{
  GPtrArray *blocks; /* of DeskBlock */
  guint calls;

  guint quotes;
  GArray *lists;      /* of List, innermost last */
  char *marker;       /* of the item that has no block yet */
  DeskBlock *leaf;    /* the block that is being filled, or NULL */
  GString *content;   /* its content */
  GPtrArray *closers; /* what ends each open span: markup, innermost last */

  char *uri;          /* of the open link, or NULL */
  GString *link_text; /* its text so far */
  char *image;        /* address of the open image, or NULL */
  gsize image_start;  /* where its description starts in content */

  GPtrArray *table; /* of rows, each a GPtrArray of cells; NULL outside of tables */
  GString *cell;    /* the open cell, or NULL */
  guint n_cells;
} Reader;

static void
free_block (gpointer data)
{
  DeskBlock *block = data;

  g_free (block->marker);
  g_free (block->content);
  g_free (block);
}

/* --- blocks --- */

static void
append_escaped (GString *to, const char *text, gsize size)
{
  g_autofree char *escaped = g_markup_escape_text (text, size);

  g_string_append (to, escaped);
}

/* md4c 0.4.8 forgets to leave a span whose end it found inside of a link's address. */
static void
close_spans (Reader *reader)
{
  for (; reader->closers->len > 0; g_ptr_array_set_size (reader->closers, reader->closers->len - 1))
    g_string_append (reader->content,
                     g_ptr_array_index (reader->closers, reader->closers->len - 1));
  g_clear_pointer (&reader->uri, g_free);
}

static void
end_leaf (Reader *reader)
{
  if (reader->leaf == NULL)
    return;
  while (reader->content->len > 0 && reader->content->str[reader->content->len - 1] == '\n')
    g_string_truncate (reader->content, reader->content->len - 1);
  close_spans (reader);
  reader->leaf->content = g_strdup (reader->content->str);
  reader->leaf = NULL;
}

static void
start_leaf (Reader *reader, DeskBlockKind kind)
{
  end_leaf (reader);
  reader->leaf = g_new0 (DeskBlock, 1);
  reader->leaf->kind = kind;
  reader->leaf->quotes = MIN (reader->quotes, DESK_MARKDOWN_MAX_DEPTH);
  reader->leaf->lists = MIN (reader->lists->len, DESK_MARKDOWN_MAX_DEPTH);
  reader->leaf->marker = g_steal_pointer (&reader->marker);
  g_string_truncate (reader->content, 0);
  g_ptr_array_add (reader->blocks, reader->leaf);
}

static char *
make_marker (Reader *reader, const MD_BLOCK_LI_DETAIL *detail)
{
  List *list;

  list = &g_array_index (reader->lists, List, reader->lists->len - 1);
  list->next++;
  if (detail->is_task)
    return g_strdup (detail->task_mark == ' ' ? "☐" : "☑");
  if (!list->ordered)
    return g_strdup ("•");
  return g_strdup_printf ("%u%c", list->next - 1, list->delimiter);
}

static void
start_list (Reader *reader, List list)
{
  end_leaf (reader);
  g_array_append_val (reader->lists, list);
}

/* --- tables --- */

static void
end_table (Reader *reader)
{
  g_autoptr (GPtrArray) table = g_steal_pointer (&reader->table);

  start_leaf (reader, DESK_BLOCK_CODE);
  desk_markdown_append_table (reader->content, table);
  end_leaf (reader);
}

static void
end_cell (Reader *reader)
{
  GPtrArray *row;

  if (reader->cell == NULL || reader->table->len == 0)
    return;
  row = g_ptr_array_index (reader->table, reader->table->len - 1);
  g_ptr_array_add (row, g_string_free (g_steal_pointer (&reader->cell), FALSE));
  reader->n_cells++;
}

/* --- what md4c calls; a number other than 0 ends the reading --- */

static int
count_call (Reader *reader)
{
  return ++reader->calls > MAX_CALLS || reader->blocks->len > MAX_BLOCKS ||
         reader->n_cells > MAX_CELLS;
}

static int
enter_block_cb (MD_BLOCKTYPE type, void *detail, void *user_data)
{
  Reader *reader = user_data;
  const MD_BLOCK_OL_DETAIL *ordered = detail;

  switch (type)
    {
    case MD_BLOCK_DOC:
    case MD_BLOCK_THEAD:
    case MD_BLOCK_TBODY:
    case MD_BLOCK_HTML:
      break;
    case MD_BLOCK_QUOTE:
      end_leaf (reader);
      reader->quotes++;
      break;
    case MD_BLOCK_UL:
      start_list (reader, (List){ .ordered = FALSE });
      break;
    case MD_BLOCK_OL:
      start_list (reader, (List){ TRUE, ordered->mark_delimiter, ordered->start });
      break;
    case MD_BLOCK_LI:
      end_leaf (reader);
      g_free (reader->marker);
      reader->marker = make_marker (reader, detail);
      break;
    case MD_BLOCK_HR:
      start_leaf (reader, DESK_BLOCK_RULE);
      end_leaf (reader);
      break;
    case MD_BLOCK_H:
      start_leaf (reader, DESK_BLOCK_HEADING);
      break;
    case MD_BLOCK_CODE:
      start_leaf (reader, DESK_BLOCK_CODE);
      break;
    case MD_BLOCK_P:
      start_leaf (reader, DESK_BLOCK_TEXT);
      break;
    case MD_BLOCK_TABLE:
      end_leaf (reader);
      reader->table = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
      break;
    case MD_BLOCK_TR:
      g_ptr_array_add (reader->table, g_ptr_array_new_with_free_func (g_free));
      break;
    case MD_BLOCK_TH:
    case MD_BLOCK_TD:
      reader->cell = g_string_new (NULL);
      break;
    }
  return count_call (reader);
}

static int
leave_block_cb (MD_BLOCKTYPE type, void *detail, void *user_data)
{
  Reader *reader = user_data;

  switch (type)
    {
    case MD_BLOCK_DOC:
    case MD_BLOCK_THEAD:
    case MD_BLOCK_TBODY:
    case MD_BLOCK_TR:
    case MD_BLOCK_HR:
    case MD_BLOCK_HTML:
      break;
    case MD_BLOCK_QUOTE:
      end_leaf (reader);
      reader->quotes--;
      break;
    case MD_BLOCK_UL:
    case MD_BLOCK_OL:
      end_leaf (reader);
      g_array_set_size (reader->lists, reader->lists->len - 1);
      break;
    case MD_BLOCK_LI:
      if (reader->marker != NULL)
        start_leaf (reader, DESK_BLOCK_TEXT);
      end_leaf (reader);
      break;
    case MD_BLOCK_H:
    case MD_BLOCK_CODE:
    case MD_BLOCK_P:
      end_leaf (reader);
      break;
    case MD_BLOCK_TABLE:
      end_table (reader);
      break;
    case MD_BLOCK_TH:
    case MD_BLOCK_TD:
      end_cell (reader);
      break;
    }
  return count_call (reader);
}

/* Text of a tight list's item comes without a paragraph around it. */
static void
ensure_leaf (Reader *reader)
{
  if (reader->leaf == NULL)
    start_leaf (reader, DESK_BLOCK_TEXT);
}

static void
open_span (Reader *reader, const char *tag)
{
  g_string_append_printf (reader->content, "<%s>", tag);
  g_ptr_array_add (reader->closers, g_strdup_printf ("</%s>", tag));
}

/* The tooltip of a link is markup once more, so its text is escaped twice. */
static void
open_link (Reader *reader, const char *uri)
{
  g_autofree char *href = g_markup_escape_text (uri, -1);
  g_autofree char *title = g_markup_escape_text (href, -1);

  g_string_append_printf (reader->content, "<a href=\"%s\" title=\"%s\">", href, title);
  g_ptr_array_add (reader->closers, g_strdup ("</a>"));
  reader->leaf->has_link = TRUE;
}

static char *
dup_attribute (const MD_ATTRIBUTE *attribute)
{
  g_autofree char *raw = g_strndup (attribute->text != NULL ? attribute->text : "",
                                    attribute->size);

  return g_utf8_make_valid (raw, -1);
}

static void
start_link (Reader *reader, const MD_ATTRIBUTE *target)
{
  g_autofree char *uri = dup_attribute (target);

  if (desk_markdown_allows_uri (uri))
    open_link (reader, uri);
  else
    g_ptr_array_add (reader->closers, g_strdup (""));
  g_free (reader->uri);
  reader->uri = g_steal_pointer (&uri);
  g_string_truncate (reader->link_text, 0);
}

static void
append_aside (Reader *reader, const char *text)
{
  g_string_append (reader->content, " (\xe2\x81\xa8");
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    if (!desk_markdown_is_invisible (g_utf8_get_char (p)))
      append_escaped (reader->content, p, g_utf8_next_char (p) - p);
  g_string_append (reader->content, "\xe2\x81\xa9)");
}

static void
end_link (Reader *reader)
{
  g_autofree char *uri = g_steal_pointer (&reader->uri);

  if (uri == NULL)
    return;
  if (!desk_markdown_allows_uri (uri))
    {
      if (*uri != '\0' && strcmp (uri, reader->link_text->str) != 0)
        append_aside (reader, uri);
    }
  else if (desk_markdown_pretends_other_target (reader->link_text->str, uri))
    {
      g_autofree char *host = desk_markdown_dup_host (uri);

      append_aside (reader, host);
    }
}

/* An image is shown as its description; one without as its address. */
static void
start_image (Reader *reader, const MD_ATTRIBUTE *source)
{
  g_free (reader->image);
  reader->image = dup_attribute (source);
  reader->image_start = reader->content->len;
  g_ptr_array_add (reader->closers, g_strdup (""));
}

static void
end_image (Reader *reader)
{
  g_autofree char *image = g_steal_pointer (&reader->image);

  if (image != NULL && *image != '\0' && reader->content->len == reader->image_start)
    append_aside (reader, image);
}

static void
enter_markup_span (Reader *reader, MD_SPANTYPE type, void *detail)
{
  switch (type)
    {
    case MD_SPAN_EM:
      open_span (reader, "i");
      break;
    case MD_SPAN_STRONG:
      open_span (reader, "b");
      break;
    case MD_SPAN_CODE:
      open_span (reader, "tt");
      break;
    case MD_SPAN_DEL:
      open_span (reader, "s");
      break;
    case MD_SPAN_A:
      start_link (reader, &((MD_SPAN_A_DETAIL *) detail)->href);
      break;
    case MD_SPAN_IMG:
      start_image (reader, &((MD_SPAN_IMG_DETAIL *) detail)->src);
      break;
    case MD_SPAN_LATEXMATH:
    case MD_SPAN_LATEXMATH_DISPLAY:
    case MD_SPAN_WIKILINK:
    case MD_SPAN_U:
      g_ptr_array_add (reader->closers, g_strdup (""));
      break;
    }
}

static int
enter_span_cb (MD_SPANTYPE type, void *detail, void *user_data)
{
  Reader *reader = user_data;

  if (reader->cell == NULL)
    {
      ensure_leaf (reader);
      enter_markup_span (reader, type, detail);
    }
  return count_call (reader);
}

static int
leave_span_cb (MD_SPANTYPE type, void *detail, void *user_data)
{
  Reader *reader = user_data;

  if (reader->cell == NULL && reader->closers->len > 0)
    {
      const char *closer = g_ptr_array_index (reader->closers, reader->closers->len - 1);

      g_string_append (reader->content, closer);
      g_ptr_array_set_size (reader->closers, reader->closers->len - 1);
      if (type == MD_SPAN_A)
        end_link (reader);
      if (type == MD_SPAN_IMG)
        end_image (reader);
    }
  return count_call (reader);
}

static void
append_text (Reader *reader, const char *text, gsize size)
{
  g_autofree char *valid = g_utf8_make_valid (text, size);

  if (reader->cell != NULL)
    {
      g_string_append (reader->cell, g_strdelimit (valid, "\n", ' '));
      return;
    }
  ensure_leaf (reader);
  if (reader->leaf->kind == DESK_BLOCK_CODE)
    g_string_append (reader->content, valid);
  else
    append_escaped (reader->content, valid, strlen (valid));
  if (reader->uri != NULL)
    g_string_append (reader->link_text, valid);
}

static int
text_cb (MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size, void *user_data)
{
  Reader *reader = user_data;

  switch (type)
    {
    case MD_TEXT_NULLCHAR:
      append_text (reader, "\xef\xbf\xbd", 3);
      break;
    case MD_TEXT_BR:
    case MD_TEXT_SOFTBR:
      append_text (reader, "\n", 1);
      break;
    case MD_TEXT_NORMAL:
    case MD_TEXT_ENTITY:
    case MD_TEXT_CODE:
    case MD_TEXT_HTML:
    case MD_TEXT_LATEXMATH:
      append_text (reader, text, size);
      break;
    }
  return count_call (reader);
}

static void
clear_reader (Reader *reader)
{
  if (reader->leaf != NULL)
    reader->leaf->content = g_strdup ("");
  g_clear_pointer (&reader->blocks, g_ptr_array_unref);
  g_array_unref (reader->lists);
  g_free (reader->marker);
  g_string_free (reader->content, TRUE);
  g_ptr_array_unref (reader->closers);
  g_free (reader->uri);
  g_free (reader->image);
  g_string_free (reader->link_text, TRUE);
  g_clear_pointer (&reader->table, g_ptr_array_unref);
  if (reader->cell != NULL)
    g_string_free (reader->cell, TRUE);
}

/* --- what Markdown would swallow --- */

static gboolean
opens_definition (const char *bracket)
{
  const char *end = memchr (bracket, ']', strnlen (bracket, 1000));

  return end != NULL && end[1] == ':';
}

/* "[INFO]: started" would be taken for the definition of a link, and not be shown at all. Such
 * brackets are escaped, except in fenced code, where nothing is swallowed. */
static char *
keep_definitions (const char *text)
{
  GString *kept = g_string_new (NULL);
  gboolean fenced = FALSE;

  while (*text != '\0')
    {
      gsize start = strspn (text, " \t>*+-0123456789.)");
      gsize length = start + strcspn (text + start, "\n");

      if (g_str_has_prefix (text + start, "```") || g_str_has_prefix (text + start, "~~~"))
        fenced = !fenced;
      g_string_append_len (kept, text, start);
      if (!fenced && text[start] == '[' && opens_definition (text + start))
        g_string_append_c (kept, '\\');
      length += text[length] == '\n' ? 1 : 0;
      g_string_append_len (kept, text + start, length - start);
      text += length;
    }
  return g_string_free (kept, FALSE);
}

static gboolean
shows_nothing (GPtrArray *blocks, const char *text)
{
  return blocks->len == 0 && text[strspn (text, " \t\n")] != '\0';
}

GPtrArray *
desk_markdown_parse (const char *text)
{
  g_autofree char *kept = keep_definitions (text);
  const MD_PARSER parser = { .flags = PARSER_FLAGS,
                             .enter_block = enter_block_cb,
                             .leave_block = leave_block_cb,
                             .enter_span = enter_span_cb,
                             .leave_span = leave_span_cb,
                             .text = text_cb };
  Reader reader = { .blocks = g_ptr_array_new_with_free_func (free_block),
                    .lists = g_array_new (FALSE, FALSE, sizeof (List)),
                    .content = g_string_new (NULL),
                    .closers = g_ptr_array_new_with_free_func (g_free),
                    .link_text = g_string_new (NULL) };
  GPtrArray *blocks = NULL;

  if (md_parse (kept, strlen (kept), &parser, &reader) == 0)
    {
      end_leaf (&reader);
      if (!shows_nothing (reader.blocks, text))
        blocks = g_steal_pointer (&reader.blocks);
    }
  clear_reader (&reader);
  return blocks;
}
