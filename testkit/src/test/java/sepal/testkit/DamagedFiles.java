package sepal.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import sepal.keras.Keras;
import sepal.models.Model;

/**
 * A program that damages files and reads them: {@code FOLDER SEED COUNT FILE...}. Ends with status
 * 1 at the first file that is neither read nor refused in words, or takes more than ten seconds.
 */
final class DamagedFiles {
  private static final long SECONDS = 10;
  private static final List<String> LANDMARKS =
      List.of("TREE", "SNOD", "HEAP", "GCOL", "OHDR", "\u0089HDF", "PK", "\": ", "[", "_names");

  private final Map<Path, Model> models = new HashMap<>();
  private final Map<String, Integer> outcomes = new TreeMap<>();
  private long slowest;

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    long seed = Long.parseLong(args[1]);
    int count = Integer.parseInt(args[2]);
    List<Path> files = Stream.of(args).skip(3).map(Path::of).toList();
    DamagedFiles program = new DamagedFiles();
    ExecutorService worker =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread thread = new Thread(task, "reader");
              thread.setDaemon(true);
              return thread;
            });
    for (int i = 0; i < count; i++) {
      program.judge(worker, folder, seed + i, files.get(i % files.size()));
    }
    System.out.println(
        count + " files, " + program.outcomes + ", the slowest in " + program.slowest + " ms");
  }

  private void judge(ExecutorService worker, Path folder, long seed, Path original)
      throws IOException, InterruptedException {
    Random random = new Random(seed);
    String name = original.getFileName().toString();
    Path damaged = folder.resolve(name);
    byte[] bytes = damage(random, name, Files.readAllBytes(original));
    Files.write(damaged, bytes);
    String what = "seed " + seed + ", " + name + ": ";
    long start = System.nanoTime();
    Future<?> reading =
        worker.submit(
            () -> {
              read(original, damaged);
              return null;
            });
    try {
      reading.get(SECONDS, TimeUnit.SECONDS);
      outcomes.merge("read", 1, Integer::sum);
    } catch (TimeoutException e) {
      fail(what + "not done after " + SECONDS + " s", null);
    } catch (ExecutionException e) {
      Throwable thrown = e.getCause();
      boolean clear =
          thrown instanceof IOException
              || thrown instanceof IllegalArgumentException
              || thrown instanceof UnsupportedOperationException;
      String message = String.valueOf(thrown.getMessage());
      if (!clear || !message.startsWith(damaged.toString()) || message.length() > 2000) {
        fail(what + thrown.getClass().getSimpleName(), thrown);
      }
      if (message.contains("the file does not hold together")) {
        System.out.println(what + message.replace(damaged.toString(), ""));
      }
      outcomes.merge(thrown.getClass().getSimpleName(), 1, Integer::sum);
    }
    slowest = Math.max(slowest, (System.nanoTime() - start) / 1_000_000);
    Files.delete(damaged);
  }

  private void read(Path original, Path damaged) throws IOException {
    if (!damaged.toString().endsWith(".weights.h5")) {
      Keras.loadModel(damaged);
      return;
    }
    Model model = models.get(original);
    if (model == null) {
      try {
        model = Keras.loadModel(Path.of(original.toString().replace(".weights.h5", ".keras")));
      } catch (IllegalArgumentException unknownLayer) {
        model = Keras.loadModel(original.resolveSibling("seq_basic.keras"));
      }
      models.put(original, model);
    }
    Keras.loadWeights(model, damaged);
  }

  private static void fail(String message, Throwable cause) {
    System.out.println("FAILED: " + message);
    if (cause != null) {
      cause.printStackTrace(System.out);
    }
    System.exit(1);
  }

  /** The file itself damaged, or (every second archive) what is inside it, packed again. */
  private static byte[] damage(Random random, String name, byte[] bytes) throws IOException {
    if (!name.endsWith(".keras") || random.nextBoolean()) {
      return damage(random, bytes);
    }
    int chosen = random.nextInt(3);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(bytes));
        ZipOutputStream zip = new ZipOutputStream(out)) {
      int index = 0;
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        byte[] content = in.readAllBytes();
        zip.putNextEntry(new ZipEntry(entry.getName()));
        zip.write(index++ == chosen ? damage(random, content) : content);
        zip.closeEntry();
      }
    }
    return out.toByteArray();
  }

  private static byte[] damage(Random random, byte[] bytes) {
    byte[] damaged = bytes.clone();
    int length = damaged.length;
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
      default: // near a landmark of the format
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
}
