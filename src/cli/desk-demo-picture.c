/* SPDX-License-Identifier: GPL-3.0-or-later
 * Drawing and writing the picture; a PNG is a signature and three chunks around deflated rows. */
#include "desk-demo-picture.h"

#include <string.h>

#define WIDTH           270
#define HEIGHT          480
#define BYTES_PER_PIXEL 3
#define ROW_BYTES       (1 + WIDTH * BYTES_PER_PIXEL) /* the filter's number comes first */

typedef struct
{
  int x, y, width, height;
  guint32 colour; /* 0xRRGGBB; VARIANT: that of the variant */
} Box;

#define VARIANT 0xffffffffu

static const guint32 variants[] = { 0x1a5fb4, 0x26a269, 0x813d9c };

/* Status bar, header, a card with lines of text, a button, the bar at the bottom. */
static const Box boxes[] = {
  { 0, 0, WIDTH, HEIGHT, 0xf6f5f4 },     { 0, 0, WIDTH, 20, 0x241f31 },
  { 0, 20, WIDTH, 52, VARIANT },         { 18, 40, 120, 12, 0xffffff },
  { 18, 96, WIDTH - 36, 250, 0xffffff }, { 60, 236, 150, 10, 0x3d3846 },
  { 45, 258, 180, 7, 0xc0bfbc },         { 60, 274, 150, 7, 0xc0bfbc },
  { 85, 304, 100, 24, VARIANT },         { 105, 313, 60, 6, 0xffffff },
  { 18, 366, WIDTH - 36, 60, 0xffffff }, { 34, 382, 90, 8, 0x9a9996 },
  { 34, 402, 160, 8, 0xdeddda },         { 0, HEIGHT - 34, WIDTH, 34, 0xdeddda },
  { 95, HEIGHT - 20, 80, 6, 0x77767b },
};

/* The red disc with its mark. */
#define DISC_X      (WIDTH / 2)
#define DISC_Y      168
#define DISC_RADIUS 40
static const Box mark[] = {
  { DISC_X - 5, DISC_Y - 24, 10, 28, 0xffffff },
  { DISC_X - 5, DISC_Y + 12, 10, 10, 0xffffff },
};

static void
paint (guint8 *rows, int x, int y, guint32 colour)
{
  guint8 *pixel = rows + y * ROW_BYTES + 1 + x * BYTES_PER_PIXEL;

  pixel[0] = (guint8) (colour >> 16);
  pixel[1] = (guint8) (colour >> 8);
  pixel[2] = (guint8) colour;
}

static void
paint_boxes (guint8 *rows, const Box *list, guint n_boxes, guint32 variant)
{
  for (guint i = 0; i < n_boxes; i++)
    for (int y = list[i].y; y < list[i].y + list[i].height; y++)
      for (int x = list[i].x; x < list[i].x + list[i].width; x++)
        paint (rows, x, y, list[i].colour == VARIANT ? variant : list[i].colour);
}

static void
paint_disc (guint8 *rows)
{
  for (int y = -DISC_RADIUS; y <= DISC_RADIUS; y++)
    for (int x = -DISC_RADIUS; x <= DISC_RADIUS; x++)
      if (x * x + y * y <= DISC_RADIUS * DISC_RADIUS)
        paint (rows, DISC_X + x, DISC_Y + y, 0xc01c28);
}

/* The checksum of chunks, as the PNG specification gives it. */
static guint32
checksum (const guint8 *bytes, gsize size)
{
  guint32 sum = 0xffffffffu;

  for (gsize i = 0; i < size; i++)
    {
      sum ^= bytes[i];
      for (int bit = 0; bit < 8; bit++)
        sum = sum & 1 ? 0xedb88320u ^ (sum >> 1) : sum >> 1;
    }
  return ~sum;
}

static void
append_number (GByteArray *png, guint32 number)
{
  guint32 big_endian = GUINT32_TO_BE (number);

  g_byte_array_append (png, (const guint8 *) &big_endian, sizeof big_endian);
}

static void
append_chunk (GByteArray *png, const char *type, gconstpointer content, gsize size)
{
  guint start;

  append_number (png, (guint32) size);
  start = png->len;
  g_byte_array_append (png, (const guint8 *) type, 4);
  g_byte_array_append (png, content, (guint) size);
  append_number (png, checksum (png->data + start, png->len - start));
}

static GBytes *
deflate (const guint8 *rows, gsize size)
{
  g_autoptr (GZlibCompressor) compressor = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB, 9);
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GOutputStream) output =
      g_converter_output_stream_new (memory, G_CONVERTER (compressor));

  g_output_stream_write_all (output, rows, size, NULL, NULL, NULL);
  g_output_stream_close (output, NULL, NULL);
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
}

static void
append_header (GByteArray *png)
{
  static const guint8 signature[] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n' };
  static const guint8 form[] = { 8, 2, 0, 0,
                                 0 }; /* 8 bits of red, green and blue; nothing special */
  guint8 header[8 + sizeof form];
  guint32 width = GUINT32_TO_BE (WIDTH), height = GUINT32_TO_BE (HEIGHT);

  memcpy (header, &width, 4);
  memcpy (header + 4, &height, 4);
  memcpy (header + 8, form, sizeof form);
  g_byte_array_append (png, signature, sizeof signature);
  append_chunk (png, "IHDR", header, sizeof header);
}

GBytes *
desk_demo_picture_new (guint variant)
{
  g_autofree guint8 *rows = g_malloc0 (HEIGHT * ROW_BYTES);
  g_autoptr (GBytes) content = NULL;
  GByteArray *png = g_byte_array_new ();

  paint_boxes (rows, boxes, G_N_ELEMENTS (boxes), variants[variant % G_N_ELEMENTS (variants)]);
  paint_disc (rows);
  paint_boxes (rows, mark, G_N_ELEMENTS (mark), 0);
  content = deflate (rows, HEIGHT * ROW_BYTES);

  append_header (png);
  append_chunk (png, "IDAT", g_bytes_get_data (content, NULL), g_bytes_get_size (content));
  append_chunk (png, "IEND", NULL, 0);
  return g_byte_array_free_to_bytes (png);
}
