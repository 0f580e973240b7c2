/* SPDX-License-Identifier: GPL-3.0-or-later
 * Looks into a GTK 4 program from inside, without changing it: when its first frame was on the
 * screen, what turns of its main loop and frames take, and what memory it has.
 *
 * Loaded by LD_PRELOAD (see first-frame.c), it meets the window when the program presents it, and
 * then does what PROBE_SCRIPT says, one step after the other, and ends the program:
 *
 *   content            wait until a frame had PROBE_TEXTS texts drawn by the program's own widgets
 *                      (0: until the first frame), and tell how long that took
 *   wait MS            let the main loop run
 *   rows N             wait until the longest list has so many rows
 *   scroll N PIXELS    N frames, each so much further down in the longest list
 *   jump SHARE         to this part of the longest list, and wait until nothing is drawn any more
 *   search WORDS_      letter by letter ("_" is a space) into the search entry
 *   unsearch           close the search again
 *   command            run PROBE_COMMAND, which prints a moment (microseconds, monotonic), and tell
 *                      how long after it a frame with texts came
 *   reset NAME         forget the turns and frames so far; NAME heads what follows
 *   turns              tell the longest turn outside frames, and the frames
 *   memory             tell the proportional set size
 *
 * Times of turns and frames are processor time of the main thread: other programs do not count. A
 * line on stderr for each figure: "PROBE name value". */
#define _GNU_SOURCE

#include <dlfcn.h>
#include <gtk/gtk.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define STEP_MS    60
#define SETTLED_MS 400

static struct
{
  GtkWindow *window;
  gint64 started_us;
  char **steps;
  guint n_step;
  char name[32];

  guint texts; /* of the frame under way */
  guint texts_wanted;
  gint64 frame_at_us; /* the last frame with as many texts as wanted */
  gint64 drawn_at_us; /* the last frame of any kind */
  gboolean waits_for_texts;

  double frame_started;
  double in_frames; /* of the turn under way */
  double turn_started;
  double longest_turn;
  GArray *frames; /* of double, ms */

  int scrolls_left;
  double scroll_by;
  const char *letters;
  int n_typed;
} self;

static void next_step (void);

/* --- the clock --- */

static double
get_thread_ms (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return (double) now.tv_sec * 1e3 + (double) now.tv_nsec / 1e6;
}

static double
get_process_ms (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double) now.tv_sec * 1e3 + (double) now.tv_nsec / 1e6;
}

static void
tell (const char *what, double value)
{
  fprintf (stderr, "PROBE %s%s%s %.2f\n", self.name, self.name[0] != '\0' ? "." : "", what, value);
}

/* Between two waits lies one turn of the main loop. */
static int
poll_cb (GPollFD *fds, guint n, int timeout)
{
  double turn = get_thread_ms () - self.turn_started - self.in_frames;
  int result;

  if (self.turn_started > 0)
    self.longest_turn = MAX (self.longest_turn, turn);
  result = g_poll (fds, n, timeout);
  self.turn_started = get_thread_ms ();
  self.in_frames = 0;
  return result;
}

/* --- frames --- */

static void
before_paint_cb (GdkFrameClock *clock, gpointer user_data)
{
  self.texts = 0;
  self.frame_started = get_thread_ms ();
}

static void
after_paint_cb (GdkFrameClock *clock, gpointer user_data)
{
  double took = get_thread_ms () - self.frame_started;

  self.in_frames += took;
  g_array_append_val (self.frames, took);
  self.drawn_at_us = g_get_monotonic_time ();
  if (self.texts >= self.texts_wanted)
    self.frame_at_us = self.drawn_at_us;
}

void
gtk_snapshot_append_layout (GtkSnapshot *snapshot, PangoLayout *layout, const GdkRGBA *color)
{
  static void (*real) (GtkSnapshot *, PangoLayout *, const GdkRGBA *);

  if (real == NULL)
    real = (void (*) (GtkSnapshot *, PangoLayout *, const GdkRGBA *)) dlsym (
        RTLD_NEXT, "gtk_snapshot_append_layout");
  self.texts++;
  real (snapshot, layout, color);
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double first = *(const double *) a, second = *(const double *) b;

  return (first > second) - (first < second);
}

static double
get_frame (double share)
{
  guint i;

  if (self.frames->len == 0)
    return 0;
  g_array_sort (self.frames, compare_doubles);
  i = (guint) ceil (share * (self.frames->len - 1));
  return g_array_index (self.frames, double, i);
}

static void
tell_turns (void)
{
  tell ("longest_turn_ms", self.longest_turn);
  tell ("frames", self.frames->len);
  tell ("frame_median_ms", get_frame (0.5));
  tell ("frame_p99_ms", get_frame (0.99));
}

static void
tell_memory (void)
{
  FILE *file = fopen ("/proc/self/smaps_rollup", "r");
  char line[256];
  long kb;

  while (file != NULL && fgets (line, sizeof line, file) != NULL)
    if (sscanf (line, "Pss: %ld", &kb) == 1)
      tell ("pss_mb", (double) kb / 1024);
  if (file != NULL)
    fclose (file);
}

/* --- widgets --- */

static GtkWidget *
find_widget (GtkWidget *widget, GType type, double *most)
{
  GtkWidget *found = NULL;
  GtkAdjustment *adjustment;

  if (!gtk_widget_get_mapped (widget))
    return NULL;
  if (g_type_is_a (G_OBJECT_TYPE (widget), type))
    {
      if (!GTK_IS_SCROLLABLE (widget))
        return widget;
      adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (widget));
      if (adjustment != NULL && gtk_adjustment_get_upper (adjustment) > *most)
        {
          *most = gtk_adjustment_get_upper (adjustment);
          found = widget;
        }
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *inside = find_widget (child, type, most);

      found = inside != NULL ? inside : found;
    }
  return found;
}

static GtkWidget *
get_widget (GType type)
{
  double most = 0;
  GtkWidget *widget = find_widget (GTK_WIDGET (self.window), type, &most);

  if (widget == NULL)
    {
      fprintf (stderr, "PROBE no %s\n", g_type_name (type));
      _exit (1);
    }
  return widget;
}

static GtkWidget *
get_list (void)
{
  return get_widget (GTK_TYPE_LIST_VIEW);
}

static GtkAdjustment *
get_list_adjustment (void)
{
  return gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (get_list ()));
}

/* --- steps --- */

static gboolean
go_on_cb (gpointer data)
{
  next_step ();
  return G_SOURCE_REMOVE;
}

static gboolean
content_cb (gpointer data)
{
  if (self.frame_at_us == 0)
    return G_SOURCE_CONTINUE;
  next_step ();
  return G_SOURCE_REMOVE;
}

/* The process's time is read at once: rows that are still to come are not part of it. */
static void
tell_content_cb (GdkFrameClock *clock, gpointer user_data)
{
  if (self.frame_at_us == 0 || !self.waits_for_texts)
    return;
  self.waits_for_texts = FALSE;
  tell ("wall_ms", (double) (self.frame_at_us - self.started_us) / 1000);
  tell ("cpu_ms", get_process_ms ());
}

static gboolean
rows_cb (gpointer data)
{
  GtkSelectionModel *model = gtk_list_view_get_model (GTK_LIST_VIEW (get_list ()));

  if (g_list_model_get_n_items (G_LIST_MODEL (model)) < GPOINTER_TO_UINT (data))
    return G_SOURCE_CONTINUE;
  next_step ();
  return G_SOURCE_REMOVE;
}

static gboolean
settled_cb (gpointer data)
{
  if (g_get_monotonic_time () - self.drawn_at_us < SETTLED_MS * 1000)
    return G_SOURCE_CONTINUE;
  next_step ();
  return G_SOURCE_REMOVE;
}

static gboolean
scroll_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  GtkAdjustment *adjustment = user_data;

  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment) + self.scroll_by);
  if (--self.scrolls_left > 0)
    return G_SOURCE_CONTINUE;
  g_timeout_add (STEP_MS, settled_cb, NULL);
  return G_SOURCE_REMOVE;
}

static void
scroll (int n, double pixels)
{
  self.scrolls_left = n;
  self.scroll_by = pixels;
  gtk_widget_add_tick_callback (GTK_WIDGET (self.window), scroll_cb, get_list_adjustment (), NULL);
}

static void
jump (double share)
{
  GtkAdjustment *adjustment = get_list_adjustment ();

  gtk_adjustment_set_value (adjustment, share * gtk_adjustment_get_upper (adjustment));
  self.drawn_at_us = g_get_monotonic_time ();
  g_timeout_add (STEP_MS, settled_cb, NULL);
}

static gboolean
type_cb (gpointer data)
{
  if (*self.letters == '\0')
    {
      g_timeout_add (STEP_MS, settled_cb, NULL);
      return G_SOURCE_REMOVE;
    }
  gtk_editable_insert_text (GTK_EDITABLE (get_widget (GTK_TYPE_SEARCH_ENTRY)),
                            *self.letters == '_' ? " " : self.letters, 1, &self.n_typed);
  self.letters++;
  return G_SOURCE_CONTINUE;
}

static void
search (const char *letters)
{
  gtk_search_bar_set_search_mode (GTK_SEARCH_BAR (get_widget (GTK_TYPE_SEARCH_BAR)), TRUE);
  self.letters = letters;
  self.n_typed = 0;
  g_timeout_add (3 * STEP_MS, type_cb, NULL);
}

static void
unsearch (void)
{
  gtk_search_bar_set_search_mode (GTK_SEARCH_BAR (get_widget (GTK_TYPE_SEARCH_BAR)), FALSE);
  self.drawn_at_us = g_get_monotonic_time ();
  g_timeout_add (STEP_MS, settled_cb, NULL);
}

/* The first frame with texts after the command's moment shows what it did. */
static gboolean
command_cb (gpointer data)
{
  gint64 *moment_us = data;

  if (self.frame_at_us <= *moment_us)
    return G_SOURCE_CONTINUE;
  tell ("shown_ms", (double) (self.frame_at_us - *moment_us) / 1000);
  g_free (moment_us);
  next_step ();
  return G_SOURCE_REMOVE;
}

/* Waiting for its line must not stop the main loop: a thread does it. */
static gpointer
read_command (gpointer data)
{
  FILE *file = popen (getenv ("PROBE_COMMAND"), "r");
  gint64 *moment_us = g_new0 (gint64, 1);
  char line[64];

  if (file == NULL || fgets (line, sizeof line, file) == NULL)
    _exit (1);
  *moment_us = g_ascii_strtoll (line, NULL, 10);
  g_timeout_add (1, command_cb, moment_us);
  pclose (file);
  return NULL;
}

static void
reset (const char *name)
{
  g_strlcpy (self.name, name, sizeof self.name);
  self.longest_turn = 0;
  g_array_set_size (self.frames, 0);
  g_timeout_add (STEP_MS, go_on_cb, NULL);
}

static void
take_step (char **words)
{
  const char *word = words[0];

  if (g_str_equal (word, "content"))
    g_timeout_add (1, content_cb, NULL);
  else if (g_str_equal (word, "wait"))
    g_timeout_add ((guint) atoi (words[1]), go_on_cb, NULL);
  else if (g_str_equal (word, "rows"))
    g_timeout_add (STEP_MS, rows_cb, GUINT_TO_POINTER (atoi (words[1])));
  else if (g_str_equal (word, "scroll"))
    scroll (atoi (words[1]), g_ascii_strtod (words[2], NULL));
  else if (g_str_equal (word, "jump"))
    jump (g_ascii_strtod (words[1], NULL));
  else if (g_str_equal (word, "search"))
    search (words[1]);
  else if (g_str_equal (word, "unsearch"))
    unsearch ();
  else if (g_str_equal (word, "command"))
    g_thread_unref (g_thread_new ("command", read_command, NULL));
  else if (g_str_equal (word, "reset"))
    reset (words[1]);
  else
    {
      if (g_str_equal (word, "turns"))
        tell_turns ();
      else
        tell_memory ();
      g_timeout_add (STEP_MS, go_on_cb, NULL);
    }
}

static void
next_step (void)
{
  char **words;

  if (self.steps[self.n_step] == NULL)
    _exit (0);
  words = g_strsplit (self.steps[self.n_step++], " ", -1);
  /* They are few, and live until the end. */
  take_step (words);
}

/* --- meeting the window --- */

static void
begin (void)
{
  self.started_us = g_ascii_strtoll (getenv ("PROBE_STARTED_US"), NULL, 10);
  self.steps = g_strsplit (getenv ("PROBE_SCRIPT"), ",", -1);
  self.texts_wanted = (guint) atoi (getenv ("PROBE_TEXTS"));
  self.frames = g_array_new (FALSE, FALSE, sizeof (double));
  self.waits_for_texts = TRUE;
  g_main_context_set_poll_func (NULL, poll_cb);
}

/* A desk that takes long to open has another window until it is there. */
static void
meet (GtkWindow *window)
{
  gboolean is_first = self.steps == NULL;
  GdkFrameClock *clock;

  self.window = window;
  if (is_first)
    begin ();
  gtk_widget_realize (GTK_WIDGET (window));
  clock = gtk_widget_get_frame_clock (GTK_WIDGET (window));
  g_signal_connect (clock, "before-paint", G_CALLBACK (before_paint_cb), NULL);
  g_signal_connect (clock, "after-paint", G_CALLBACK (after_paint_cb), NULL);
  g_signal_connect (clock, "after-paint", G_CALLBACK (tell_content_cb), NULL);
  if (is_first)
    next_step ();
}

void
gtk_window_present (GtkWindow *window)
{
  static void (*real) (GtkWindow *);

  if (real == NULL)
    real = (void (*) (GtkWindow *)) dlsym (RTLD_NEXT, "gtk_window_present");
  if (window != self.window && getenv ("PROBE_SCRIPT") != NULL)
    meet (window);
  real (window);
}
