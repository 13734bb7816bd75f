package sepal.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sepal.check.InvalidArgument;
import sepal.layers.Layer;
import sepal.models.Functional;
import sepal.models.Model;
import sepal.models.Sequential;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

/** Configurations that only old versions of Keras wrote, written down by hand. */
class LegacyModelTest {
  private static final Path FILES = Path.of("src/test/resources/hdf5");

  @TempDir private Path directory;

  /** The configuration of the only layer that is not an input, after it was read. */
  private static Map<String, Object> argumentsOf(String className, String config) {
    return layer(className, config).getConfig();
  }

  private static Layer layer(String className, String config) {
    String json =
        """
        {"class_name": "Sequential", "keras_version": "2.2.4", "config": {"name": "m", "layers": [
          {"class_name": "InputLayer", "config":
             {"name": "in", "batch_input_shape": [null, 8, 8, 2], "dtype": "float32"}},
          {"class_name": "%s", "config": %s}]}}
        """
            .formatted(className, config);
    return Keras.modelFromJson(json).layers().get(0);
  }

  // ---- layers of Keras 2 and tf.keras

  @Test
  void separable_convolutions_of_tf_keras_lose_the_keys_that_never_meant_anything() {
    Map<String, Object> config =
        argumentsOf(
            "SeparableConv2D",
            """
            {"name": "s", "trainable": true, "dtype": "float32", "filters": 3,
             "kernel_size": [3, 3], "strides": [1, 1], "padding": "same", "groups": 1,
             "data_format": "channels_last", "dilation_rate": [1, 1], "activation": "relu",
             "use_bias": true, "depth_multiplier": 2,
             "kernel_initializer": {"class_name": "GlorotUniform", "config": {"seed": null}},
             "kernel_regularizer": {"class_name": "L2", "config": {"l2": 0.5}},
             "kernel_constraint": null,
             "depthwise_initializer": {"class_name": "VarianceScaling", "config": {"scale": 1.0,
               "mode": "fan_avg", "distribution": "uniform", "seed": null, "dtype": "float32"}},
             "pointwise_initializer": {"class_name": "GlorotUniform",
               "config": {"seed": 7, "dtype": "float32"}, "shared_object_id": 3},
             "bias_initializer": {"class_name": "Zeros", "config": {"dtype": "float32"}},
             "depthwise_regularizer": {"class_name": "L1L2", "config": {"l1": 0.0, "l2": 0.25}}}
            """);

    assertThat(config).containsEntry("depth_multiplier", 2).containsEntry("activation", "relu");
    assertThat(config).doesNotContainKeys("groups", "kernel_initializer");
    assertThat(config.get("depthwise_regularizer").toString()).contains("0.25");
    assertThat(config.get("depthwise_initializer").toString()).contains("fan_avg");
  }

  @Test
  void a_missing_depth_multiplier_is_one_where_no_kernel_tells_more() {
    assertThat(argumentsOf("SeparableConv2D", "{\"filters\": 3, \"kernel_size\": [3, 3]}"))
        .containsEntry("depth_multiplier", 1);
  }

  @Test
  void a_missing_depth_multiplier_is_read_off_the_kernel() throws IOException {
    Model model = Keras.loadModel(FILES.resolve("no_multiplier.h5"));

    assertThat(model.getLayer("sep").getConfig()).containsEntry("depth_multiplier", 2);
    assertThat(model.getWeights().get(1).toFloatArray()[23]).isEqualTo(23);
  }

  @Test
  void strides_together_with_dilation_are_allowed_in_files() {
    Layer layer =
        layer(
            "SeparableConv2D",
            "{\"filters\": 3, \"kernel_size\": 3, \"strides\": [2, 2], \"dilation_rate\": [2, 2]}");

    assertThat(layer.computeOutputShape(Shape.of(1, 9, 9, 2))).isEqualTo(Shape.of(1, 3, 3, 3));
  }

  @Test
  void depthwise_convolutions_lose_groups_too() {
    assertThat(
            argumentsOf(
                "DepthwiseConv2D",
                "{\"kernel_size\": [3, 3], \"groups\": 1, \"depth_multiplier\": 2}"))
        .containsEntry("depth_multiplier", 2);
  }

  @Test
  void the_axis_of_a_batch_normalization_may_be_a_list_of_one() {
    assertThat(
            argumentsOf(
                "BatchNormalization",
                "{\"axis\": [3], \"fused\": true, \"virtual_batch_size\": null, \"renorm\": false}"))
        .containsEntry("axis", 3);
  }

  @Test
  void the_alpha_of_a_leaky_relu_is_its_negative_slope() {
    assertThat(argumentsOf("LeakyReLU", "{\"alpha\": 0.125}"))
        .containsEntry("negative_slope", 0.125);
    assertThat(argumentsOf("LeakyReLU", "{\"alpha\": {\"type\": \"ndarray\", \"value\": 0.25}}"))
        .containsEntry("negative_slope", 0.25);
  }

  @Test
  void hard_sigmoid_keeps_the_meaning_it_had_before_keras_3() {
    Tensor x = Tensor.of(new float[] {-3, -1, 0, 1, 2}, 1, 5);
    String json =
        """
        {"class_name": "Sequential", %s "config": {"name": "m", "layers": [
          {"class_name": "Activation", "config": {"name": "a", "activation": "hard_sigmoid",
            "batch_input_shape": [null, 5]}}]}}
        """;

    Tensor old = Keras.modelFromJson(json.formatted("\"keras_version\": \"2.9.0\",")).predict(x);
    Tensor now = Keras.modelFromJson(json.formatted("\"keras_version\": \"3.1.0\",")).predict(x);

    assertThat(old.toFloatArray()).containsExactly(0, 0.3f, 0.5f, 0.7f, 0.9f);
    assertThat(now.toFloatArray())
        .containsExactly(
            new float[] {0, 1 / 3f, 0.5f, 2 / 3f, 5 / 6f},
            org.assertj.core.api.Assertions.within(1e-6f));
  }

  @Test
  void batch_input_shape_on_a_later_layer_does_no_harm() {
    assertThat(
            argumentsOf(
                "Conv2D",
                """
                {"name": "c", "filters": 3, "kernel_size": [1, 1], "batch_input_shape":
                 [null, 8, 8, 2], "dtype": "float32"}
                """))
        .containsEntry("filters", 3);
  }

  @Test
  void a_flatten_without_data_format_leaves_the_order_as_it_is() {
    assertThat(argumentsOf("Flatten", "{\"name\": \"f\"}"))
        .containsEntry("data_format", "channels_last");
  }

  @Test
  void registered_classes_of_tf_keras_are_known_without_their_package() {
    assertThat(layer("Custom>ReLU", "{\"max_value\": 6.0}").className()).isEqualTo("ReLU");
  }

  // ---- graphs

  @Test
  void a_sequential_model_may_be_a_bare_list() {
    Model model =
        Keras.modelFromJson(
            """
            {"class_name": "Sequential", "keras_version": "2.0.5", "config": [
              {"class_name": "Dense", "config":
                {"name": "d", "units": 3, "batch_input_shape": [null, 4]}},
              {"class_name": "Activation", "config": {"name": "a", "activation": "softmax"}}]}
            """);

    assertThat(model).isInstanceOf(Sequential.class);
    assertThat(model.layers()).extracting(Layer::name).containsExactly("d", "a");
    assertThat(model.predict(Tensor.zeros(2, 4)).shape()).isEqualTo(Shape.of(2, 3));
  }

  /** A shared model, called twice, and then the last call as an output; counted from 0 or 1. */
  private static String nested(String innerClass, String input, int first) {
    String ends =
        innerClass.equals("Sequential")
            ? ""
            : ", \"input_layers\": [[\"i\", 0, 0]], \"output_layers\": [[\"d\", 0, 0]]";
    return """
        {"class_name": "Model", "keras_version": "2.1.6", "config": {"name": "outer", "layers": [
          {"class_name": "InputLayer", "name": "x", "inbound_nodes": [], "config":
            {"name": "x", "batch_input_shape": [null, 4], "dtype": "float32", "sparse": false}},
          {"class_name": "%1$s", "name": "inner", "config": {"name": "inner", "layers": [
            {"class_name": "InputLayer", "name": "i", "inbound_nodes": [],
             "config": {"name": "i", "batch_input_shape": [null, 4]}},
            {"class_name": "Dense", "name": "d", "inbound_nodes": [[["i", 0, 0, {}]]],
             "config": {"name": "d", "units": 4, "use_bias": false}}]%2$s},
           "inbound_nodes": [[["x", 0, 0, {}]], [["%3$s", %4$d, 0, {}]]]},
          {"class_name": "Add", "name": "sum", "config": {"name": "sum"},
           "inbound_nodes": [[["inner", %4$d, 0, {}], ["inner", %5$d, 0, {}]]]}],
         "input_layers": [["x", 0, 0]],
         "output_layers": [["sum", 0, 0], ["inner", %5$d, 0]]}}
        """
        .formatted(innerClass, ends, input, first, first + 1);
  }

  @ParameterizedTest
  @CsvSource({"Model, 1", "Functional, 1", "Sequential, 1", "Sequential, 0", "Model, 0"})
  void the_calls_of_models_in_models_are_counted_from_one_or_from_zero(String inner, int first) {
    Model model = Keras.modelFromJson(nested(inner, "inner", first));
    model
        .weights()
        .get(0)
        .assign(Tensor.of(new float[] {2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2}, 4, 4));

    List<Tensor> outputs = model.predict(List.of(Tensor.of(new float[] {1, 2, 3, 4}, 1, 4)));

    assertThat(model).isInstanceOf(Functional.class);
    assertThat(model.weights()).hasSize(1);
    assertThat(outputs.get(0).toFloatArray()).containsExactly(6, 12, 18, 24);
    assertThat(outputs.get(1).toFloatArray()).containsExactly(4, 8, 12, 16);
  }

  // ---- Keras 1

  @Test
  void a_model_of_keras_1_with_th_kernels_is_turned_round() throws IOException {
    Model model = Keras.loadModel(FILES.resolve("keras1_th.h5"));

    assertThat(model.layers())
        .extracting(Layer::className)
        .containsExactly("Conv2D", "SeparableConv2D", "Dropout", "Flatten", "Dense");
    try (Hdf5File file = Hdf5File.open("f", ByteSource.open(FILES.resolve("keras1_th.h5")))) {
      Hdf5Group weights = file.root().group("model_weights");
      // (filters, in, h, w), (multiplier, in, h, w), (filters, in * multiplier, 1, 1)
      Tensor conv = weights.dataset("convolution2d_1/convolution2d_1_W").read();
      String separable = "separableconvolution2d_1/separableconvolution2d_1_";
      Tensor depthwise = weights.dataset(separable + "depthwise_kernel").read();
      Tensor pointwise = weights.dataset(separable + "pointwise_kernel").read();
      List<Tensor> read = model.getWeights();
      assertThat(read.get(0).shape()).isEqualTo(Shape.of(3, 2, 2, 3));
      assertThat(at(read.get(0), 2, 1, 0, 1)).isEqualTo(at(conv, 1, 0, 2, 1));
      assertThat(read.get(2).shape()).isEqualTo(Shape.of(3, 3, 3, 2));
      assertThat(at(read.get(2), 2, 0, 1, 1)).isEqualTo(at(depthwise, 1, 1, 2, 0));
      assertThat(read.get(3).shape()).isEqualTo(Shape.of(1, 1, 6, 4));
      assertThat(at(read.get(3), 0, 0, 5, 3)).isEqualTo(at(pointwise, 3, 5, 0, 0));
    }
    Map<String, Object> conv = model.getLayer("convolution2d_1").getConfig();
    assertThat(conv)
        .containsEntry("kernel_size", List.of(3, 2))
        .containsEntry("padding", "same")
        .containsEntry("data_format", "channels_first")
        .containsEntry("use_bias", true);
    assertThat(conv.get("kernel_regularizer").toString()).contains("L1L2").contains("0.001");
    assertThat(conv.get("kernel_constraint").toString()).contains("MaxNorm").contains("2");
    assertThat(model.getLayer("dropout_1").getConfig()).containsEntry("rate", 0.25);
    assertThat(model.getLayer("dense_1").getConfig().get("activation").toString()).contains("0.2");
    assertThat(model.predict(Tensor.zeros(2, 2, 6, 5)).shape()).isEqualTo(Shape.of(2, 2));
  }

  private static double at(Tensor tensor, int... place) {
    int index = 0;
    for (int axis = 0; axis < place.length; axis++) {
      index = index * tensor.shape().get(axis) + place[axis];
    }
    return tensor.get(index);
  }

  @Test
  void a_file_of_weights_alone_may_cut_its_list_of_layers_into_pieces() throws IOException {
    Model model = Keras.loadModel(FILES.resolve("keras1_th.h5"));
    List<Tensor> before = model.getWeights();

    Keras.loadWeights(model, FILES.resolve("keras1_th_weights.h5"));

    List<Tensor> after = model.getWeights();
    for (int i = 0; i < before.size(); i++) {
      assertThat(after.get(i).shape()).isEqualTo(before.get(i).shape());
      assertThat(after.get(i).toFloatArray()).isNotEqualTo(before.get(i).toFloatArray());
    }
  }

  @Test
  void weights_of_a_model_with_other_layers_are_refused_with_their_names() throws IOException {
    Model model = Keras.loadModel(FILES.resolve("theano.h5"));
    Path file = FILES.resolve("keras1_th.h5");

    assertThatThrownBy(() -> Keras.loadWeights(model, file))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            file
                + ": wrong number of layers with weights\n"
                + "  got:      3   (among them convolution2d_1, separableconvolution2d_1, dense_1)\n"
                + "  expected: 1   (among them conv)\n"
                + "  fix:      load the file into the model that it was saved from, or by name: options ->"
                + " options.byName(true)");
  }

  @ParameterizedTest
  @CsvSource({"1.2.2, 1", "2.1.6-tf, 2", "3.16.0, 3", "10.0, 10", "4, 4", "'', 1", "new, 1", ", 1"})
  void the_major_version_is_the_first_number(String version, int major) {
    assertThat(KerasVersion.major(version)).isEqualTo(major);
  }

  @Test
  void a_file_of_weights_alone_is_not_a_model() {
    assertThatThrownBy(() -> Keras.loadModel(FILES.resolve("keras1_th_weights.h5")))
        .isInstanceOf(InvalidArgument.class)
        .hasMessageContaining("the file holds weights, no model")
        .hasMessageContaining("Keras.loadWeights(model, file)");
  }

  @Test
  void the_layers_of_keras_1_get_their_new_names_and_arguments() {
    Map<String, Object> atrous =
        argumentsOf(
            "AtrousConvolution2D",
            """
            {"name": "a", "nb_filter": 3, "nb_row": 3, "nb_col": 2, "init": "he_normal",
             "border_mode": "valid", "subsample": [1, 1], "atrous_rate": [2, 2],
             "dim_ordering": "tf", "bias": false, "W_regularizer": null}
            """);
    assertThat(atrous)
        .containsEntry("filters", 3)
        .containsEntry("kernel_size", List.of(3, 2))
        .containsEntry("dilation_rate", List.of(2, 2))
        .containsEntry("data_format", "channels_last")
        .containsEntry("use_bias", false);
    assertThat(atrous.get("kernel_initializer").toString()).contains("HeNormal");

    assertThat(
            argumentsOf(
                "BatchNormalization",
                """
                {"mode": 0, "axis": -1, "momentum": 0.9, "epsilon": 1e-5, "beta_init": "zero",
                 "gamma_init": "one", "gamma_regularizer": null, "beta_regularizer": null}
                """))
        .containsEntry("momentum", 0.9);
    assertThat(
            argumentsOf(
                "MaxPooling2D",
                """
                {"pool_size": [2, 2], "strides": [2, 2], "border_mode": "same",
                 "dim_ordering": "th"}
                """))
        .containsEntry("padding", "same")
        .containsEntry("data_format", "channels_first");
    assertThat(
            argumentsOf(
                "ZeroPadding2D", "{\"padding\": [1, 2, 3, 4], \"dim_ordering\": \"default\"}"))
        .containsEntry("padding", List.of(List.of(1, 2), List.of(3, 4)))
        .containsEntry("data_format", "channels_last");
  }

  @Test
  void layers_along_one_axis_of_keras_1_get_their_new_names_and_arguments() {
    Model model =
        Keras.modelFromJson(
            """
            {"class_name": "Sequential", "keras_version": "1.2.2", "config": [
              {"class_name": "ZeroPadding1D", "config": {"name": "p", "batch_input_shape":
                [null, 12, 2], "padding": {"left_pad": 1, "right_pad": 3}}},
              {"class_name": "Convolution1D", "config": {"name": "c", "nb_filter": 3,
                "filter_length": 4, "init": "he_normal", "border_mode": "same",
                "subsample_length": 2, "activation": "relu", "bias": true, "W_constraint": null,
                "input_dim": null, "input_length": null}},
              {"class_name": "AtrousConvolution1D", "config": {"name": "a", "nb_filter": 5,
                "filter_length": 2, "border_mode": "valid", "subsample_length": 1,
                "atrous_rate": 3, "bias": false}},
              {"class_name": "MaxPooling1D", "config": {"name": "m", "pool_length": 2,
                "stride": 1, "border_mode": "same"}},
              {"class_name": "UpSampling1D", "config": {"name": "u", "length": 3}},
              {"class_name": "Cropping1D", "config": {"name": "k", "cropping": [1, 2]}},
              {"class_name": "GlobalMaxPooling1D", "config": {"name": "g"}}]}
            """);

    assertThat(model.layers().stream().map(Layer::className).toList())
        .containsExactly(
            "ZeroPadding1D",
            "Conv1D",
            "Conv1D",
            "MaxPooling1D",
            "UpSampling1D",
            "Cropping1D",
            "GlobalMaxPooling1D");
    assertThat(model.getLayer("p").getConfig()).containsEntry("padding", List.of(1, 3));
    assertThat(model.getLayer("c").getConfig())
        .containsEntry("kernel_size", List.of(4))
        .containsEntry("strides", List.of(2))
        .containsEntry("padding", "same");
    assertThat(model.getLayer("c").getConfig().get("kernel_initializer").toString())
        .contains("HeNormal");
    assertThat(model.getLayer("a").getConfig())
        .containsEntry("dilation_rate", List.of(3))
        .containsEntry("use_bias", false);
    assertThat(model.getLayer("m").getConfig())
        .containsEntry("pool_size", List.of(2))
        .containsEntry("strides", List.of(1));
    assertThat(model.getLayer("u").getConfig()).containsEntry("size", 3);
    assertThat(model.outputShape()).isEqualTo(Shape.of(-1, 5));
  }

  @Test
  void noise_of_keras_1_and_of_tf_keras_gets_its_new_arguments() {
    Model old =
        Keras.modelFromJson(
            """
            {"class_name": "Sequential", "keras_version": "1.2.2", "config": [
              {"class_name": "GaussianNoise", "config": {"name": "n", "batch_input_shape":
                [null, 6], "sigma": 0.25}},
              {"class_name": "GaussianDropout", "config": {"name": "d", "p": 0.5}},
              {"class_name": "RepeatVector", "config": {"name": "r", "n": 4}},
              {"class_name": "SpatialDropout1D", "config": {"name": "s", "p": 0.125}}]}
            """);

    assertThat(old.getLayer("n").getConfig()).containsEntry("stddev", 0.25);
    assertThat(old.getLayer("d").getConfig()).containsEntry("rate", 0.5);
    assertThat(old.getLayer("s").getConfig()).containsEntry("rate", 0.125);
    assertThat(old.outputShape()).isEqualTo(Shape.of(-1, 4, 6));

    Model newer =
        Keras.modelFromJson(
            """
            {"class_name": "Sequential", "keras_version": "2.9.0", "config": {"name": "m",
              "layers": [
              {"class_name": "SpatialDropout2D", "config": {"name": "s", "trainable": true,
                "dtype": "float32", "batch_input_shape": [null, 4, 4, 2], "rate": 0.25,
                "noise_shape": null, "seed": null}},
              {"class_name": "AlphaDropout", "config": {"name": "a", "trainable": true,
                "dtype": "float32", "rate": 0.5}},
              {"class_name": "Addons>GroupNormalization", "config": {"name": "g",
                "trainable": true, "dtype": "float32", "groups": 2, "axis": -1, "epsilon": 0.001,
                "center": true, "scale": true,
                "beta_initializer": {"class_name": "Zeros", "config": {}},
                "gamma_initializer": {"class_name": "Ones", "config": {}},
                "beta_regularizer": null, "gamma_regularizer": null, "beta_constraint": null,
                "gamma_constraint": null}}]}}
            """);

    assertThat(newer.getLayer("s").getConfig()).containsEntry("rate", 0.25);
    assertThat(newer.getLayer("a").getConfig()).containsEntry("rate", 0.5);
    assertThat(newer.getLayer("g").getWeight("gamma").shape()).isEqualTo(Shape.of(2));
  }

  /**
   * A file of Keras 1 with one convolution along one axis, of two taps, two channels, one filter.
   */
  private Path convolution1d(String backend, int... kernel) throws IOException {
    String config =
        """
        {"class_name": "Sequential", "config": [{"class_name": "Convolution1D", "config":
          {"name": "c", "batch_input_shape": [null, 4, 2], "nb_filter": 1, "filter_length": 2,
           "border_mode": "valid", "subsample_length": 1, "bias": true}}]}
        """;
    Hdf5Tree root = new Hdf5Tree();
    root.text("keras_version", "1.2.2").text("model_config", config);
    Hdf5Tree weights = root.group("model_weights");
    weights.text("keras_version", "1.2.2").text("backend", backend);
    weights.list("layer_names", List.of("c"));
    Hdf5Tree layer = weights.group("c").list("weight_names", List.of("c_W", "c_b"));
    layer.array("c_W", Tensor.of(new float[] {1, 2, 3, 4}, kernel));
    layer.array("c_b", Tensor.of(new float[] {5}, 1));
    Path file = directory.resolve("keras1_" + backend + kernel[1] + ".h5");
    try (OutputStream out = Files.newOutputStream(file)) {
      new Hdf5Writer(root).writeTo(out);
    }
    return file;
  }

  @Test
  void kernels_along_one_axis_of_keras_1_were_those_of_images() throws IOException {
    Model later = Keras.loadModel(convolution1d("tensorflow", 2, 1, 2, 1));
    Model earlier = Keras.loadModel(convolution1d("tensorflow", 1, 2, 2, 1));
    Model theano = Keras.loadModel(convolution1d("theano", 2, 1, 2, 1));

    assertThat(later.getWeights().get(0).shape()).isEqualTo(Shape.of(2, 2, 1));
    assertThat(later.getWeights().get(0).toFloatArray()).containsExactly(1, 2, 3, 4);
    assertThat(earlier.getWeights().get(0).toFloatArray()).containsExactly(1, 3, 2, 4);
    assertThat(theano.getWeights().get(0).toFloatArray()).containsExactly(3, 4, 1, 2);
    assertThat(later.getWeights().get(1).toFloatArray()).containsExactly(5);
    assertThatThrownBy(() -> Keras.loadModel(convolution1d("tensorflow", 1, 1, 4, 1)))
        .isInstanceOf(InvalidArgument.class)
        .hasMessageContaining("wrong shape for kernel of Conv1D \"c\"");
  }

  @Test
  void volumes_and_transposed_and_recurrent_layers_of_keras_1_get_their_new_arguments() {
    Model model =
        Keras.modelFromJson(
            """
            {"class_name": "Sequential", "keras_version": "1.2.2", "config": [
              {"class_name": "ConvLSTM2D", "config": {"name": "l", "batch_input_shape":
                [null, 3, 2, 6, 6], "nb_filter": 2, "nb_row": 3, "nb_col": 1, "init": "he_normal",
                "inner_init": "he_uniform", "forget_bias_init": "one", "activation": "tanh",
                "inner_activation": "hard_sigmoid", "dim_ordering": "th", "border_mode": "same",
                "subsample": [1, 1], "U_regularizer": null, "dropout_W": 0.1, "dropout_U": 0.2,
                "return_sequences": true, "go_backwards": false, "stateful": false,
                "unroll": false, "consume_less": "gpu", "input_dim": null}},
              {"class_name": "Convolution3D", "config": {"name": "c", "nb_filter": 3,
                "kernel_dim1": 1, "kernel_dim2": 2, "kernel_dim3": 3, "border_mode": "valid",
                "subsample": [1, 1, 1], "dim_ordering": "tf", "bias": false}},
              {"class_name": "ZeroPadding3D", "config": {"name": "p", "padding": [1, 2, 0],
                "dim_ordering": "tf"}}]}
            """);

    assertThat(model.getLayer("l").getConfig())
        .containsEntry("filters", 2)
        .containsEntry("kernel_size", List.of(3, 1))
        .containsEntry("unit_forget_bias", true)
        .containsEntry("dropout", 0.1)
        .containsEntry("recurrent_dropout", 0.2)
        .containsEntry("data_format", "channels_first");
    assertThat(model.getLayer("l").getConfig().get("recurrent_initializer").toString())
        .contains("HeUniform");
    assertThat(model.getLayer("l").getConfig().get("recurrent_activation").toString())
        .contains("slope=0.2");
    assertThat(model.getLayer("c").getConfig())
        .containsEntry("kernel_size", List.of(1, 2, 3))
        .containsEntry("use_bias", false);
    assertThat(model.getLayer("p").getConfig())
        .containsEntry("padding", List.of(List.of(1, 1), List.of(2, 2), List.of(0, 0)));
  }

  /** A file of Keras 1 with one layer of the name c, whose kernel holds 0, 1, 2 and so on. */
  private Path oneLayer(String layer, int filters, int... kernel) throws IOException {
    String config = "{\"class_name\": \"Sequential\", \"config\": [" + layer + "]}";
    Hdf5Tree root = new Hdf5Tree();
    root.text("keras_version", "1.2.2").text("model_config", config);
    Hdf5Tree weights = root.group("model_weights");
    weights.text("keras_version", "1.2.2").text("backend", "tensorflow");
    weights.list("layer_names", List.of("c"));
    Hdf5Tree group = weights.group("c").list("weight_names", List.of("c_W", "c_b"));
    float[] values = new float[Shape.of(kernel).size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    group.array("c_W", Tensor.of(values, kernel));
    group.array("c_b", Tensor.zeros(filters));
    Path file = directory.resolve("keras1_" + kernel.length + kernel[0] + ".h5");
    try (OutputStream out = Files.newOutputStream(file)) {
      new Hdf5Writer(root).writeTo(out);
    }
    return file;
  }

  @Test
  void kernels_of_volumes_and_transposed_ones_of_keras_1_are_turned_round() throws IOException {
    Model volumes =
        Keras.loadModel(
            oneLayer(
                """
                {"class_name": "Convolution3D", "config": {"name": "c", "nb_filter": 3,
                 "batch_input_shape": [null, 2, 4, 4, 4], "kernel_dim1": 1, "kernel_dim2": 1,
                 "kernel_dim3": 2, "border_mode": "valid", "subsample": [1, 1, 1],
                 "dim_ordering": "th", "bias": true}}""",
                3,
                3,
                2,
                1,
                1,
                2)); // (filters, c, kd, kh, kw)
    String transposed =
        """
        {"class_name": "Deconvolution2D", "config": {"name": "c", "nb_filter": 3,
         "batch_input_shape": %s, "nb_row": 1, "nb_col": 2, "output_shape": %s,
         "border_mode": "valid", "subsample": [1, 1], "dim_ordering": "%s", "bias": true}}""";
    Model last =
        Keras.loadModel(
            oneLayer(
                transposed.formatted("[null, 4, 4, 2]", "[null, 4, 5, 3]", "tf"), 3, 1, 2, 2, 3));
    Model first =
        Keras.loadModel(
            oneLayer(
                transposed.formatted("[null, 2, 4, 4]", "[null, 3, 4, 5]", "th"), 3, 3, 2, 1, 2));

    assertThat(volumes.getWeights().get(0).shape()).isEqualTo(Shape.of(1, 1, 2, 2, 3));
    assertThat(volumes.getWeights().get(0).toFloatArray())
        .containsExactly(0, 4, 8, 2, 6, 10, 1, 5, 9, 3, 7, 11);
    assertThat(last.getWeights().get(0).shape()).isEqualTo(Shape.of(1, 2, 3, 2));
    assertThat(last.getWeights().get(0).toFloatArray())
        .containsExactly(0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11);
    assertThat(first.getWeights().get(0).shape()).isEqualTo(Shape.of(1, 2, 3, 2));
    assertThat(first.getWeights().get(0).toFloatArray())
        .containsExactly(0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11);
  }

  @Test
  void recurrent_layers_with_the_time_first_are_refused() {
    String json =
        """
        {"class_name": "Sequential", "keras_version": "2.9.0", "config": {"name": "s", "layers": [
          {"class_name": "ConvLSTM2D", "config": {"name": "l", "batch_input_shape":
            [null, 3, 6, 6, 2], "filters": 2, "kernel_size": [3, 3], "time_major": %s}}]}}
        """;

    assertThat(Keras.modelFromJson(json.formatted("false")).layers()).hasSize(1);
    assertThatThrownBy(() -> Keras.modelFromJson(json.formatted("true")))
        .isInstanceOf(InvalidArgument.class)
        .hasMessageContaining("a recurrent layer with the time on the first axis")
        .hasMessageContaining("time_major=true");
  }

  @Test
  void layers_along_one_axis_of_tf_keras_lose_the_keys_that_never_meant_anything() {
    String json =
        """
        {"class_name": "Sequential", "keras_version": "2.9.0", "config": {"name": "m", "layers": [
          {"class_name": "SeparableConv1D", "config": {"name": "s", "batch_input_shape":
            [null, 8, 2], "filters": 3, "kernel_size": [3], "strides": [1], "padding": "causal",
            "data_format": "channels_last", "dilation_rate": [2], "groups": 1,
            "depth_multiplier": 2, "activation": "relu", "kernel_initializer":
            {"class_name": "GlorotUniform", "config": {"seed": null}}, "kernel_regularizer": null,
            "kernel_constraint": null}},
          {"class_name": "DepthwiseConv1D", "config": {"name": "d", "kernel_size": [2],
            "groups": 1, "depth_multiplier": 1}},
          {"class_name": "Conv1DTranspose", "config": {"name": "t", "filters": 2,
            "kernel_size": [2], "strides": [2], "groups": 1, "output_padding": null}},
          {"class_name": "GlobalAveragePooling1D", "config": {"name": "g",
            "data_format": "channels_last", "keepdims": false}}]}}
        """;
    Model model = Keras.modelFromJson(json);

    assertThat(model.getLayer("s").getConfig())
        .containsEntry("padding", "causal")
        .containsEntry("depth_multiplier", 2)
        .doesNotContainKeys("groups", "kernel_initializer");
    assertThat(model.predict(Tensor.zeros(1, 8, 2)).shape()).isEqualTo(Shape.of(1, 2));
  }

  @ParameterizedTest
  @CsvSource({"sum, Add", "mul, Multiply", "ave, Average", "max, Maximum", "concat, Concatenate"})
  void a_merge_of_keras_1_becomes_the_layer_of_its_mode(String mode, String className) {
    Model model =
        Keras.modelFromJson(
            """
            {"class_name": "Model", "keras_version": "1.2.2", "config": {"name": "m", "layers": [
              {"class_name": "InputLayer", "name": "x", "inbound_nodes": [], "config":
                {"name": "x", "batch_input_shape": [null, 4], "input_dtype": "float32"}},
              {"class_name": "Merge", "name": "merge_1", "config": {"name": "merge_1",
                "mode": "%s", "mode_type": "raw", "concat_axis": -1, "dot_axes": -1,
                "output_shape": null, "output_shape_type": "raw", "output_mask": null,
                "output_mask_type": "raw", "arguments": {}},
               "inbound_nodes": [[["x", 0, 0], ["x", 0, 0]]]}],
             "input_layers": [["x", 0, 0]], "output_layers": [["merge_1", 0, 0]]}}
            """
                .formatted(mode));

    assertThat(model.getLayer("merge_1").className()).isEqualTo(className);
  }

  @Test
  void a_merge_of_another_mode_is_refused() {
    assertThatThrownBy(() -> layer("Merge", "{\"name\": \"m\", \"mode\": \"cos\"}"))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            "the model's JSON: a Merge layer that cannot be read\n"
                + "  got:      mode=cos (raw)\n"
                + "  expected: one of ave, concat, max, mul, sum");
  }

  @Test
  void kernels_that_theano_trained_are_turned_round() throws IOException {
    Model model = Keras.loadModel(FILES.resolve("theano.h5"));

    assertThat(model.getWeights().get(0).toFloatArray())
        .containsExactly(10, 11, 8, 9, 6, 7, 4, 5, 2, 3, 0, 1);
  }

  // ---- what is refused

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Lambda",
        "TFOpLambda",
        "TensorFlowOpLayer",
        "SlicingOpLambda",
        "InstanceMethod",
        "__lambda__"
      })
  void what_carries_code_is_refused_by_name(String className) {
    assertThatThrownBy(() -> layer(className, "{\"name\": \"evil\", \"function\": [\"4wE=\"]}"))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            "the model's JSON: "
                + className
                + " carries Python code, which is not run\n"
                + "  got:      "
                + className
                + " \"evil\"\n"
                + "  fix:      write it as a class in Java, register that, and save the model with"
                + " it");
  }

  @Test
  void functions_are_known_by_name_or_refused() {
    String function =
        "{\"activation\": {\"module\": \"builtins\", \"class_name\": \"function\","
            + " \"config\": \"%s\", \"registered_name\": \"function\"}}";

    assertThat(argumentsOf("Activation", function.formatted("relu")))
        .containsEntry("activation", "relu");
    assertThatThrownBy(() -> layer("Activation", function.formatted("my_own")))
        .isInstanceOf(InvalidArgument.class)
        .hasMessageContaining("function carries Python code")
        .hasMessageContaining("function \"my_own\"");
  }

  @Test
  void an_unknown_layer_class_is_named_with_the_way_to_register_it() {
    assertThatThrownBy(() -> layer("Capsule", "{\"name\": \"c\"}"))
        .isInstanceOf(InvalidArgument.class)
        .hasMessageContaining("unknown layer class")
        .hasMessageContaining("\"Capsule\"")
        .hasMessageContaining("Layers.register(\"Capsule\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"class_name\": \"Sequential\"}",
        "{\"class_name\": \"Sequential\", \"config\": {}}",
        "{\"class_name\": \"Sequential\", \"config\": {\"layers\": [1]}}",
        "{\"class_name\": \"Sequential\", \"config\": {\"layers\": [{}]}}",
        "{\"class_name\": \"Sequential\", \"config\": {\"layers\": [{\"class_name\": \"Dense\"}]}}",
        "{\"class_name\": \"Model\", \"config\": {\"layers\": [], \"output_layers\": 1}}",
        "{\"class_name\": \"Dense\", \"config\": {\"units\": 3}}",
        "[]",
        "{"
      })
  void what_is_not_a_model_is_refused(String json) {
    assertThatThrownBy(() -> Keras.modelFromJson(json))
        .isInstanceOf(InvalidArgument.class)
        .hasMessageStartingWith("the model's JSON");
  }

  @Test
  void a_text_that_describes_more_weights_than_there_is_memory_for_is_refused() {
    String units = Long.toString(Runtime.getRuntime().maxMemory() / 32 + 1);

    assertThatThrownBy(
            () -> layer("Dense", "{\"name\": \"d\", \"units\": " + units + ", \"use_bias\": true}"))
        .isInstanceOf(InvalidArgument.class)
        .hasMessageStartingWith(
            "the model's JSON: the model has more weights than Java has memory for\n"
                + "  got:      kernel (2, ");
  }

  @Test
  void more_layers_than_any_model_has_are_refused() {
    String layer = "{\"class_name\": \"Activation\", \"config\": {}}";
    String json =
        "{\"class_name\": \"Sequential\", \"config\": ["
            + (layer + ",").repeat(30_000)
            + layer
            + "]}";

    assertThatThrownBy(() -> Keras.modelFromJson(json))
        .isInstanceOf(InvalidArgument.class)
        .hasMessageContaining("more layers than any model has");
  }
}
