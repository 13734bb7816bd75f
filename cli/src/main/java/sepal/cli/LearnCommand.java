package sepal.cli;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import sepal.callbacks.CSVLogger;
import sepal.callbacks.LambdaCallback;
import sepal.callbacks.ProgbarLogger;
import sepal.keras.Keras;
import sepal.models.Model;
import sepal.models.Sequential;
import sepal.tensor.Tensor;
import sepal.training.Callback;

/** Trains a small network of separable convolutions from nothing to tell glyphs apart. */
@Command(
    name = "learn",
    description = {
      "Train a network of separable convolutions to tell glyphs apart.",
      "The glyphs are drawn here, turned, stretched and noisy; others are held out to test on.",
      "The same seed gives the same weights to the last bit. Needs no file."
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class LearnCommand implements Callable<Integer> {
  private static final int BATCH_SIZE = 32;
  private static final int SHOWN = 12; // of each glyph

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "Save the trained model, the history and a picture of glyphs there.")
  private Path folder;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Rules glyphs, first weights and order; default ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--epochs",
      defaultValue = "10",
      description = "Passes over the glyphs; default ${DEFAULT-VALUE}.")
  private int epochs;

  @Option(
      names = "--samples",
      defaultValue = "9000",
      description =
          "Glyphs to learn from; a quarter as many are held out. Default ${DEFAULT-VALUE}.")
  private int samples;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (epochs < 1 || samples < Glyphs.NAMES.size()) {
      throw new ParameterException(
          spec.commandLine(),
          "--epochs must be at least 1, --samples at least " + Glyphs.NAMES.size());
    }
    PrintWriter out = spec.commandLine().getOut();
    Glyphs glyphs = Glyphs.draw(samples, GlyphModel.SIZE, 2 * seed);
    Glyphs heldOut = Glyphs.draw(Math.max(1, samples / 4), GlyphModel.SIZE, 2 * seed + 1);
    Sequential model = GlyphModel.build(seed, epochs * ((samples + BATCH_SIZE - 1) / BATCH_SIZE));
    out.printf(
        Locale.ROOT,
        "%d glyphs of %d kinds to learn from, %d held out, %dx%d pixels%n%,d weights%n",
        samples,
        Glyphs.NAMES.size(),
        heldOut.y().size(),
        GlyphModel.SIZE,
        GlyphModel.SIZE,
        model.countParams());

    List<Callback> callbacks = new ArrayList<>();
    if (Boolean.getBoolean("sepal.terminal")) {
      callbacks.add(bar(spec.commandLine().getErr()));
    }
    callbacks.add(table(out));
    if (folder != null) {
      Files.createDirectories(folder);
      callbacks.add(new CSVLogger(folder.resolve("history.csv")));
    }
    model.fit(
        glyphs.x(),
        glyphs.y(),
        o ->
            o.epochs(epochs)
                .batchSize(BATCH_SIZE)
                .seed(seed)
                .validationData(heldOut.x(), heldOut.y())
                .callbacks(callbacks.toArray(Callback[]::new)));
    out.println("weights " + checksum(model) + "   (the same seed gives the same)");
    if (folder != null) {
      save(model, glyphs, heldOut, out);
    }
    return 0;
  }

  /** A bar that is gone when the epoch is over. */
  private static Callback bar(PrintWriter err) {
    int[] width = {0};
    return new ProgbarLogger(
        text -> {
          if (text.endsWith("\n")) {
            err.print("\r" + " ".repeat(width[0]) + "\r");
          } else {
            err.print(text);
            width[0] = Math.max(width[0], text.length());
          }
          err.flush();
        });
  }

  private static Callback table(PrintWriter out) {
    long start = System.nanoTime();
    return new LambdaCallback(
        o ->
            o.onTrainBegin(
                    () -> out.println("epoch     loss  accuracy  held-out accuracy   seconds"))
                .onEpochEnd(
                    (epoch, logs) -> {
                      out.printf(
                          Locale.ROOT,
                          "%5d %8.4f %8.2f%% %17.2f%% %9.1f%n",
                          epoch + 1,
                          logs.get("loss"),
                          100 * logs.getOrDefault("accuracy", Double.NaN),
                          100 * logs.getOrDefault("val_accuracy", Double.NaN),
                          (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1));
                      out.flush();
                    }));
  }

  /** The first digits of the SHA-256 of all weights. */
  static String checksum(Model model) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Tensor weight : model.getWeights()) {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * weight.size());
        bytes.asFloatBuffer().put(weight.floats());
        digest.update(bytes);
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  private void save(Sequential model, Glyphs glyphs, Glyphs heldOut, PrintWriter out)
      throws IOException {
    Path file = folder.resolve("glyphs.keras");
    Keras.saveModel(model, file);
    png(folder.resolve("glyphs.png"), glyphs.x());
    Map<String, Double> before = model.evaluate(heldOut.x(), heldOut.y());
    Map<String, Double> after = Keras.loadModel(file).evaluate(heldOut.x(), heldOut.y());
    if (!before.equals(after)) {
      throw new IOException(file + ": evaluated as " + after + ", before it was saved " + before);
    }
    out.println("wrote to " + folder + ":");
    out.println("  glyphs.keras   the model; loaded again it gives the same loss and accuracy");
    out.println("  history.csv    loss and accuracy of each epoch");
    out.println("  glyphs.png     some of the glyphs, one kind in each row");
  }

  private static void png(Path file, Tensor x) throws IOException {
    int size = x.shape().get(1);
    int kinds = Glyphs.NAMES.size();
    int columns = Math.min(SHOWN, x.shape().get(0) / kinds);
    BufferedImage image =
        new BufferedImage(columns * size, kinds * size, BufferedImage.TYPE_BYTE_GRAY);
    float[] values = x.floats();
    for (int i = 0; i < columns * kinds; i++) {
      for (int pixel = 0; pixel < size * size; pixel++) {
        float value = Math.max(0, Math.min(1, values[i * size * size + pixel]));
        image
            .getRaster()
            .setSample(
                i / kinds * size + pixel % size,
                i % kinds * size + pixel / size,
                0,
                Math.round(255 * value));
      }
    }
    ImageIO.setUseCache(false);
    ImageIO.write(image, "png", file.toFile());
  }
}
