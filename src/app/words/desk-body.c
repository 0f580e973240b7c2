/* SPDX-License-Identifier: GPL-3.0-or-later
 * Blocks of Markdown as labels; see desk-body.h. */
#include "desk-body.h"

#include <glib/gi18n.h>
#include <string.h>

#include "desk-markdown.h"
#include "desk-row-layout.h"

/* A little less than what folds, so that "Show all" always shows something worth it. */
#define FOLDED_CHARS 2400
#define FOLDED_LINES 24

/* What labels can bear: so many of them, and so much text in one. */
#define MAX_LABELS      200
#define MAX_LABEL_BYTES 6000
/* Laying out one endless line takes seconds. */
#define MAX_LINE_CHARS   2000
#define MAX_PLAIN_HEIGHT 480

#define LIST_INDENT   22
#define BLOCK_SPACING 8
#define ITEM_SPACING  4

struct _DeskBody
{
  GtkWidget parent_instance;

  char *text;
  GtkWidget *content;
  GtkWidget *toggle; /* NULL for short texts */
  gboolean expanded;
};

G_DEFINE_FINAL_TYPE (DeskBody, desk_body, GTK_TYPE_WIDGET)

/* --- folding --- */

static const char *
skip_lines (const char *text, guint n)
{
  while (n-- > 0 && (text = strchr (text, '\n')) != NULL)
    text++;
  return text;
}

/* The characters of @text, counted up to @max only. */
static gboolean
is_longer (const char *text, gsize max)
{
  gsize n = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    if (++n > max)
      return TRUE;
  return FALSE;
}

static const char *
skip_chars (const char *text, gsize n)
{
  while (n-- > 0 && *text != '\0')
    text = g_utf8_next_char (text);
  return text;
}

/* Back to the end of a line or a word, when one is near. */
static const char *
find_cut (const char *text, const char *end)
{
  const char *earliest = text + (end - text) * 3 / 4;

  for (const char *p = end; p > earliest; p--)
    if (*p == '\n')
      return p;
  for (const char *p = end; p > earliest; p--)
    if (*p == ' ')
      return p;
  return end;
}

char *
desk_body_fold (const char *text)
{
  const char *lines = skip_lines (text, DESK_BODY_FOLD_LINES);
  const char *end;

  if (lines == NULL && !is_longer (text, DESK_BODY_FOLD_CHARS))
    return NULL;
  end = skip_chars (text, FOLDED_CHARS);
  lines = skip_lines (text, FOLDED_LINES);
  if (lines != NULL && lines < end)
    return g_strndup (text, lines - text);
  return g_strndup (text, find_cut (text, end) - text);
}

/* --- blocks --- */

/* A hyphen that nobody typed would be taken for a part of a name or a number. */
static void
keep_from_hyphenating (GtkLabel *label)
{
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_insert_hyphens_new (FALSE));
  gtk_label_set_attributes (label, attributes);
}

static gboolean
is_right_to_left (gunichar letter)
{
  switch ((int) g_unichar_get_script (letter))
    {
    case G_UNICODE_SCRIPT_ARABIC:
    case G_UNICODE_SCRIPT_HEBREW:
    case G_UNICODE_SCRIPT_SYRIAC:
    case G_UNICODE_SCRIPT_THAANA:
    case G_UNICODE_SCRIPT_NKO:
      return TRUE;
    default:
      return FALSE;
    }
}

/* The direction of the first letter; NONE without letters. */
static GtkTextDirection
find_direction (const char *text)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_isalpha (g_utf8_get_char (p)))
      return is_right_to_left (g_utf8_get_char (p)) ? GTK_TEXT_DIR_RTL : GTK_TEXT_DIR_LTR;
  return GTK_TEXT_DIR_NONE;
}

/* Text that runs against the window's direction stands at its own side. */
static void
align_text (GtkLabel *label)
{
  GtkTextDirection direction = find_direction (gtk_label_get_text (label));

  gtk_label_set_xalign (label, direction == GTK_TEXT_DIR_NONE ||
                                       direction == gtk_widget_get_direction (GTK_WIDGET (label))
                                   ? 0
                                   : 1);
}

static GtkWidget *
make_label (const DeskBlock *block)
{
  GtkWidget *label = gtk_label_new (NULL);

  if (block->kind == DESK_BLOCK_CODE)
    gtk_label_set_text (GTK_LABEL (label), block->content);
  else
    gtk_label_set_markup (GTK_LABEL (label), block->content);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  align_text (GTK_LABEL (label));
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_widget_set_hexpand (label, TRUE);
  keep_from_hyphenating (GTK_LABEL (label));
  if (block->kind == DESK_BLOCK_HEADING)
    gtk_widget_add_css_class (label, "heading");
  return label;
}

static GtkWidget *
make_code (const DeskBlock *block)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *label = make_label (block);

  gtk_label_set_wrap (GTK_LABEL (label), FALSE);
  gtk_widget_add_css_class (label, "monospace");
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_AUTOMATIC,
                                  GTK_POLICY_NEVER);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), label);
  gtk_widget_add_css_class (scroller, "desk-code");
  return scroller;
}

static GtkWidget *
make_leaf (const DeskBlock *block)
{
  switch (block->kind)
    {
    case DESK_BLOCK_TEXT:
    case DESK_BLOCK_HEADING:
      return make_label (block);
    case DESK_BLOCK_CODE:
      return make_code (block);
    case DESK_BLOCK_RULE:
      return gtk_separator_new (GTK_ORIENTATION_HORIZONTAL);
    }
  g_return_val_if_reached (NULL);
}

static GtkWidget *
make_marker (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_valign (label, GTK_ALIGN_START);
  gtk_widget_add_css_class (label, "numeric");
  gtk_widget_add_css_class (label, "desk-secondary");
  gtk_widget_set_size_request (label, LIST_INDENT - 6, -1);
  return label;
}

/* An item runs as its words do, with its marker in front of them. */
static void
turn_item (GtkWidget *row, GtkWidget *marker, GtkWidget *leaf)
{
  GtkTextDirection direction = GTK_IS_LABEL (leaf)
                                   ? find_direction (gtk_label_get_text (GTK_LABEL (leaf)))
                                   : GTK_TEXT_DIR_NONE;

  if (direction == GTK_TEXT_DIR_NONE)
    return;
  gtk_widget_set_direction (row, direction);
  gtk_widget_set_direction (marker, direction);
  gtk_widget_set_direction (leaf, direction);
  align_text (GTK_LABEL (leaf));
}

static GtkWidget *
make_block (const DeskBlock *block)
{
  GtkWidget *leaf = make_leaf (block);
  GtkWidget *marker;
  GtkWidget *row;

  if (block->lists == 0)
    return leaf;
  row = desk_row_new (6);
  gtk_widget_set_hexpand (leaf, TRUE);
  gtk_widget_set_margin_start (row, LIST_INDENT * (block->lists - 1));
  marker = make_marker (block->marker != NULL ? block->marker : "");
  gtk_box_append (GTK_BOX (row), marker);
  gtk_box_append (GTK_BOX (row), leaf);
  turn_item (row, marker, leaf);
  return row;
}

static GtkWidget *
make_quote (GtkWidget *outer)
{
  GtkWidget *quote = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  if (gtk_widget_get_first_child (outer) != NULL)
    gtk_widget_set_margin_top (quote, BLOCK_SPACING);
  gtk_widget_add_css_class (quote, "desk-quote");
  gtk_box_append (GTK_BOX (outer), quote);
  return quote;
}

/* Items of a list are close together. */
static void
append_block (GtkWidget *box, const DeskBlock *block, const DeskBlock *before)
{
  GtkWidget *widget = make_block (block);

  if (gtk_widget_get_first_child (box) != NULL)
    gtk_widget_set_margin_top (widget, before->lists > 0 && block->marker != NULL ? ITEM_SPACING
                                                                                  : BLOCK_SPACING);
  gtk_box_append (GTK_BOX (box), widget);
}

static void
append_blocks (GtkWidget *outer, GPtrArray *blocks)
{
  GtkWidget *boxes[DESK_MARKDOWN_MAX_DEPTH + 1] = { outer };
  const DeskBlock *before = NULL;
  guint depth = 0;

  for (guint i = 0; i < blocks->len; i++)
    {
      const DeskBlock *block = g_ptr_array_index (blocks, i);

      while (depth < block->quotes)
        {
          boxes[depth + 1] = make_quote (boxes[depth]);
          depth++;
        }
      depth = block->quotes;
      append_block (boxes[depth], block, before);
      before = block;
    }
}

/* --- plain text --- */

static char *
break_long_lines (const char *text)
{
  GString *broken = g_string_sized_new (strlen (text) + 64);
  guint n = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      n = *p == '\n' ? 0 : n + 1;
      if (n > MAX_LINE_CHARS)
        {
          g_string_append_c (broken, '\n');
          n = 0;
        }
      g_string_append_len (broken, p, g_utf8_next_char (p) - p);
    }
  return g_string_free (broken, FALSE);
}

static GtkWidget *
make_plain_view (const char *text)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *view = gtk_text_view_new ();
  g_autofree char *broken = break_long_lines (text);

  gtk_text_view_set_editable (GTK_TEXT_VIEW (view), FALSE);
  gtk_text_view_set_cursor_visible (GTK_TEXT_VIEW (view), FALSE);
  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (view), GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_accepts_tab (GTK_TEXT_VIEW (view), FALSE);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)), broken, -1);
  gtk_widget_add_css_class (view, "desk-plain-text");
  gtk_accessible_update_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Text"),
                                  -1);

  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scroller), MAX_PLAIN_HEIGHT);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), view);
  gtk_widget_add_css_class (scroller, "desk-code");
  return scroller;
}

static GtkWidget *
make_plain_label (const char *text)
{
  g_autofree char *markup = g_markup_escape_text (text, -1);
  DeskBlock block = { .kind = DESK_BLOCK_TEXT, .content = markup };

  return make_label (&block);
}

/* --- the widget --- */

static gboolean
fit_labels (GPtrArray *blocks)
{
  for (guint i = 0; i < blocks->len; i++)
    if (strlen (((const DeskBlock *) g_ptr_array_index (blocks, i))->content) > MAX_LABEL_BYTES)
      return FALSE;
  return blocks->len <= MAX_LABELS;
}

/* NULL when plain text is the better way. (element-type DeskBlock) */
static GPtrArray *
read_blocks (const char *text)
{
  g_autoptr (GPtrArray) blocks = NULL;

  if (strlen (text) <= DESK_BODY_MARKDOWN_MAX_BYTES)
    blocks = desk_markdown_parse (text);
  if (blocks == NULL || !fit_labels (blocks))
    return NULL;
  return g_steal_pointer (&blocks);
}

static GtkWidget *
make_content (const char *text, gboolean folded)
{
  g_autoptr (GPtrArray) blocks = read_blocks (text);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  if (blocks != NULL)
    append_blocks (box, blocks);
  else if (folded || !is_longer (text, DESK_BODY_FOLD_CHARS))
    gtk_box_append (GTK_BOX (box), make_plain_label (text));
  else
    gtk_box_append (GTK_BOX (box), make_plain_view (text));
  return box;
}

static void
show_text (DeskBody *self)
{
  g_autofree char *start = self->expanded ? NULL : desk_body_fold (self->text);

  g_clear_pointer (&self->content, gtk_widget_unparent);
  self->content = make_content (start != NULL ? start : self->text, start != NULL);
  gtk_widget_insert_after (self->content, GTK_WIDGET (self), NULL);
  if (self->toggle != NULL)
    gtk_button_set_label (GTK_BUTTON (self->toggle),
                          self->expanded ? _ ("Show less") : _ ("Show all"));
}

static void
toggle_cb (GtkButton *button, DeskBody *self)
{
  self->expanded = !self->expanded;
  show_text (self);
}

static void
add_toggle (DeskBody *self)
{
  self->toggle = gtk_button_new ();
  gtk_widget_set_halign (self->toggle, GTK_ALIGN_START);
  gtk_widget_add_css_class (self->toggle, "desk-small-button");
  g_signal_connect (self->toggle, "clicked", G_CALLBACK (toggle_cb), self);
  gtk_widget_insert_before (self->toggle, GTK_WIDGET (self), NULL);
}

static gboolean
has_link (GtkLabel *label)
{
  return gtk_label_get_use_markup (label) &&
         strstr (gtk_label_get_label (label), "<a href=") != NULL;
}

static gboolean
takes_focus (GtkWidget *widget)
{
  if (GTK_IS_LABEL (widget))
    return has_link (GTK_LABEL (widget));
  return GTK_IS_BUTTON (widget) || GTK_IS_TEXT_VIEW (widget);
}

/* What the Tab key stops at, in order. */
static void
collect_stops (GtkWidget *widget, GPtrArray *stops)
{
  if (!gtk_widget_get_mapped (widget))
    return;
  if (takes_focus (widget))
    g_ptr_array_add (stops, widget);
  else
    for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
         child = gtk_widget_get_next_sibling (child))
      collect_stops (child, stops);
}

static guint
find_focused (GPtrArray *stops, GtkWidget *focus)
{
  for (guint i = 0; i < stops->len; i++)
    {
      GtkWidget *stop = g_ptr_array_index (stops, i);

      if (focus == stop || gtk_widget_is_ancestor (focus, stop))
        return i;
    }
  return G_MAXUINT;
}

/* A label with links walks through them by itself. */
static gboolean
desk_body_focus (GtkWidget *widget, GtkDirectionType direction)
{
  g_autoptr (GPtrArray) stops = g_ptr_array_new ();
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  gboolean back = direction == GTK_DIR_TAB_BACKWARD || direction == GTK_DIR_UP;
  guint at;

  collect_stops (widget, stops);
  at = focus != NULL && stops->len > 0 ? find_focused (stops, focus) : G_MAXUINT;
  if (at != G_MAXUINT && gtk_widget_child_focus (g_ptr_array_index (stops, at), direction))
    return TRUE;
  if (at == G_MAXUINT && back)
    at = stops->len;
  for (guint i = back ? at - 1 : at + 1; i < stops->len; i += back ? -1 : 1)
    if (gtk_widget_child_focus (g_ptr_array_index (stops, i), direction))
      return TRUE;
  return FALSE;
}

static void
desk_body_dispose (GObject *object)
{
  DeskBody *self = DESK_BODY (object);

  g_clear_pointer (&self->content, gtk_widget_unparent);
  g_clear_pointer (&self->toggle, gtk_widget_unparent);
  G_OBJECT_CLASS (desk_body_parent_class)->dispose (object);
}

static void
desk_body_finalize (GObject *object)
{
  g_free (DESK_BODY (object)->text);
  G_OBJECT_CLASS (desk_body_parent_class)->finalize (object);
}

static void
desk_body_class_init (DeskBodyClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = desk_body_dispose;
  object_class->finalize = desk_body_finalize;
  widget_class->focus = desk_body_focus;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
}

static void
desk_body_init (DeskBody *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (layout), BLOCK_SPACING);
}

GtkWidget *
desk_body_new (const char *text)
{
  DeskBody *self = g_object_new (DESK_TYPE_BODY, NULL);
  g_autofree char *folded = NULL;

  self->text = g_utf8_make_valid (text, -1);
  folded = desk_body_fold (self->text);
  if (folded != NULL)
    add_toggle (self);
  show_text (self);
  return GTK_WIDGET (self);
}
