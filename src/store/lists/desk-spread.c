/* SPDX-License-Identifier: GPL-3.0-or-later
 * Words in scripts that are written without spaces. */
#include "desk-spread.h"

/* The first byte of the first of them in UTF-8. */
#define FIRST_LEAD_BYTE 0xe3

/* Letters only: what parts sentences parts words as well. A table of our own, because those of a
 * library grow. */
static const struct
{
  gunichar first;
  gunichar last;
} ranges[] = {
  { 0x3005, 0x3007 },   /* signs of repetition, zero */
  { 0x3041, 0x3096 },   /* hiragana */
  { 0x309d, 0x309f },   /* … */
  { 0x30a1, 0x30fa },   /* katakana */
  { 0x30fc, 0x30ff },   /* … */
  { 0x3105, 0x312f },   /* bopomofo */
  { 0x31a0, 0x31bf },   /* … */
  { 0x31f0, 0x31ff },   /* katakana */
  { 0x3400, 0x4dbf },   /* han */
  { 0x4e00, 0x9fff },   /* … */
  { 0xac00, 0xd7a3 },   /* hangul */
  { 0xf900, 0xfaff },   /* han */
  { 0xff66, 0xff9f },   /* narrow katakana */
  { 0x20000, 0x3ffff }, /* han */
};

static gboolean
is_spread (gunichar sign)
{
  for (guint i = 0; i < G_N_ELEMENTS (ranges) && sign >= ranges[i].first; i++)
    if (sign <= ranges[i].last)
      return TRUE;
  return FALSE;
}

/* Most texts have none, and are taken as they are. */
static gboolean
may_have_any (const char *text)
{
  for (const guchar *at = (const guchar *) text; *at != '\0'; at++)
    if (*at >= FIRST_LEAD_BYTE)
      return g_utf8_validate (text, -1, NULL);
  return FALSE;
}

/* Appends the words of the run at @run; returns its end. */
static const char *
spread_run (GString *words, const char *run, gboolean question)
{
  const char *sign = run;

  while (is_spread (g_utf8_get_char (sign)))
    {
      const char *next = g_utf8_next_char (sign);
      gboolean last = !is_spread (g_utf8_get_char (next));

      if (!last || !question || sign == run)
        {
          g_string_append_c (words, ' ');
          g_string_append_len (words, sign, (last ? next : g_utf8_next_char (next)) - sign);
        }
      sign = next;
    }
  g_string_append_c (words, ' ');
  return sign;
}

static void
spread (GString *words, const char *text, gboolean question)
{
  const char *plain = text;

  if (!may_have_any (text))
    {
      g_string_append (words, text);
      return;
    }
  for (const char *at = text; *at != '\0';)
    if (is_spread (g_utf8_get_char (at)))
      {
        g_string_append_len (words, plain, at - plain);
        plain = at = spread_run (words, at, question);
      }
    else
      at = g_utf8_next_char (at);
  g_string_append (words, plain);
}

void
desk_spread_document (GString *words, const char *text)
{
  spread (words, text, FALSE);
}

void
desk_spread_question (GString *words, const char *text)
{
  spread (words, text, TRUE);
}
