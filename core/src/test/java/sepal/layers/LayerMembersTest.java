package sepal.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import sepal.initializers.Ones;
import sepal.ops.Ops;
import sepal.regularizers.L2;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.DTypePolicy;
import sepal.tensor.Tape;
import sepal.tensor.Tensor;

/** The members that Keras' layers had over the years, one by one. */
class LayerMembersTest {
  private final SeparableConv2D layer = new SeparableConv2D(2, 3, o -> o.name("sep"));
  private final KerasTensor a = Input.of(8, 8, 3);
  private final KerasTensor b = Input.of(6, 6, 3);

  private static Tensor image() {
    float[] data = new float[75];
    for (int i = 0; i < data.length; i++) {
      data[i] = (i % 7) / 7f;
    }
    return Tensor.of(data, 1, 5, 5, 3);
  }

  // ---- nodes

  @Test
  void every_symbolic_call_is_a_node_with_its_input_and_output() {
    KerasTensor first = layer.apply(a);
    KerasTensor second = layer.apply(b);

    assertThat(layer.inboundNodes()).hasSize(2);
    assertThat(layer.getInputAt(0)).isSameAs(a);
    assertThat(layer.getInputAt(1)).isSameAs(b);
    assertThat(layer.getOutputAt(0)).isSameAs(first);
    assertThat(layer.getOutputAt(1)).isSameAs(second);
    assertThat(layer.getInputShapeAt(1)).isEqualTo(Shape.of(-1, 6, 6, 3));
    assertThat(layer.getOutputShapeAt(1)).isEqualTo(Shape.of(-1, 4, 4, 2));
  }

  @Test
  void input_and_output_are_those_of_the_first_call() {
    KerasTensor first = layer.apply(a);
    layer.apply(b);

    assertThat(layer.input()).isSameAs(a);
    assertThat(layer.output()).isSameAs(first);
  }

  @Test
  void calls_on_data_leave_no_node() {
    layer.apply(image());

    assertThat(layer.inboundNodes()).isEmpty();
    assertThatThrownBy(layer::input)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            """
            SeparableConv2D "sep": the layer has no inputs before it is called
              fix:      call it on a symbolic tensor, layer.apply(Input.of(...)); data leave no nodes""");
  }

  @Test
  void input_shape_is_the_one_that_all_calls_have() {
    layer.apply(a);
    assertThat(layer.inputShape()).isEqualTo(Shape.of(-1, 8, 8, 3));
    assertThat(layer.outputShape()).isEqualTo(Shape.of(-1, 6, 6, 2));

    layer.apply(b);
    assertThatThrownBy(layer::inputShape)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            """
            SeparableConv2D "sep": the layer has several input shapes
              got:      [(null, 8, 8, 3), (null, 6, 6, 3)]
              fix:      call getInputShapeAt(nodeIndex)""");
  }

  @Test
  void a_layer_that_was_never_called_has_no_shapes() {
    assertThatThrownBy(layer::outputShape)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith(
            "SeparableConv2D \"sep\": the layer has no output shape before it is called");
  }

  @Test
  void a_node_index_out_of_range_is_refused() {
    layer.apply(a);

    assertThatThrownBy(() -> layer.getOutputAt(1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            SeparableConv2D "sep": no symbolic call of this index
              got:      1
              expected: 0""");
    assertThatThrownBy(() -> layer.getInputShapeAt(-1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void several_inputs_of_one_call_are_listed() {
    Add add = new Add();
    add.apply(a, a);

    assertThat(add.getInputsAt(0)).containsExactly(a, a);
    assertThat(add.getOutputsAt(0)).hasSize(1);
    assertThatThrownBy(() -> add.getInputAt(0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            """
            %s: the call has several inputs
              got:      2
              fix:      call getInputsAt(0)"""
                .formatted(add));
  }

  @Test
  void an_input_layer_is_its_own_input() {
    InputLayer input = new InputLayer(o -> o.shape(4, 4, 1));

    assertThat(input.getInputAt(0)).isSameAs(input.output());
  }

  @Test
  void graph_lists_the_calls_that_lead_to_the_layer() {
    assertThat(layer.graph()).isEmpty();

    ReLU relu = new ReLU();
    relu.apply(layer.apply(a));

    assertThat(relu.graph())
        .containsExactly(a.node(), layer.inboundNodes().get(0), relu.inboundNodes().get(0));
  }

  // ---- masks

  @Test
  void a_layer_that_supports_masks_hands_them_on() {
    ReLU relu = new ReLU();
    KerasTensor mask = Input.of(8, 8, 3);
    a.setMask(mask);
    KerasTensor y = relu.apply(a);

    assertThat(relu.supportsMasking()).isTrue();
    assertThat(y.mask()).isSameAs(mask);
    assertThat(relu.inputMask()).isSameAs(mask);
    assertThat(relu.outputMask()).isSameAs(mask);
    assertThat(relu.getInputMaskAt(0)).isSameAs(mask);
    assertThat(relu.getOutputMaskAt(0)).isSameAs(mask);
    Tensor data = Tensor.zeros(1, 2);
    assertThat(relu.computeMask(data, data)).isSameAs(data);
  }

  @Test
  void a_mask_ends_at_a_convolution() {
    a.setMask(Input.of(8, 8, 3));
    layer.apply(a);

    assertThat(layer.supportsMasking()).isFalse();
    assertThat(layer.getInputMaskAt(0)).isNotNull();
    assertThat(layer.getOutputMaskAt(0)).isNull();
    assertThat(layer.computeMask(image(), image())).isNull();
    assertThat(layer.computeMask(image(), null)).isNull();
  }

  // ---- losses and updates

  /** Adds the mean of its input as a loss in every call. */
  private static final class Mean extends Layer {
    Mean() {
      super(new BasicOptions("Mean").activityRegularizer(new L2(1)));
    }

    @Override
    protected Tensor call(Tensor x, boolean training) {
      addLoss(Tensor.scalar((float) x.get(0)));
      return x;
    }
  }

  @Test
  void losses_of_calls_belong_to_the_inputs_of_the_call() {
    Mean mean = new Mean();
    Tensor x = Tensor.of(new float[] {3}, 1, 1);
    Tensor y = Tensor.of(new float[] {5}, 1, 1);
    try (LossScope scope = new LossScope()) {
      mean.apply(x, true);
      mean.apply(y, true);

      assertThat(values(mean.getLossesFor(x))).containsExactly(3.0, 9.0);
      assertThat(values(mean.getLossesFor(y))).containsExactly(5.0, 25.0);
      assertThat(values(mean.losses())).containsExactly(3.0, 9.0, 5.0, 25.0);
      assertThat(mean.getLossesFor()).isEmpty();
      assertThat(scope.penalties()).hasSize(4);
    }
    assertThat(mean.losses()).isEmpty();
  }

  @Test
  void a_prediction_keeps_no_losses() {
    Mean mean = new Mean();
    mean.apply(Tensor.of(new float[] {3}, 1, 1));

    assertThat(mean.losses()).isEmpty();
  }

  @Test
  void weight_penalties_are_unconditional_and_cease_when_frozen() {
    SeparableConv2D sep =
        new SeparableConv2D(
            1, 1, o -> o.pointwiseInitializer("ones").pointwiseRegularizer(new L2(0.5)));
    sep.build(Shape.of(-1, 4, 4, 3));

    assertThat(values(sep.losses())).containsExactly(1.5);
    assertThat(values(sep.getLossesFor())).containsExactly(1.5);
    sep.setTrainable(false);
    assertThat(sep.losses()).isEmpty();
  }

  @Test
  void a_loss_for_symbolic_inputs_is_found_by_exactly_these() {
    Supplier<Tensor> one = () -> Tensor.scalar(1);
    layer.addLoss(one, a, b);
    layer.addLoss(() -> Tensor.scalar(2));

    assertThat(values(layer.getLossesFor(a, b))).containsExactly(1.0);
    assertThat(layer.getLossesFor(b, a)).isEmpty();
    assertThat(layer.getLossesFor(a)).isEmpty();
    assertThat(values(layer.getLossesFor())).containsExactly(2.0);
    assertThat(values(layer.losses())).containsExactly(1.0, 2.0);
  }

  @Test
  void a_loss_of_several_numbers_is_refused() {
    assertThatThrownBy(() -> layer.addLoss(Tensor.zeros(2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            SeparableConv2D "sep": a loss must be one number
              got:      shape (2,)
              expected: shape ()""");
  }

  @Test
  void updates_run_after_calls_in_training_only() {
    List<String> runs = new ArrayList<>();
    Runnable always = () -> runs.add("always");
    Runnable forA = () -> runs.add("for a");
    layer.addUpdate(always);
    layer.addUpdate(forA, a);
    layer.apply(image());
    assertThat(runs).isEmpty();
    layer.apply(image(), true);

    assertThat(runs).containsExactly("always", "for a");
    assertThat(layer.updates()).containsExactly(always, forA);
    assertThat(layer.getUpdatesFor()).containsExactly(always);
    assertThat(layer.getUpdatesFor(a)).containsExactly(forA);
    assertThat(layer.getUpdatesFor(b)).isEmpty();
    assertThat(new BatchNormalization().updates()).isEmpty();
  }

  private static List<Double> values(List<Tensor> scalars) {
    return scalars.stream().map(scalar -> scalar.get(0)).toList();
  }

  // ---- variables

  @Test
  void variables_and_weights_are_the_same() {
    BatchNormalization bn = new BatchNormalization();
    bn.build(Shape.of(-1, 3));

    assertThat(bn.variables()).isEqualTo(bn.weights()).hasSize(4);
    assertThat(bn.trainableVariables()).isEqualTo(bn.trainableWeights()).hasSize(2);
    assertThat(bn.nonTrainableVariables()).isEqualTo(bn.nonTrainableWeights()).hasSize(2);
    bn.setTrainable(false);
    assertThat(bn.trainableVariables()).isEmpty();
    assertThat(bn.nonTrainableVariables()).hasSize(4);
  }

  @Test
  void add_variable_returns_the_one_that_exists() {
    Weight first =
        layer.addVariable("scale", Shape.of(2), null, new Ones(), new L2(1), false, null);
    Weight second = layer.addWeight("scale", Shape.of(2), null, null, null, true, null);

    assertThat(second).isSameAs(first);
    assertThat(first.path()).isEqualTo("sep/scale");
    assertThat(first.dtype()).isEqualTo(DType.FLOAT32);
    assertThat(first.isTrainable()).isFalse();
    assertThat(first.value().toDoubleArray()).containsExactly(1, 1);
    assertThatThrownBy(() -> layer.addVariable("scale", Shape.of(3), null, null, null, true, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            SeparableConv2D "sep": weight scale exists with another shape
              got:      (3,)
              expected: (2,)""");
  }

  @Test
  void a_built_layer_gets_no_more_weights() {
    layer.build(Shape.of(-1, 8, 8, 3));

    assertThatThrownBy(() -> layer.addVariable("late", Shape.of(1), null, null, null, true, null))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            """
            SeparableConv2D "sep": a built layer cannot get more weights
              got:      weight "late"
              fix:      add weights in createWeights""");
  }

  @Test
  void a_weight_needs_a_known_shape_and_takes_any_dtype() {
    assertThat(
            layer.addVariable("count", Shape.of(1), DType.INT64, null, null, false, null).dtype())
        .isEqualTo(DType.INT64);
    assertThatThrownBy(
            () -> layer.addVariable("open", Shape.of(-1, 2), null, null, null, true, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            SeparableConv2D "sep": the shape of a weight must be known
              got:      open (null, 2)
              expected: a size on every axis""");
  }

  @Test
  void count_params_needs_weights() {
    assertThatThrownBy(layer::countParams)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            """
            SeparableConv2D "sep": the layer has no weights to count before it is built
              fix:      call build(inputShape) first""");
    layer.build(Shape.of(-1, 8, 8, 3));
    assertThat(layer.countParams()).isEqualTo(27 + 6 + 2);
  }

  @Test
  void weights_can_be_taken_out_and_put_in() {
    layer.build(Shape.of(-1, 8, 8, 3));
    List<Tensor> zeros =
        List.of(Tensor.zeros(3, 3, 3, 1), Tensor.zeros(1, 1, 3, 2), Tensor.zeros(2));
    layer.setWeights(zeros);

    assertThat(layer.getWeights().get(1).toDoubleArray()).containsOnly(0);
    assertThatThrownBy(() -> layer.setWeights(zeros.subList(0, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            SeparableConv2D "sep": wrong number of weights
              got:      2
              expected: 3
              fix:      give one tensor for each of [depthwise_kernel, pointwise_kernel, bias]""");
  }

  @Test
  void stateless_call_uses_given_values_and_keeps_nothing() {
    BatchNormalization bn = new BatchNormalization(o -> o.name("bn").momentum(0.5));
    bn.build(Shape.of(-1, 1));
    List<Tensor> before = bn.getWeights();
    Tensor gamma = Tensor.of(new float[] {10}, 1);
    Tensor beta = Tensor.of(new float[] {7}, 1);
    Tensor x = Tensor.of(new float[] {-1, 1}, 2, 1);
    StatelessResult result;
    Tensor slope;
    try (Tape tape = new Tape()) {
      tape.watch(beta);
      result =
          bn.statelessCall(
              List.of(gamma, beta), List.of(Tensor.zeros(1), Tensor.zeros(1)), x, true);
      slope = tape.gradient(result.output(), List.of(beta)).get(0);
    }

    assertThat(result.output().get(1)).isBetween(16.9, 17.0);
    assertThat(result.nonTrainableVariables().get(1).get(0)).isEqualTo(0.5);
    assertThat(slope.get(0)).isEqualTo(2);
    assertThat(bn.getWeights()).isEqualTo(before);
    assertThatThrownBy(() -> bn.statelessCall(List.of(gamma), List.of(), x, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            BatchNormalization "bn": wrong number of trainableVariables
              got:      1
              expected: 2   [gamma, beta]""");
  }

  // ---- identity and copies

  @Test
  void scope_name_and_path_exist_once_the_layer_is_built() {
    assertThat(layer.path()).isNull();
    assertThatThrownBy(layer::scopeName)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            """
            SeparableConv2D "sep": the layer has no scope before it is built
              fix:      call build(inputShape) first""");
    layer.build(Shape.of(-1, 8, 8, 3));
    assertThat(layer.scopeName()).isEqualTo("sep").isEqualTo(layer.path());
  }

  @Test
  void types_are_those_of_the_policy() {
    assertThat(layer.dtypePolicy()).isEqualTo(DTypePolicy.FLOAT32);
    assertThat(layer.dtype()).isEqualTo(DType.FLOAT32).isEqualTo(layer.variableDtype());
    assertThat(layer.computeDtype()).isEqualTo(DType.FLOAT32);
  }

  @Test
  void activity_regularizer_is_told() {
    assertThat(layer.activityRegularizer()).isNull();
    assertThat(new ReLU(o -> o.activityRegularizer("l2")).activityRegularizer())
        .isInstanceOf(L2.class);
  }

  @Test
  void a_copy_has_the_name_and_weights_but_no_calls() {
    layer.apply(a);
    layer.setTrainable(false);
    Layer copy = layer.copy();

    assertThat(copy).isInstanceOf(SeparableConv2D.class);
    assertThat(copy.name()).isEqualTo("sep");
    assertThat(copy.isTrainable()).isFalse();
    assertThat(copy.inboundNodes()).isEmpty();
    assertThat(copy.getWeights()).isEqualTo(layer.getWeights());
    assertThat(copy.apply(image()).toFloatArray()).isEqualTo(layer.apply(image()).toFloatArray());
    copy.setWeights(
        copy.getWeights().stream().map(w -> Tensor.zeros(w.dtype(), w.shape())).toList());
    assertThat(layer.getWeights().get(0).toDoubleArray()).isNotEqualTo(new double[27]);
    assertThat(new ReLU().copy().isBuilt()).isFalse();
  }

  @Test
  void a_layer_whose_class_is_unknown_cannot_be_copied() {
    Mean mean = new Mean();

    assertThatThrownBy(mean::copy)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            Mean "%s": a layer whose class is not registered cannot be copied
              fix:      call Layers.register("Mean", config -> ...) first"""
                .formatted(mean.name()));
  }

  @Test
  void from_config_is_the_reverse_of_get_config() {
    SeparableConv2D again = Layer.fromConfig(SeparableConv2D.class, layer.getConfig());

    assertThat(again.getConfig()).isEqualTo(layer.getConfig());
    assertThat(again.isBuilt()).isFalse();
    assertThat(SeparableConv2D.fromConfig(layer.getConfig()).config()).isEqualTo(again.config());
    assertThatThrownBy(() -> SeparableConv2D.fromConfig(Map.of("filters", 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            SeparableConv2D.fromConfig, SeparableConv2D: kernelSize must be a positive integer or 2 positive integers
              got:      kernelSize=null
              expected: 2 values of 1 or more, for example (3, 3)""");
  }

  // ---- shapes, calls and refusals

  @Test
  void compute_output_spec_tells_shape_and_type_without_building() {
    TensorSpec spec = new TensorSpec(Shape.of(-1, 6, 6, 2), DType.FLOAT32);

    assertThat(layer.computeOutputSpec(a)).isEqualTo(spec);
    assertThat(layer.computeOutputSpec(Shape.of(-1, 8, 8, 3))).isEqualTo(spec);
    assertThat(layer.isBuilt()).isFalse();
  }

  @Test
  void input_spec_holds_the_channels_once_built() {
    assertThat(layer.inputSpec()).isNull();
    layer.apply(a);
    assertThat(layer.inputSpec()).isEqualTo(new InputSpec(3, "channels", Shape.of(-1, 8, 8, 3)));
  }

  @Test
  void apply_builds_and_calls() {
    Tensor y = layer.apply(image());

    assertThat(layer.isBuilt()).isTrue();
    assertThat(y.shape()).isEqualTo(Shape.of(1, 3, 3, 2));
    assertThat(layer.call(image(), false).toFloatArray()).isEqualTo(y.toFloatArray());
  }

  @Test
  void convolution_op_convolves_with_any_kernel() {
    Tensor ones = Tensor.full(DType.FLOAT32, Shape.of(5, 5, 3, 1), 1);
    double sum = 0;
    for (double value : image().toDoubleArray()) {
      sum += value;
    }

    Tensor y = layer.convolutionOp(image(), ones);
    assertThat(y.shape()).isEqualTo(Shape.of(1, 1, 1, 1));
    assertThat(y.get(0)).isCloseTo(sum, org.assertj.core.data.Offset.offset(1e-4));
  }

  @Test
  void metrics_of_layers_are_refused() {
    assertThatThrownBy(() -> layer.addMetric("mae"))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage(
            """
            SeparableConv2D "sep": layers have no metrics of their own
              got:      mae
              fix:      give the metric to model.compile""");
  }

  @Test
  void quantization_is_refused() {
    assertThatThrownBy(() -> layer.quantize("int8"))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage(
            """
            SeparableConv2D "sep": quantized weights are not supported
              got:      mode="int8"
              fix:      keep the weights in float32 or float64""");
  }

  /** A layer that is made of another. */
  private static final class Doubled extends Layer {
    private final Dense dense = addLayer(new Dense(1, o -> o.kernelRegularizer(new L2(1))));

    Doubled() {
      super(new BasicOptions("Doubled"));
    }

    @Override
    protected void createWeights(Shape input) {
      dense.build(input);
    }

    @Override
    public Shape computeOutputShape(Shape input) {
      return dense.computeOutputShape(input);
    }

    @Override
    protected Tensor call(Tensor x, boolean training) {
      Tensor y = dense.apply(x, training);
      return Ops.add(y, y);
    }
  }

  @Test
  void layers_inside_count_as_part_of_the_layer() {
    Doubled doubled = new Doubled();
    doubled.apply(Tensor.zeros(1, 3));

    assertThat(doubled.weights()).isEqualTo(doubled.dense.weights()).hasSize(2);
    assertThat(doubled.countParams()).isEqualTo(4);
    assertThat(doubled.losses()).hasSize(1);
    doubled.setTrainable(false);
    assertThat(doubled.dense.isTrainable()).isFalse();
    assertThat(doubled.trainableWeights()).isEmpty();
    assertThat(doubled.nonTrainableWeights()).hasSize(2);
    assertThat(doubled.losses()).isEmpty();
  }
}
