package sepal.cli;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import javax.imageio.ImageIO;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sepal.keras.Npy;
import sepal.layers.Layer;
import sepal.models.Sequential;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

/** Sends a generated picture through separable convolutions that need no training. */
@Command(
    name = "demo",
    description = {
      "Send a generated picture through separable convolutions.",
      "Their kernels are set by hand: blur, edges, outline. The picture, every feature map and",
      "the numbers are kept. Needs no file."
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DemoCommand implements Callable<Integer> {
  @Option(
      names = "--output",
      paramLabel = "DIR",
      defaultValue = "sepal-demo",
      description = "Where to write; default ${DEFAULT-VALUE}.")
  private Path folder;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Files.createDirectories(folder);
    Tensor x = DemoModel.picture();
    png(folder.resolve("picture.png"), x);

    Sequential model = DemoModel.build();
    List<String> table = new ArrayList<>();
    table.add(String.format("%-28s %9s %9s %9s", "feature map", "least", "mean", "greatest"));
    int step = 0;
    for (Layer layer : model.layers()) {
      x = layer.apply(x);
      String name = ++step + "-" + layer.name();
      Npy.write(folder.resolve(name + ".npy"), x);
      for (int c = 0; c < x.shape().get(3); c++) {
        Tensor map = channel(x, c);
        String file = name + "-" + DemoModel.MAPS.get(step - 1).get(c) + ".png";
        png(folder.resolve(file), map);
        table.add(statistics(file, map));
      }
    }
    Files.write(folder.resolve("numbers.txt"), table);

    PrintWriter out = spec.commandLine().getOut();
    table.forEach(out::println);
    out.println();
    out.println("wrote to " + folder + ":");
    out.println("  picture.png      what goes in");
    out.println("  N-LAYER-MAP.png  what each layer gives, black the least, white the greatest");
    out.println("  N-LAYER.npy      the same as numbers, for numpy.load");
    out.println("  numbers.txt      the table above");
    return 0;
  }

  private static Tensor channel(Tensor x, int channel) {
    int channels = x.shape().get(3);
    float[] values = new float[x.size() / channels];
    for (int i = 0; i < values.length; i++) {
      values[i] = x.floats()[i * channels + channel];
    }
    return Tensor.wrap(values, x.shape().with(3, 1));
  }

  private static String statistics(String file, Tensor map) {
    double sum = 0;
    float least = Float.POSITIVE_INFINITY;
    float greatest = Float.NEGATIVE_INFINITY;
    for (float value : map.floats()) {
      sum += value;
      least = Math.min(least, value);
      greatest = Math.max(greatest, value);
    }
    return String.format(
        Locale.ROOT, "%-28s %9.4f %9.4f %9.4f", file, least, sum / map.size(), greatest);
  }

  /** A picture {@code (1, h, w, 3)} of 0 to 1 in colour, or a map {@code (1, h, w, 1)} in gray. */
  private static void png(Path file, Tensor x) throws IOException {
    Shape shape = x.shape();
    boolean colour = shape.get(3) == 3;
    float[] values = x.floats();
    float least = 0;
    float greatest = 1;
    if (!colour) {
      least = Float.POSITIVE_INFINITY;
      greatest = Float.NEGATIVE_INFINITY;
      for (float value : values) {
        least = Math.min(least, value);
        greatest = Math.max(greatest, value);
      }
    }
    float range = greatest > least ? greatest - least : 1;
    int type = colour ? BufferedImage.TYPE_INT_RGB : BufferedImage.TYPE_BYTE_GRAY;
    BufferedImage image = new BufferedImage(shape.get(2), shape.get(1), type);
    for (int i = 0; i < values.length; i++) {
      int pixel = i / shape.get(3);
      int sample = Math.round(255 * (values[i] - least) / range);
      image
          .getRaster()
          .setSample(pixel % shape.get(2), pixel / shape.get(2), i % shape.get(3), sample);
    }
    ImageIO.setUseCache(false);
    ImageIO.write(image, "png", file.toFile());
  }
}
