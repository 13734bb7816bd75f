package sepal.cli;

import sepal.initializers.GlorotUniform;
import sepal.initializers.HeNormal;
import sepal.layers.BatchNormalization;
import sepal.layers.Dense;
import sepal.layers.Dropout;
import sepal.layers.GlobalAveragePooling2D;
import sepal.layers.Input;
import sepal.layers.MaxPooling2D;
import sepal.layers.ReLU;
import sepal.layers.SeparableConv2D;
import sepal.models.Sequential;
import sepal.optimizers.Adam;
import sepal.optimizers.Schedules;

/** A small network of separable convolutions that tells glyphs apart. */
final class GlyphModel {
  static final int SIZE = 32;

  private static final double LEARNING_RATE = 0.004;

  private GlyphModel() {}

  /**
   * A compiled model with the first weights that this seed gives.
   *
   * @param steps updates until its learning rate is 0
   */
  static Sequential build(long seed, int steps) {
    Sequential model = new Sequential("glyphs").add(Input.of(SIZE, SIZE, 1));
    block(model, 1, 24, 2, 8, seed);
    block(model, 2, 48, 1, 1, seed);
    model.add(new MaxPooling2D(2));
    block(model, 3, 96, 1, 1, seed);
    model.add(new MaxPooling2D(2));
    block(model, 4, 128, 1, 1, seed);
    model
        .add(new GlobalAveragePooling2D())
        .add(new Dropout(0.2, o -> o.seed(seed)))
        .add(
            new Dense(
                Glyphs.NAMES.size(),
                o ->
                    o.name("glyph")
                        .activation("softmax")
                        .kernelInitializer(new GlorotUniform(seed))));
    model.compile(
        new Adam(o -> o.learningRate(new Schedules.CosineDecay(LEARNING_RATE, steps))),
        "sparse_categorical_crossentropy",
        "accuracy");
    return model;
  }

  private static void block(
      Sequential model, int number, int filters, int strides, int multiplier, long seed) {
    model
        .add(
            new SeparableConv2D(
                filters,
                3,
                o ->
                    o.name("sep_" + number)
                        .strides(strides)
                        .padding("same")
                        .depthMultiplier(multiplier)
                        .useBias(false)
                        .depthwiseInitializer(new HeNormal(seed * 31 + 2 * number))
                        .pointwiseInitializer(new HeNormal(seed * 31 + 2 * number + 1))))
        .add(new BatchNormalization(o -> o.momentum(0.9)))
        .add(new ReLU());
  }
}
