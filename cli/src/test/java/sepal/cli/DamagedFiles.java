package sepal.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
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
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import sepal.keras.Json;
import sepal.keras.Keras;
import sepal.keras.KerasJson;
import sepal.keras.Npy;
import sepal.layers.GlobalAveragePooling2D;
import sepal.models.Model;
import sepal.models.Sequential;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tensor;

/**
 * A program that damages files and reads them: {@code FOLDER SEED COUNT given FILE...}, or {@code
 * all} where it adds files of every other format. Ends with status 1 at the first file that is
 * neither read nor refused in words, takes more than ten seconds, or leaves a temporary file
 * behind. {@code SEED 1} does that one again.
 */
final class DamagedFiles {
  private static final Logger LOGGER = Logger.getLogger("sepal");
  private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));
  private static final long SECONDS = 10;

  private final Path folder;
  private final List<Path> originals = new ArrayList<>();
  private final Map<Path, Model> models = new HashMap<>();
  private final Map<String, Map<String, Integer>> outcomes = new TreeMap<>();
  private Path takesPictures = Path.of("");
  private long slowest;
  private String slowestName = "";
  private volatile Thread reader = Thread.currentThread();

  private DamagedFiles(Path folder) {
    this.folder = folder;
  }

  public static void main(String[] args) throws Exception {
    LOGGER.setLevel(Level.OFF);
    Path folder = Path.of(args[0]);
    long seed = Long.parseLong(args[1]);
    int count = Integer.parseInt(args[2]);
    DamagedFiles program = new DamagedFiles(folder);
    program.originals.addAll(Stream.of(args).skip(4).map(Path::of).toList());
    if (args[3].equals("all")) {
      program.makeOriginals();
    }
    ExecutorService worker =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread thread = new Thread(task, "reader");
              thread.setDaemon(true);
              program.reader = thread;
              return thread;
            });
    for (int i = 0; i < count; i++) {
      program.judge(worker, seed + i);
    }
    program.outcomes.forEach((format, outcome) -> System.out.println(format + " " + outcome));
    System.out.printf(
        "%d files, the slowest in %d ms: %s%n", count, program.slowest, program.slowestName);
  }

  // ---- files to damage

  private void makeOriginals() throws IOException {
    Path own = Files.createDirectories(folder.resolve("originals"));
    takesPictures = modelForPictures(own);
    for (Path file : List.copyOf(originals)) {
      String name = file.getFileName().toString();
      if (name.endsWith(".json")) {
        originals.remove(file);
        Object json = Json.parseObject(name, Files.readAllBytes(file)).get("to_json");
        originals.add(Files.writeString(own.resolve(name), Json.write(json)));
      }
    }
    String[] settings = {
      "{\"floatx\": \"float32\", \"epsilon\": 1e-07, \"backend\": \"torch\","
          + " \"image_data_format\": \"channels_last\"}",
      "{\"image_dim_ordering\": \"th\", \"epsilon\": 1e-07, \"floatx\": \"float64\"}"
    };
    for (int i = 0; i < settings.length; i++) {
      Path place = Files.createDirectories(own.resolve("home" + i));
      originals.add(Files.writeString(place.resolve("keras.json"), settings[i]));
    }
    for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
      Path array = own.resolve(dtype + ".npy");
      Npy.write(array, Tensor.full(dtype, Shape.of(2, 5, 4, 3), 0.5));
      originals.add(array);
    }
    makePictures(own);
  }

  /** A model that takes pictures of any size, in a file. */
  static Path modelForPictures(Path folder) throws IOException {
    Path file = folder.resolve("pictures.keras");
    Keras.saveModel(
        new Sequential("p", new GlobalAveragePooling2D(o -> o.inputShape(-1, -1, 3))), file);
    return file;
  }

  private void makePictures(Path own) throws IOException {
    int[] types = {
      BufferedImage.TYPE_INT_RGB,
      BufferedImage.TYPE_INT_ARGB,
      BufferedImage.TYPE_BYTE_GRAY,
      BufferedImage.TYPE_USHORT_GRAY,
      BufferedImage.TYPE_BYTE_BINARY,
      BufferedImage.TYPE_BYTE_INDEXED
    };
    for (int type : types) {
      BufferedImage image = new BufferedImage(19, 13, type);
      for (int i = 0; i < 19 * 13; i++) {
        image.setRGB(i % 19, i / 19, 0xff000000 | i * 68_000);
      }
      for (String format : List.of("png", "gif", "bmp", "jpg", "tiff", "wbmp")) {
        Path file = own.resolve("picture" + type + "." + format);
        if (ImageIO.write(image, format, file.toFile())) {
          originals.add(file);
        }
      }
    }
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpg").next();
    ImageWriteParam progressive = writer.getDefaultWriteParam();
    progressive.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
    Path file = own.resolve("progressive.jpg");
    try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
      BufferedImage image = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
      writer.setOutput(out);
      writer.write(null, new javax.imageio.IIOImage(image, null, null), progressive);
    }
    writer.dispose();
    originals.add(file);
  }

  // ---- reading

  private void judge(ExecutorService worker, long seed) throws IOException, InterruptedException {
    Random random = new Random(seed);
    Path original = originals.get(random.nextInt(originals.size()));
    String name = original.getFileName().toString();
    Path damaged = folder.resolve(name);
    Files.write(damaged, new Damage(random).of(name, Files.readAllBytes(original)));
    String what = "seed " + seed + ", " + name + ": ";
    boolean byCommand = random.nextInt(4) == 0;
    String outcome = "read";
    long start = System.nanoTime();
    Future<?> reading =
        worker.submit(
            () -> {
              read(original, damaged, byCommand);
              return null;
            });
    try {
      reading.get(SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      Throwable where = new Throwable("it is here");
      where.setStackTrace(reader.getStackTrace());
      fail(what + "not done after " + SECONDS + " s", where);
    } catch (ExecutionException e) {
      Throwable thrown = e.getCause();
      outcome = thrown.getClass().getSimpleName();
      String message = String.valueOf(thrown.getMessage());
      boolean clear =
          thrown instanceof IOException
              || thrown instanceof IllegalArgumentException
              || thrown instanceof UnsupportedOperationException;
      boolean named =
          message.startsWith(damaged.toString())
              || message.startsWith("the model's JSON")
              || name.equals("keras.json") && message.startsWith(System.getProperty("user.home"));
      if (!clear || !named || message.length() > 5500 || isOutOfMemory(thrown)) {
        fail(what + outcome, thrown);
      }
      if (message.contains("the file does not hold together")) {
        System.out.println(what + message.replace(damaged.toString(), ""));
      }
    }
    outcomes
        .computeIfAbsent(name.replaceFirst("[^.]*(?=\\.)", ""), f -> new TreeMap<>())
        .merge(outcome, 1, Integer::sum);
    long time = (System.nanoTime() - start) / 1_000_000;
    if (time > slowest) {
      slowest = time;
      slowestName = what;
    }
    Files.delete(damaged);
    checkNothingIsLeft(what);
  }

  private static boolean isOutOfMemory(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof VirtualMachineError && !(cause instanceof StackOverflowError)) {
        return true;
      }
    }
    return false;
  }

  private void checkNothingIsLeft(String what) throws IOException {
    try (Stream<Path> left = Stream.concat(Files.list(TEMPORARY), Files.list(folder))) {
      List<Path> files = left.filter(Files::isRegularFile).toList();
      if (!files.isEmpty()) {
        fail(what + "left " + files, null);
      }
    }
  }

  private void read(Path original, Path damaged, boolean byCommand) throws IOException {
    String name = damaged.getFileName().toString();
    if (name.endsWith(".weights.h5")) {
      Keras.loadWeights(modelFor(original), damaged);
    } else if (name.equals("keras.json")) {
      // Where a user has it: the process of its own was given this folder as home.
      Path home = Path.of(System.getProperty("user.home"), ".keras");
      Files.copy(
          damaged,
          Files.createDirectories(home).resolve(name),
          StandardCopyOption.REPLACE_EXISTING);
      KerasJson settings = new KerasJson();
      settings.imageDataFormat();
      settings.floatx();
      settings.epsilon();
    } else if (name.endsWith(".json")) {
      Keras.modelFromJson(new String(Files.readAllBytes(damaged), UTF_8));
    } else if (name.matches(".*\\.(keras|h5|hdf5)")) {
      if (byCommand) {
        command("summary", damaged);
      } else {
        Keras.loadModel(damaged);
      }
    } else {
      command("predict", takesPictures, damaged);
    }
  }

  private static void command(Object... arguments) throws IOException {
    Run run = Run.sepal(arguments);
    LOGGER.setLevel(Level.OFF); // the command has changed it
    String file = arguments[arguments.length - 1].toString();
    if (run.status() == 0) {
      return;
    }
    if (run.err().contains("unexpected")
        || run.err().contains("out of memory")
        || run.errLines().size() > 2) {
      throw new IllegalStateException(run.err());
    }
    throw new IOException(file + ": refused by the command: " + run.err());
  }

  private Model modelFor(Path weights) throws IOException {
    Model model = models.get(weights);
    if (model == null) {
      try {
        model = Keras.loadModel(Path.of(weights.toString().replace(".weights.h5", ".keras")));
      } catch (IllegalArgumentException unknownLayer) {
        model = Keras.loadModel(weights.resolveSibling("seq_basic.keras"));
      }
      models.put(weights, model);
    }
    return model;
  }

  private static void fail(String message, Throwable cause) {
    System.out.println("FAILED: " + message);
    if (cause != null) {
      cause.printStackTrace(System.out);
    }
    System.exit(1);
  }
}
