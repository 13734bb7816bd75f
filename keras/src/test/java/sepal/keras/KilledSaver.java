package sepal.keras;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import sepal.layers.Dense;
import sepal.layers.GlobalAveragePooling2D;
import sepal.layers.SeparableConv2D;
import sepal.layers.Weight;
import sepal.models.Model;
import sepal.models.Sequential;
import sepal.tensor.Tensor;

/** A process that dies while it saves, at a moment that its caller has chosen. */
final class KilledSaver {
  private KilledSaver() {}

  /** A small model whose weights are all {@code value}. */
  static Model model(float value) {
    Model model =
        new Sequential(
            "killed",
            new SeparableConv2D(8, 3, o -> o.name("sep").inputShape(8, 8, 16)),
            new GlobalAveragePooling2D(),
            new Dense(200, o -> o.name("dense")));
    for (Weight weight : model.weights()) {
      weight.assign(Tensor.full(weight.dtype(), weight.shape(), value));
    }
    return model;
  }

  /**
   * @param args the file, and the moment: a number of steps, or {@code never} to save for ever
   */
  public static void main(String[] args) throws IOException {
    Path file = Path.of(args[0]);
    if (args[1].equals("never")) {
      for (float value = 2; ; value++) {
        new ModelWriter(model(value), file, Disk.REAL).saveModel();
        System.out.println(value);
      }
    }
    new ModelWriter(model(2), file, new Dying(Long.parseLong(args[1]))).saveModel();
  }

  /** Every byte is a step, and so is everything else. */
  static final class Dying implements Disk {
    private long left;

    Dying(long steps) {
      this.left = steps;
    }

    private void step() {
      if (left-- == 0) {
        die();
      }
    }

    void die() {
      Runtime.getRuntime().halt(137);
    }

    @Override
    public void write(FileChannel file, ByteBuffer bytes) throws IOException {
      if (left < bytes.remaining()) {
        bytes.limit(bytes.position() + (int) left);
        Disk.REAL.write(file, bytes);
        die();
      }
      left -= bytes.remaining();
      Disk.REAL.write(file, bytes);
    }

    @Override
    public void force(FileChannel file) throws IOException {
      step();
      Disk.REAL.force(file);
      step();
    }

    @Override
    public void replace(Path from, Path to) throws IOException {
      step();
      Disk.REAL.replace(from, to);
      step();
    }

    @Override
    public void forceDirectory(Path directory) {
      Disk.REAL.forceDirectory(directory);
      step();
    }
  }
}
