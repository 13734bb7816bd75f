package sepal.benchmarks.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_FROM;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_TO;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.dnnl_convolution_direct;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_relu;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_relu_use_dst_for_bwd;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_inference;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_training;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.eltwise_backward;
import org.bytedeco.dnnl.eltwise_forward;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.data_type;
import org.bytedeco.dnnl.memory.desc;
import org.bytedeco.dnnl.memory.format_tag;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.FloatPointer;
import sepal.benchmarks.LayerData;
import sepal.benchmarks.LayerGradients;
import sepal.benchmarks.TrainingPeer;
import sepal.kernels.Workload;
import sepal.shape.Dims;
import sepal.shape.Window;

/**
 * oneDNN: two convolutions, the second with bias and ReLU in its store; weights laid out before, as
 * a runtime would. On channels last throughout, and in the layouts that oneDNN itself prefers,
 * where bringing input and output there and back is not timed.
 *
 * <p>In a training step the weights are kept in the layout of the forward. Where a backward wants
 * another layout than the forward had, that is timed, and so is bringing the gradients of the
 * weights to the layout of the weights, where an optimizer needs them.
 */
public final class OneDnnPeer implements TrainingPeer {
  private final engine cpu = new engine(engine.kind.cpu, 0);
  private final stream queue = new stream(cpu);

  @Override
  public String name() {
    var version = dnnl.dnnl_version();
    return "oneDNN " + version.major() + "." + version.minor() + "." + version.patch();
  }

  @Override
  public List<Prepared> prepare(LayerData data, int threads) {
    return List.of(
        new Forward(data, "channels_last", format_tag.nhwc, dnnl_forward_inference),
        new Forward(data, "preferred", format_tag.any, dnnl_forward_inference));
  }

  @Override
  public List<Trained> prepareTraining(LayerData data, int threads) {
    return List.of(
        new Training(data, "channels_last", format_tag.nhwc),
        new Training(data, "preferred", format_tag.any));
  }

  private static desc describe(long[] dims, format_tag layout) {
    return new desc(dims, data_type.f32, layout);
  }

  /** How a window goes over its input. */
  private record Walk(long[] strides, long[] dilation, long[] padBefore, long[] padAfter) {
    static final Walk PIXELWISE =
        new Walk(new long[] {1, 1}, new long[2], new long[2], new long[2]);

    static Walk of(LayerData data) {
      Window window = data.workload().window();
      return new Walk(
          new long[] {window.strides().get(0), window.strides().get(1)},
          new long[] {window.dilation().get(0) - 1, window.dilation().get(1) - 1},
          new long[] {data.padBefore(0), data.padBefore(1)},
          new long[] {data.padAfter(0), data.padAfter(1)});
    }
  }

  /** Shapes, with the layouts that are asked for. */
  private static final class Shapes {
    final long[] x;
    final long[] between;
    final long[] y;
    final long[] depthwise;
    final long[] pointwise;
    final desc bias;

    Shapes(LayerData data) {
      Workload workload = data.workload();
      Dims kernel = workload.window().size();
      Dims out = data.geometry().outputSize();
      x = new long[] {data.batch(), workload.channels(), workload.height(), workload.width()};
      between = new long[] {data.batch(), workload.between(), out.get(0), out.get(1)};
      y = new long[] {data.batch(), workload.filters(), out.get(0), out.get(1)};
      depthwise =
          new long[] {workload.channels(), workload.multiplier(), 1, kernel.get(0), kernel.get(1)};
      pointwise = new long[] {workload.filters(), workload.between(), 1, 1};
      bias = describe(new long[] {workload.filters()}, format_tag.x);
    }
  }

  private record Execution(primitive what, IntMemoryMap arguments) {}

  private class Forward implements Prepared {
    final Shapes shapes;
    final format_tag layout;
    final convolution_forward.primitive_desc first;
    final convolution_forward.primitive_desc second;
    final memory x;
    final memory depthwise;
    final memory pointwise;
    final memory middle;
    final memory y;
    private final String mode;
    private final List<Execution> executions = new ArrayList<>();
    private final List<memory> memories = new ArrayList<>(); // held: they are in use while we are

    Forward(LayerData data, String mode, format_tag layout, int kind) {
      this.mode = mode;
      this.layout = layout;
      shapes = new Shapes(data);
      Walk walk = Walk.of(data);
      first =
          new convolution_forward.primitive_desc(
              cpu,
              kind,
              dnnl_convolution_direct,
              describe(shapes.x, layout),
              describe(shapes.depthwise, format_tag.any),
              describe(shapes.between, layout),
              walk.strides,
              walk.dilation,
              walk.padBefore,
              walk.padAfter,
              new primitive_attr(),
              false);
      var relu = new post_ops();
      relu.append_eltwise(dnnl_eltwise_relu, 0f, 0f);
      var attributes = new primitive_attr();
      attributes.set_post_ops(relu);
      second =
          new convolution_forward.primitive_desc(
              cpu,
              kind,
              dnnl_convolution_direct,
              first.dst_desc(),
              describe(shapes.pointwise, format_tag.any),
              shapes.bias,
              describe(shapes.y, layout),
              Walk.PIXELWISE.strides,
              Walk.PIXELWISE.dilation,
              Walk.PIXELWISE.padBefore,
              Walk.PIXELWISE.padAfter,
              attributes,
              false);
      x = filled(data.x(), describe(shapes.x, format_tag.nhwc), first.src_desc());
      depthwise =
          filled(
              data.depthwise(), describe(shapes.depthwise, format_tag.hwigo), first.weights_desc());
      pointwise =
          filled(
              data.pointwise(), describe(shapes.pointwise, format_tag.hwio), second.weights_desc());
      memory bias = filled(data.bias(), shapes.bias, shapes.bias);
      middle = memory(first.dst_desc());
      y = memory(second.dst_desc());
      add(
          new convolution_forward(first),
          new IntMemoryMap()
              .put(DNNL_ARG_SRC, x)
              .put(DNNL_ARG_WEIGHTS, depthwise)
              .put(DNNL_ARG_DST, middle));
      add(
          new convolution_forward(second),
          new IntMemoryMap()
              .put(DNNL_ARG_SRC, middle)
              .put(DNNL_ARG_WEIGHTS, pointwise)
              .put(DNNL_ARG_BIAS, bias)
              .put(DNNL_ARG_DST, y));
    }

    final void add(primitive what, IntMemoryMap arguments) {
      executions.add(new Execution(what, arguments));
    }

    final memory memory(desc layout) {
      memory created = new memory(layout, cpu);
      memories.add(created);
      return created;
    }

    /** The same values in a layout, brought there in each run if they are not. */
    final memory in(desc wanted, desc given, memory from) {
      if (wanted.equals(given)) {
        return from;
      }
      memory to = memory(wanted);
      add(new reorder(from, to), reordering(from, to));
      return to;
    }

    /** Memory with the values, brought from one layout to another. */
    final memory filled(float[] values, desc from, desc to) {
      memory given = memory(from);
      new FloatPointer(given.get_data_handle()).put(values, 0, values.length);
      memory wanted = memory(to);
      reorderNow(given, wanted);
      return wanted;
    }

    private IntMemoryMap reordering(memory from, memory to) {
      return new IntMemoryMap().put(DNNL_ARG_FROM, from).put(DNNL_ARG_TO, to);
    }

    private void reorderNow(memory from, memory to) {
      new reorder(from, to).execute(queue, reordering(from, to));
      queue._wait();
    }

    final float[] values(memory from, desc plain) {
      memory to = memory(plain);
      reorderNow(from, to);
      float[] values = new float[(int) (plain.get_size() / Float.BYTES)];
      new FloatPointer(to.get_data_handle()).get(values);
      return values;
    }

    @Override
    public String mode() {
      return mode;
    }

    @Override
    public void run() {
      for (Execution execution : executions) {
        execution.what.execute(queue, execution.arguments);
      }
      queue._wait();
    }

    @Override
    public float[] output() {
      return values(y, describe(shapes.y, format_tag.nhwc));
    }

    @Override
    public void close() {
      memories.forEach(memory::close);
    }
  }

  private final class Training extends Forward implements Trained {
    private final memory dx;
    private final memory dDepthwise;
    private final memory dPointwise;
    private final memory dBias;

    Training(LayerData data, String mode, format_tag layout) {
      super(data, mode, layout, dnnl_forward_training);
      memory dSum = reluBackward(data);
      desc dSumLayout = second.dst_desc();

      var ofPointwise =
          weightsBackward(shapes.between, shapes.pointwise, shapes.y, Walk.PIXELWISE, second, true);
      memory dPointwiseFound = memory(ofPointwise.diff_weights_desc());
      dBias = memory(shapes.bias);
      add(
          new convolution_backward_weights(ofPointwise),
          new IntMemoryMap()
              .put(DNNL_ARG_SRC, in(ofPointwise.src_desc(), first.dst_desc(), middle))
              .put(DNNL_ARG_DIFF_DST, in(ofPointwise.diff_dst_desc(), dSumLayout, dSum))
              .put(DNNL_ARG_DIFF_WEIGHTS, dPointwiseFound)
              .put(DNNL_ARG_DIFF_BIAS, dBias));
      dPointwise = in(second.weights_desc(), ofPointwise.diff_weights_desc(), dPointwiseFound);

      var ofBetween =
          dataBackward(shapes.between, shapes.pointwise, shapes.y, Walk.PIXELWISE, second);
      memory dBetween = memory(ofBetween.diff_src_desc());
      add(
          new convolution_backward_data(ofBetween),
          new IntMemoryMap()
              .put(DNNL_ARG_DIFF_DST, in(ofBetween.diff_dst_desc(), dSumLayout, dSum))
              .put(DNNL_ARG_WEIGHTS, in(ofBetween.weights_desc(), second.weights_desc(), pointwise))
              .put(DNNL_ARG_DIFF_SRC, dBetween));
      desc dBetweenLayout = ofBetween.diff_src_desc();

      Walk walk = Walk.of(data);
      var ofDepthwise =
          weightsBackward(shapes.x, shapes.depthwise, shapes.between, walk, first, false);
      memory dDepthwiseFound = memory(ofDepthwise.diff_weights_desc());
      add(
          new convolution_backward_weights(ofDepthwise),
          new IntMemoryMap()
              .put(DNNL_ARG_SRC, in(ofDepthwise.src_desc(), first.src_desc(), x))
              .put(DNNL_ARG_DIFF_DST, in(ofDepthwise.diff_dst_desc(), dBetweenLayout, dBetween))
              .put(DNNL_ARG_DIFF_WEIGHTS, dDepthwiseFound));
      dDepthwise = in(first.weights_desc(), ofDepthwise.diff_weights_desc(), dDepthwiseFound);

      var ofInput = dataBackward(shapes.x, shapes.depthwise, shapes.between, walk, first);
      dx = memory(ofInput.diff_src_desc());
      add(
          new convolution_backward_data(ofInput),
          new IntMemoryMap()
              .put(DNNL_ARG_DIFF_DST, in(ofInput.diff_dst_desc(), dBetweenLayout, dBetween))
              .put(DNNL_ARG_WEIGHTS, in(ofInput.weights_desc(), first.weights_desc(), depthwise))
              .put(DNNL_ARG_DIFF_SRC, dx));
    }

    /** From the output alone; what was before it, the forward did not keep. */
    private memory reluBackward(LayerData data) {
      desc layout = second.dst_desc();
      memory g = filled(data.g(), describe(shapes.y, format_tag.nhwc), layout);
      memory dSum = memory(layout);
      var forward =
          new eltwise_forward.primitive_desc(
              cpu, dnnl_forward_training, dnnl_eltwise_relu_use_dst_for_bwd, layout, layout, 0f);
      var backward =
          new eltwise_backward.primitive_desc(
              cpu, dnnl_eltwise_relu_use_dst_for_bwd, layout, layout, layout, 0f, forward);
      add(
          new eltwise_backward(backward),
          new IntMemoryMap()
              .put(DNNL_ARG_DST, y)
              .put(DNNL_ARG_DIFF_DST, g)
              .put(DNNL_ARG_DIFF_SRC, dSum));
      return dSum;
    }

    private convolution_backward_data.primitive_desc dataBackward(
        long[] from,
        long[] weights,
        long[] to,
        Walk walk,
        convolution_forward.primitive_desc forward) {
      return new convolution_backward_data.primitive_desc(
          cpu,
          dnnl_convolution_direct,
          describe(from, layout),
          describe(weights, format_tag.any),
          describe(to, layout),
          walk.strides,
          walk.dilation,
          walk.padBefore,
          walk.padAfter,
          forward,
          new primitive_attr(),
          false);
    }

    private convolution_backward_weights.primitive_desc weightsBackward(
        long[] from,
        long[] weights,
        long[] to,
        Walk walk,
        convolution_forward.primitive_desc forward,
        boolean bias) {
      return new convolution_backward_weights.primitive_desc(
          cpu,
          dnnl_convolution_direct,
          describe(from, layout),
          describe(weights, format_tag.any),
          bias ? shapes.bias : new desc(),
          describe(to, layout),
          walk.strides,
          walk.dilation,
          walk.padBefore,
          walk.padAfter,
          forward,
          new primitive_attr(),
          false);
    }

    @Override
    public LayerGradients gradients() {
      return new LayerGradients(
          values(dx, describe(shapes.x, format_tag.nhwc)),
          values(dDepthwise, describe(shapes.depthwise, format_tag.hwigo)),
          values(dPointwise, describe(shapes.pointwise, format_tag.hwio)),
          values(dBias, shapes.bias));
    }
  }
}
