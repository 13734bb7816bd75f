package sepal.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import sepal.kernels.KernelChoice;
import sepal.layers.Layer;
import sepal.layers.Layers;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

class LayerContractTest {
  private static final Shape IMAGE = Shape.of(2, 9, 7, 5);
  private static final Shape WIDE = Shape.of(2, 6, 5, 37);
  private static final Shape CHANNELS_FIRST = Shape.of(2, 5, 9, 7);
  private static final Shape VOLUME = Shape.of(2, 4, 6, 5, 3);
  private static final Shape WIDE_VOLUME = Shape.of(1, 3, 4, 3, 36);
  private static final Shape VOLUME_FIRST = Shape.of(2, 4, 5, 6, 7);
  private static final Shape ROWS = Shape.of(3, 10);
  private static final Shape STEPS = Shape.of(2, 9, 5);
  private static final Shape STEPS_LAST = Shape.of(2, 5, 9);

  /** An input has no input of its own and nothing to compute; models have tests of their own. */
  private static final Set<String> EXEMPT =
      Set.of("InputLayer", "Functional", "Model", "Sequential");

  private record Subject(String className, Map<String, @Nullable Object> config, List<Shape> on) {
    @Override
    public String toString() {
      return className + config + " on " + on;
    }
  }

  private static final List<Subject> SUBJECTS = new ArrayList<>();

  private static void add(String className, String config, Shape... on) {
    Map<String, @Nullable Object> map =
        new LinkedHashMap<>(sepal.keras.Json.parseObject(className, config.replace('\'', '"')));
    SUBJECTS.add(new Subject(className, map, List.of(on)));
  }

  static {
    add("SeparableConv2D", "{'filters': 4, 'kernel_size': 3}", IMAGE);
    add(
        "SeparableConv2D",
        "{'filters': 33, 'kernel_size': [3, 2], 'strides': [2, 1], 'padding': 'same',"
            + " 'depth_multiplier': 2, 'activation': 'relu', 'bias_initializer': 'ones',"
            + " 'depthwise_regularizer': 'l2', 'pointwise_constraint': 'unit_norm'}",
        WIDE);
    add(
        "SeparableConv2D",
        "{'filters': 4, 'kernel_size': 3, 'data_format': 'channels_first', 'use_bias': false,"
            + " 'dilation_rate': 2, 'activation': 'softmax'}",
        CHANNELS_FIRST);
    add("Conv2D", "{'filters': 4, 'kernel_size': 3}", IMAGE);
    add(
        "Conv2D",
        "{'filters': 17, 'kernel_size': [1, 3], 'strides': 2, 'padding': 'same',"
            + " 'activation': 'elu'}",
        WIDE);
    add(
        "Conv2D",
        "{'filters': 10, 'kernel_size': 3, 'groups': 5, 'data_format': 'channels_first'}",
        CHANNELS_FIRST);
    add("Conv3D", "{'filters': 4, 'kernel_size': 3, 'kernel_regularizer': 'l2'}", VOLUME);
    add(
        "Conv3D",
        "{'filters': 10, 'kernel_size': [2, 1, 3], 'strides': [2, 1, 2], 'padding': 'same',"
            + " 'groups': 2, 'activation': 'softmax'}",
        WIDE_VOLUME);
    add(
        "Conv3D",
        "{'filters': 6, 'kernel_size': 2, 'dilation_rate': [2, 1, 3], 'groups': 2,"
            + " 'data_format': 'channels_first', 'activation': 'relu', 'use_bias': false}",
        VOLUME_FIRST);
    for (String pooling : new String[] {"MaxPooling3D", "AveragePooling3D"}) {
      add(pooling, "{}", VOLUME);
      add(pooling, "{'pool_size': 3, 'strides': [1, 2, 2], 'padding': 'same'}", WIDE_VOLUME);
      add(pooling, "{'pool_size': [2, 3, 1], 'data_format': 'channels_first'}", VOLUME_FIRST);
    }
    for (String pooling : new String[] {"GlobalMaxPooling3D", "GlobalAveragePooling3D"}) {
      add(pooling, "{}", WIDE_VOLUME);
      add(pooling, "{'data_format': 'channels_first', 'keepdims': true}", VOLUME_FIRST);
    }
    add("ConvLSTM1D", "{'filters': 2, 'kernel_size': 3, 'return_sequences': true}", IMAGE);
    add("ConvLSTM2D", "{'filters': 2, 'kernel_size': 3, 'return_state': true}", VOLUME);
    add(
        "ConvLSTM2D",
        "{'filters': 3, 'kernel_size': [1, 2], 'strides': [2, 1], 'padding': 'same',"
            + " 'dropout': 0.1, 'recurrent_dropout': 0.2, 'unit_forget_bias': false,"
            + " 'recurrent_regularizer': 'l2', 'kernel_constraint': 'unit_norm',"
            + " 'go_backwards': true, 'return_sequences': true}",
        WIDE_VOLUME);
    add(
        "ConvLSTM2D",
        "{'filters': 2, 'kernel_size': 2, 'data_format': 'channels_first', 'use_bias': false,"
            + " 'recurrent_activation': 'hard_sigmoid', 'activation': 'relu'}",
        VOLUME_FIRST);
    add("ConvLSTM3D", "{'filters': 2, 'kernel_size': 2}", Shape.of(2, 3, 3, 4, 3, 2));
    add("ZeroPadding3D", "{'padding': [[1, 2], [0, 3], [1, 0]]}", VOLUME);
    add("ZeroPadding3D", "{'data_format': 'channels_first'}", VOLUME_FIRST);
    add("Cropping3D", "{'cropping': [1, 2, 0]}", VOLUME);
    add("Cropping3D", "{'data_format': 'channels_first'}", VOLUME_FIRST);
    add("UpSampling3D", "{'size': [2, 1, 3]}", VOLUME);
    add("UpSampling3D", "{'data_format': 'channels_first'}", VOLUME_FIRST);
    add("Conv3DTranspose", "{'filters': 2, 'kernel_size': 3, 'strides': [1, 2, 3]}", VOLUME);
    add(
        "Conv3DTranspose",
        "{'filters': 17, 'kernel_size': [3, 1, 2], 'strides': 2, 'padding': 'same',"
            + " 'output_padding': [1, 1, 0], 'activation': 'relu', 'bias_initializer': 'ones'}",
        WIDE_VOLUME);
    add(
        "Conv3DTranspose",
        "{'filters': 3, 'kernel_size': 2, 'dilation_rate': 2, 'data_format': 'channels_first'}",
        VOLUME_FIRST);
    add("Conv2DTranspose", "{'filters': 4, 'kernel_size': 3}", IMAGE);
    add(
        "Conv2DTranspose",
        "{'filters': 17, 'kernel_size': [1, 4], 'strides': [3, 2], 'padding': 'same',"
            + " 'output_padding': [2, 0], 'activation': 'relu', 'kernel_regularizer': 'l2'}",
        WIDE);
    add(
        "Conv2DTranspose",
        "{'filters': 3, 'kernel_size': 2, 'dilation_rate': 2, 'data_format': 'channels_first',"
            + " 'use_bias': false}",
        CHANNELS_FIRST);
    add("DepthwiseConv2D", "{'kernel_size': 3, 'depth_multiplier': 2}", IMAGE);
    add(
        "DepthwiseConv2D",
        "{'kernel_size': 3, 'data_format': 'channels_first', 'padding': 'same', 'strides': 2}",
        CHANNELS_FIRST);
    for (String padding : new String[] {"valid", "same", "causal"}) {
      String given = "'padding': '" + padding + "'";
      add("Conv1D", "{'filters': 4, 'kernel_size': 3, 'strides': 2, " + given + "}", STEPS);
      add(
          "Conv1D",
          "{'filters': 10, 'kernel_size': 2, 'dilation_rate': 3, 'groups': 5, 'activation': 'elu',"
              + " 'data_format': 'channels_first', "
              + given
              + "}",
          STEPS_LAST);
      add("SeparableConv1D", "{'filters': 4, 'kernel_size': 3, " + given + "}", STEPS);
      add(
          "SeparableConv1D",
          "{'filters': 33, 'kernel_size': 2, 'depth_multiplier': 2, 'dilation_rate': 2,"
              + " 'activation': 'relu', 'data_format': 'channels_first', "
              + given
              + "}",
          STEPS_LAST);
    }
    add("Conv1DTranspose", "{'filters': 4, 'kernel_size': 3, 'strides': 2}", STEPS);
    add(
        "Conv1DTranspose",
        "{'filters': 17, 'kernel_size': 4, 'strides': 3, 'padding': 'same', 'output_padding': 1,"
            + " 'activation': 'elu', 'data_format': 'channels_first'}",
        STEPS_LAST);
    add("DepthwiseConv1D", "{'kernel_size': 3, 'depth_multiplier': 2}", STEPS);
    add(
        "DepthwiseConv1D",
        "{'kernel_size': 3, 'data_format': 'channels_first', 'padding': 'same', 'strides': 2}",
        STEPS_LAST);
    add("Dense", "{'units': 19, 'activation': 'tanh'}", ROWS);
    add("Dense", "{'units': 4, 'use_bias': false}", IMAGE);
    add("BatchNormalization", "{}", WIDE);
    add("BatchNormalization", "{'axis': 1, 'scale': false, 'epsilon': 0.01}", CHANNELS_FIRST);
    add("LayerNormalization", "{}", IMAGE);
    add("LayerNormalization", "{'axis': [1, -1], 'center': false, 'epsilon': 0.1}", IMAGE);
    add("LayerNormalization", "{'rms_scaling': true, 'gamma_initializer': 'he_normal'}", ROWS);
    add("GroupNormalization", "{'groups': 5}", IMAGE);
    add("GroupNormalization", "{'groups': 1, 'axis': 1, 'epsilon': 0.1}", CHANNELS_FIRST);
    add("GroupNormalization", "{'groups': -1, 'axis': -2, 'center': false}", IMAGE);
    add("GroupNormalization", "{'groups': 2, 'scale': false, 'beta_constraint': 'non_neg'}", ROWS);
    add("UnitNormalization", "{}", ROWS);
    add("UnitNormalization", "{'axis': [1, -1]}", IMAGE);
    for (String pooling : new String[] {"MaxPooling2D", "AveragePooling2D"}) {
      add(pooling, "{}", IMAGE);
      add(pooling, "{'pool_size': 3, 'strides': 2, 'padding': 'same'}", WIDE);
      add(pooling, "{'pool_size': [2, 3], 'data_format': 'channels_first'}", CHANNELS_FIRST);
    }
    for (String pooling : new String[] {"MaxPooling1D", "AveragePooling1D"}) {
      add(pooling, "{}", STEPS);
      add(pooling, "{'pool_size': 3, 'strides': 2, 'padding': 'same'}", STEPS);
      add(pooling, "{'pool_size': [3], 'data_format': 'channels_first'}", STEPS_LAST);
    }
    for (String pooling : new String[] {"GlobalMaxPooling1D", "GlobalAveragePooling1D"}) {
      add(pooling, "{}", STEPS);
      add(pooling, "{'data_format': 'channels_first', 'keepdims': true}", STEPS_LAST);
    }
    for (String pooling : new String[] {"GlobalMaxPooling2D", "GlobalAveragePooling2D"}) {
      add(pooling, "{}", WIDE);
      add(pooling, "{'data_format': 'channels_first', 'keepdims': true}", CHANNELS_FIRST);
    }
    add("Activation", "{'activation': 'swish'}", IMAGE);
    add("ActivityRegularization", "{'l1': 0.1, 'l2': 0.2}", ROWS);
    add("Identity", "{}", ROWS);
    add("ReLU", "{'max_value': 0.5, 'negative_slope': 0.1, 'threshold': 0.2}", IMAGE);
    add("LeakyReLU", "{'negative_slope': 0.2}", IMAGE);
    add("ELU", "{'alpha': 0.5}", IMAGE);
    add("PReLU", "{'shared_axes': [1, 2]}", IMAGE);
    add("Softmax", "{}", ROWS);
    add("Softmax", "{'axis': 1}", IMAGE);
    add("Flatten", "{}", IMAGE);
    add("Flatten", "{'data_format': 'channels_first'}", CHANNELS_FIRST);
    add("Reshape", "{'target_shape': [-1, 5]}", IMAGE);
    add("Permute", "{'dims': [3, 1, 2]}", IMAGE);
    add("RepeatVector", "{'n': 3}", ROWS);
    add("Dropout", "{'rate': 0.5}", ROWS);
    add("SpatialDropout1D", "{'rate': 0.5}", STEPS);
    add("SpatialDropout2D", "{'rate': 0.5}", IMAGE);
    add("AlphaDropout", "{'rate': 0.5, 'noise_shape': [null, 1], 'seed': 3}", ROWS);
    add("GaussianDropout", "{'rate': 0.5}", ROWS);
    add("GaussianNoise", "{'stddev': 0.5}", ROWS);
    for (String merge :
        new String[] {"Add", "Multiply", "Average", "Maximum", "Minimum", "Concatenate"}) {
      add(merge, "{}", IMAGE, IMAGE, IMAGE);
    }
    add("Add", "{}", IMAGE, Shape.of(2, 1, 1, 5));
    add("Concatenate", "{'axis': 1}", IMAGE, Shape.of(2, 4, 7, 5));
    add("Subtract", "{}", IMAGE, IMAGE);
    add("Dot", "{'axes': 1}", ROWS, ROWS);
    add("Dot", "{'axes': [2, -1], 'normalize': true}", STEPS, IMAGE);
    add("Dot", "{'axes': -1}", Shape.of(2, 5), STEPS);
    add("ZeroPadding1D", "{'padding': [1, 2]}", STEPS);
    add("ZeroPadding1D", "{'data_format': 'channels_first'}", STEPS_LAST);
    add("Cropping1D", "{'cropping': [1, 2]}", STEPS);
    add("UpSampling1D", "{'size': 3}", STEPS);
    add("ZeroPadding2D", "{'padding': [[1, 2], [0, 3]]}", IMAGE);
    add("Cropping2D", "{'cropping': [[1, 2], [0, 3]]}", IMAGE);
    add("UpSampling2D", "{'size': [2, 3]}", IMAGE);
    add("UpSampling2D", "{'interpolation': 'bilinear'}", IMAGE);
    add("UpSampling2D", "{'interpolation': 'bicubic'}", IMAGE);
    add("UpSampling2D", "{'interpolation': 'lanczos3'}", IMAGE);
    add("UpSampling2D", "{'interpolation': 'lanczos5'}", IMAGE);
    add("UpSampling2D", "{'data_format': 'channels_first'}", CHANNELS_FIRST);
    add("Rescaling", "{'scale': 0.5, 'offset': -1.0}", IMAGE);
    add("Normalization", "{}", IMAGE);
    add("Normalization", "{'axis': -1, 'mean': 0.5, 'variance': 2.0}", IMAGE);
  }

  @TestFactory
  Stream<DynamicTest> every_layer_keeps_the_contract() {
    return SUBJECTS.stream()
        .map(
            subject ->
                DynamicTest.dynamicTest(
                    subject.toString(),
                    () ->
                        LayerContract.check(
                            Layers.fromConfig("contract", subject.className(), subject.config()),
                            subject.on().toArray(Shape[]::new))));
  }

  @Test
  void no_registered_layer_is_left_out() {
    Set<String> missing = new TreeSet<>(Layers.classNames());
    SUBJECTS.forEach(subject -> missing.remove(subject.className()));
    missing.removeAll(EXEMPT);
    missing.removeIf(name -> !isOurs(name));
    assertThat(missing).as("layers to add to this test's list").isEmpty();
  }

  /** Tests beside this one register classes of their own in the same process. */
  private static boolean isOurs(String className) {
    String path = "/sepal/layers/" + className + ".class";
    return Layers.class.getResource(path) != null;
  }

  @Test
  void vectors_are_compared_with_scalars_wherever_the_module_is_present() {
    boolean present = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    assertThat(KernelChoice.vector().isPresent()).isEqualTo(present);
  }

  @Test
  void a_layer_that_keeps_the_contract_passes() {
    assertThatCode(() -> LayerContract.check(broken(layer -> {}), ROWS)).doesNotThrowAnyException();
  }

  @Test
  void each_broken_clause_is_named() {
    assertBroken("configuration of a copy", layer -> layer.extra = Math.random());
    assertBroken("is something that JSON can hold", layer -> layer.extra = new Object());
    assertBroken("predicted before building", layer -> layer.predict = shape -> Shape.of(3, 11));
    assertBroken("predicted for any batch", layer -> layer.predict = shape -> Shape.of(3, 10));
    assertBroken(
        "predicted for [(3, null)] allows for",
        layer -> layer.predict = shape -> shape.isKnown(1) ? shape : shape.with(1, 4));
    assertBroken("a second output", layer -> layer.noise = true);
    assertBroken("calls leave inputs alone", layer -> layer.spoil = true);
  }

  private static void assertBroken(String clause, java.util.function.Consumer<Broken> fault) {
    assertThatThrownBy(() -> LayerContract.check(broken(fault), ROWS))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(clause);
  }

  private static Broken broken(java.util.function.Consumer<Broken> fault) {
    Layers.register(
        "Broken",
        config -> {
          Broken layer = new Broken();
          fault.accept(layer);
          return layer;
        });
    Broken layer = new Broken();
    fault.accept(layer);
    return layer;
  }

  /** Passes its input on, unless a fault is switched on. */
  private static final class Broken extends Layer {
    @Nullable Object extra;
    Function<Shape, Shape> predict = shape -> shape;
    boolean noise;
    boolean spoil;
    private int calls;

    Broken() {
      super(new BasicOptions("Broken").name("broken"));
    }

    @Override
    public Map<String, @Nullable Object> getConfig() {
      Map<String, @Nullable Object> config = super.getConfig();
      config.put("extra", extra);
      return config;
    }

    @Override
    public Shape computeOutputShape(Shape input) {
      return predict.apply(input);
    }

    @Override
    protected Tensor call(Tensor input, boolean training) {
      float[] y = input.toFloatArray();
      calls++;
      if (noise) {
        y[0] += Math.max(0, calls - 2);
      }
      if (spoil) {
        input.floats()[0] += 1;
        y[0] = 0;
      }
      return Tensor.wrap(y, input.shape());
    }
  }
}
