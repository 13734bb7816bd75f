package sepal.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import sepal.keras.Json;

/**
 * Damages files as chance has it, and as somebody would who knows their formats: what is damaged
 * inside has sound checksums outside.
 */
final class Damage {
  private static final List<String> LANDMARKS =
      List.of("TREE", "SNOD", "HEAP", "GCOL", "OHDR", "\u0089HDF", "PK", "\": ", "[", "_names");

  private static final List<String> HDF5 = List.of("TREE", "SNOD", "HEAP", "GCOL");

  private static final Object[] STRANGERS = {
    null,
    "",
    "x",
    "Dense",
    "Sequential",
    "relu",
    "\u0000",
    true,
    false,
    0,
    1,
    -1,
    7,
    2.5,
    1e300,
    Double.NaN,
    Integer.MAX_VALUE,
    Long.MAX_VALUE,
    List.of(),
    List.of(0),
    List.of("x", 0, 0),
    Arrays.asList(null, 3),
    List.of(List.of()),
    Map.of(),
    Map.of("class_name", "Dense"),
    Map.of("class_name", "Functional", "config", Map.of())
  };

  private final Random random;

  Damage(Random random) {
    this.random = random;
  }

  byte[] of(String name, byte[] bytes) throws IOException {
    boolean blind = random.nextInt(3) == 0;
    if (blind || bytes.length < 64) {
      return anyBytes(bytes);
    }
    if (name.endsWith(".keras")) {
      return archive(bytes);
    }
    if (name.endsWith(".h5") || name.endsWith(".hdf5")) {
      return hdf5(bytes);
    }
    if (name.endsWith(".json")) {
      return json(bytes);
    }
    if (name.endsWith(".npy")) {
      return npy(bytes);
    }
    return name.endsWith(".png") ? png(bytes) : picture(bytes);
  }

  // ---- any file

  private byte[] anyBytes(byte[] bytes) {
    byte[] damaged = bytes.clone();
    int length = damaged.length;
    if (length == 0) {
      return damaged;
    }
    switch (random.nextInt(6)) {
      case 0: // cut off
        return Arrays.copyOf(damaged, random.nextInt(length));
      case 1: // bits
        for (int i = random.nextInt(20); i >= 0; i--) {
          damaged[random.nextInt(length)] ^= (byte) (1 << random.nextInt(8));
        }
        return damaged;
      case 2: // a run of other bytes
        int from = random.nextInt(length);
        for (int i = from; i < Math.min(length, from + 1 + random.nextInt(64)); i++) {
          damaged[i] = (byte) random.nextInt(256);
        }
        return damaged;
      case 3: // eight bytes from elsewhere: addresses that lead astray
        for (int i = 0; i < 3 && length > 16; i++) {
          int to = random.nextInt(length - 8) & ~7;
          System.arraycopy(bytes, random.nextInt(length - 8) & ~7, damaged, to, 8);
        }
        return damaged;
      case 4: // digits of a text
        for (int i = 0, done = 0; i < 100_000 && done < 3; i++) {
          int at = random.nextInt(length);
          if (Character.isDigit(damaged[at])) {
            damaged[at] = (byte) ('0' + random.nextInt(10));
            done++;
          }
        }
        return damaged;
      default: // near a landmark of a format
        String text = new String(bytes, ISO_8859_1);
        String landmark = LANDMARKS.get(random.nextInt(LANDMARKS.size()));
        int at = Math.max(0, text.indexOf(landmark, random.nextInt(length)));
        for (int i = random.nextInt(4); i >= 0; i--) {
          int place = Math.min(length - 1, at + random.nextInt(48));
          damaged[place] = (byte) (random.nextBoolean() ? 0xff : random.nextInt(256));
        }
        return damaged;
    }
  }

  /** A number that formats stumble over, in as many bytes. */
  private long number(int bytes, long fileSize) {
    long most = bytes == 8 ? Long.MAX_VALUE : (1L << 8 * bytes) - 1;
    return switch (random.nextInt(10)) {
      case 0 -> 0;
      case 1 -> 1;
      case 2 -> -1;
      case 3 -> most;
      case 4 -> most >> 1;
      case 5 -> (most >> 1) + 1;
      case 6 -> fileSize;
      case 7 -> fileSize - random.nextInt(64);
      case 8 -> 1L << random.nextInt(8 * bytes);
      default -> random.nextInt((int) Math.min(fileSize, Integer.MAX_VALUE));
    };
  }

  private void put(ByteBuffer bytes, int at, int width) {
    long value = number(width, bytes.capacity());
    for (int i = 0; i < width && at + i < bytes.capacity(); i++) {
      int shift = bytes.order() == ByteOrder.LITTLE_ENDIAN ? 8 * i : 8 * (width - 1 - i);
      bytes.put(at + i, (byte) (value >> shift));
    }
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private <T> T oneOf(List<T> items) {
    return items.get(random.nextInt(items.size()));
  }

  // ---- archives

  /** What is inside damaged and packed again, or the list of what is inside. */
  private byte[] archive(byte[] bytes) throws IOException {
    int chosen = random.nextInt(4);
    boolean stored = random.nextBoolean();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(bytes));
        ZipOutputStream zip = new ZipOutputStream(out)) {
      int index = 0;
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        byte[] content = in.readAllBytes();
        String name = entry.getName();
        if (index++ == chosen || chosen == 1 && name.equals("config.json")) {
          content = of(name, content);
        }
        if (chosen == 3 && random.nextInt(4) == 0) {
          name =
              oneOf(List.of("../", "/", "\\", "a:", "assets/"))
                  + (random.nextInt(99) + index + name);
        }
        put(zip, name, content, stored);
      }
      for (int i = random.nextInt(3); chosen == 3 && i > 0; i--) {
        put(zip, "assets/" + i, new byte[random.nextInt(1 << 16)], stored);
      }
    }
    return random.nextInt(6) == 0 ? anyBytes(out.toByteArray()) : out.toByteArray();
  }

  private static void put(ZipOutputStream zip, String name, byte[] content, boolean stored)
      throws IOException {
    ZipEntry entry = new ZipEntry(name);
    if (stored) { // as Keras does
      CRC32 crc = new CRC32();
      crc.update(content);
      entry.setMethod(ZipEntry.STORED);
      entry.setSize(content.length);
      entry.setCrc(crc.getValue());
    }
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  // ---- HDF5

  /** Fields of the structures: messages of objects, nodes of trees, heaps. */
  private byte[] hdf5(byte[] bytes) {
    byte[] damaged = bytes.clone();
    ByteBuffer fields = littleEndian(damaged);
    for (int times = 1 + random.nextInt(3); times > 0; times--) {
      List<Integer> messages = messages(fields);
      if (!messages.isEmpty() && random.nextInt(3) > 0) {
        int message = oneOf(messages);
        int length = fields.getShort(message + 2) & 0xffff;
        switch (random.nextInt(5)) {
          case 0 -> fields.putShort(message, (short) random.nextInt(0x18)); // the type
          case 1 -> put(fields, message + 2, 2); // the length
          case 2 -> put(fields, message + 4, 1); // the flags
          default -> {
            int width = 1 << random.nextInt(4);
            put(fields, message + 8 + random.nextInt(Math.max(1, length)) / width * width, width);
          }
        }
      } else {
        String text = new String(damaged, ISO_8859_1);
        String landmark = oneOf(HDF5);
        int at = text.indexOf(landmark, random.nextInt(damaged.length));
        at = at < 0 ? Math.max(0, text.indexOf(landmark)) : at;
        int width = 1 << random.nextInt(4);
        put(fields, at + 4 + random.nextInt(60) / width * width, width);
        if (random.nextInt(4) == 0) { // a structure where another one should be
          System.arraycopy(bytes, at, damaged, random.nextInt(damaged.length - 32) & ~7, 32);
        }
      }
    }
    return damaged;
  }

  /** Where the messages of all object headers of version 1 begin. */
  private static List<Integer> messages(ByteBuffer bytes) {
    List<Integer> messages = new ArrayList<>();
    for (int at = 0; at + 24 < bytes.capacity(); at += 8) {
      int size = bytes.getInt(at + 8);
      boolean header =
          bytes.getShort(at) == 1
              && bytes.getInt(at + 4) == 1
              && bytes.getInt(at + 12) == 0
              && size >= 8
              && size <= bytes.capacity() - at - 16;
      for (int next = at + 16; header && next + 8 <= at + 16 + size; ) {
        messages.add(next);
        next += 8 + (bytes.getShort(next + 2) & 0xffff);
      }
    }
    return messages;
  }

  // ---- JSON

  private byte[] json(byte[] bytes) {
    Object value;
    try {
      value = Json.parse("", bytes);
    } catch (IllegalArgumentException alreadyDamaged) {
      return anyBytes(bytes);
    }
    for (int times = 1 + random.nextInt(3); times > 0; times--) {
      value = changed(value);
    }
    return Json.write(value).getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  /** A copy with one value, anywhere inside, removed, doubled, wrapped or replaced. */
  private Object changed(Object value) {
    if (value instanceof Map<?, ?> map && !map.isEmpty() && random.nextInt(30) > 0) {
      Map<Object, Object> copy = new LinkedHashMap<>(map);
      Object key = oneOf(new ArrayList<>(map.keySet()));
      switch (random.nextInt(40)) {
        case 0 -> copy.remove(key);
        case 1 -> copy.put(oneOf(new ArrayList<>(map.keySet())), map.get(key));
        case 2 -> copy.put("__" + key, copy.remove(key));
        default -> copy.put(key, changed(map.get(key)));
      }
      return copy;
    }
    if (value instanceof List<?> list && !list.isEmpty() && random.nextInt(30) > 0) {
      List<Object> copy = new ArrayList<>(list);
      int index = random.nextInt(list.size());
      switch (random.nextInt(40)) {
        case 0 -> copy.remove(index);
        case 1 -> copy.add(copy.get(index));
        case 2 -> java.util.Collections.swap(copy, index, random.nextInt(list.size()));
        case 3 -> { // for ever the same
          for (int i = random.nextInt(3000); i > 0; i--) {
            copy.add(copy.get(index));
          }
        }
        default -> copy.set(index, changed(list.get(index)));
      }
      return copy;
    }
    return switch (random.nextInt(8)) {
      case 0 -> {
        Object nested = value;
        for (int i = random.nextInt(700); i > 0; i--) {
          nested = random.nextBoolean() ? List.of(String.valueOf(i)) : List.of(wrap(nested));
        }
        yield nested;
      }
      case 1 -> "x".repeat(random.nextInt(100_000));
      case 2 -> random.nextInt(4096);
      case 3 -> random.nextLong();
      default -> STRANGERS[random.nextInt(STRANGERS.length)];
    };
  }

  private static Object wrap(Object value) {
    return value == null ? "null" : value;
  }

  // ---- arrays and pictures

  /** The header's text, with the same length in front of it or another one. */
  private byte[] npy(byte[] bytes) {
    int length = littleEndian(bytes).getShort(8) & 0xffff;
    String header = new String(bytes, 10, length, ISO_8859_1);
    String changed =
        switch (random.nextInt(6)) {
          case 0 -> header.replace("<f4", oneOf(List.of("<f8", ">f4", "<i8", "|b1", "O", "<c8")));
          case 1 -> header.replace("(", "(" + number(8, bytes.length) + ", ");
          case 2 -> header.replaceFirst("\\d+", "" + number(4, bytes.length));
          case 3 -> header.replace("False", oneOf(List.of("True", "None", "0", "FalseFalse")));
          case 4 -> header.replace("'", oneOf(List.of("\"", "", "''", "'\\'")));
          default -> header.replace(oneOf(List.of("descr", "shape", "fortran_order")), "x");
        };
    byte[] text = changed.getBytes(ISO_8859_1);
    ByteBuffer all = littleEndian(new byte[10 + text.length + bytes.length - 10 - length]);
    all.put(bytes, 0, 8).putShort((short) text.length).put(text);
    all.put(bytes, 10 + length, bytes.length - 10 - length);
    if (random.nextInt(4) == 0) {
      put(all, 8, 2);
    }
    return all.array();
  }

  /** Chunks with other contents or lengths, and checksums that fit. */
  private byte[] png(byte[] bytes) {
    List<byte[]> chunks = new ArrayList<>(); // type and data
    ByteBuffer in = ByteBuffer.wrap(bytes).position(8);
    while (in.remaining() >= 12) {
      byte[] chunk = new byte[4 + in.getInt()];
      in.get(chunk).getInt();
      chunks.add(chunk);
    }
    int index = random.nextInt(3) == 0 ? 0 : random.nextInt(chunks.size());
    byte[] chosen = chunks.get(index);
    switch (random.nextInt(6)) {
      case 0 -> chunks.add(random.nextInt(chunks.size()), chosen);
      case 1 -> chunks.remove(index);
      case 2 -> chunks.set(index, anyBytes(chosen));
      default -> {
        byte[] copy = chosen.clone();
        int width = 1 << random.nextInt(3);
        put(
            ByteBuffer.wrap(copy),
            4 + random.nextInt(Math.max(1, copy.length - 4)) / width * width,
            width);
        chunks.set(index, copy);
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes, 0, 8);
    for (byte[] chunk : chunks) {
      CRC32 crc = new CRC32();
      crc.update(chunk);
      int length = random.nextInt(40) == 0 ? random.nextInt() : chunk.length - 4;
      out.writeBytes(ByteBuffer.allocate(4).putInt(length).array());
      out.writeBytes(chunk);
      out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }
    return out.toByteArray();
  }

  /** Fields in the first part, where JPEG, GIF and BMP have theirs. */
  private byte[] picture(byte[] bytes) {
    byte[] damaged = bytes.clone();
    ByteBuffer fields =
        ByteBuffer.wrap(damaged)
            .order(random.nextBoolean() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    for (int times = 1 + random.nextInt(3); times > 0; times--) {
      int at = random.nextInt(Math.min(damaged.length, 700));
      if (random.nextBoolean()) { // after one of JPEG's markers
        for (int i = 0; i < damaged.length && damaged[at] != (byte) 0xff; i++) {
          at = (at + 1) % damaged.length;
        }
        at += 1 + random.nextInt(10);
      }
      put(fields, Math.min(at, damaged.length - 1), 1 << random.nextInt(3));
    }
    return damaged;
  }
}
