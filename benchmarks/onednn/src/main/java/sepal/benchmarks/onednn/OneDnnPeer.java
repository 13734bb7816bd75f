package sepal.benchmarks.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_FROM;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_TO;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.dnnl_convolution_direct;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_relu;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_inference;

import java.util.List;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.data_type;
import org.bytedeco.dnnl.memory.desc;
import org.bytedeco.dnnl.memory.format_tag;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.FloatPointer;
import sepal.benchmarks.LayerData;
import sepal.benchmarks.Peer;
import sepal.kernels.Workload;
import sepal.shape.ConvGeometry;
import sepal.shape.Dims;
import sepal.shape.Window;

/**
 * oneDNN: two convolutions, the second with bias and ReLU in its store; weights laid out before, as
 * a runtime would. On channels last throughout, and in the layouts that oneDNN itself prefers,
 * where bringing input and output there and back is not timed.
 */
public final class OneDnnPeer implements Peer {
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
        layer(data, format_tag.nhwc, "channels_last"), layer(data, format_tag.any, "preferred"));
  }

  private Prepared layer(LayerData data, format_tag layout, String mode) {
    Workload workload = data.workload();
    Window window = workload.window();
    ConvGeometry geometry = data.geometry();
    int kernelHeight = window.size().get(0);
    int kernelWidth = window.size().get(1);
    int between = workload.between();
    Dims out = geometry.outputSize();
    long[] xDims = {data.batch(), workload.channels(), workload.height(), workload.width()};
    long[] betweenDims = {data.batch(), between, out.get(0), out.get(1)};
    long[] yDims = {data.batch(), workload.filters(), out.get(0), out.get(1)};
    long[] depthwiseDims = {
      workload.channels(), workload.multiplier(), 1, kernelHeight, kernelWidth
    };
    long[] pointwiseDims = {workload.filters(), between, 1, 1};
    long[] one = {1, 1};
    long[] none = {0, 0};

    var first =
        new convolution_forward.primitive_desc(
            cpu,
            dnnl_forward_inference,
            dnnl_convolution_direct,
            describe(xDims, layout),
            describe(depthwiseDims, format_tag.any),
            describe(betweenDims, layout),
            new long[] {window.strides().get(0), window.strides().get(1)},
            new long[] {window.dilation().get(0) - 1, window.dilation().get(1) - 1},
            new long[] {data.padBefore(0), data.padBefore(1)},
            new long[] {data.padAfter(0), data.padAfter(1)},
            new primitive_attr(),
            false);
    var relu = new post_ops();
    relu.append_eltwise(dnnl_eltwise_relu, 0f, 0f);
    var attributes = new primitive_attr();
    attributes.set_post_ops(relu);
    var second =
        new convolution_forward.primitive_desc(
            cpu,
            dnnl_forward_inference,
            dnnl_convolution_direct,
            first.dst_desc(),
            describe(pointwiseDims, format_tag.any),
            describe(new long[] {workload.filters()}, format_tag.x),
            describe(yDims, layout),
            one,
            none,
            none,
            none,
            attributes,
            false);

    memory x = filled(data.x(), describe(xDims, format_tag.nhwc), first.src_desc());
    memory depthwise =
        filled(
            data.depthwiseChannelsFirst(),
            describe(depthwiseDims, format_tag.goihw),
            first.weights_desc());
    memory pointwise =
        filled(
            data.pointwiseChannelsFirst(),
            describe(pointwiseDims, format_tag.oihw),
            second.weights_desc());
    desc biasShape = describe(new long[] {workload.filters()}, format_tag.x);
    memory bias = filled(data.bias(), biasShape, biasShape);
    memory middle = new memory(first.dst_desc(), cpu);
    memory y = new memory(second.dst_desc(), cpu);
    var firstArguments =
        new IntMemoryMap()
            .put(DNNL_ARG_SRC, x)
            .put(DNNL_ARG_WEIGHTS, depthwise)
            .put(DNNL_ARG_DST, middle);
    var secondArguments =
        new IntMemoryMap()
            .put(DNNL_ARG_SRC, middle)
            .put(DNNL_ARG_WEIGHTS, pointwise)
            .put(DNNL_ARG_BIAS, bias)
            .put(DNNL_ARG_DST, y);
    return new Run(
        mode,
        new convolution_forward(first),
        firstArguments,
        new convolution_forward(second),
        secondArguments,
        y,
        describe(yDims, format_tag.nhwc),
        List.of(x, depthwise, pointwise, bias, middle));
  }

  private static desc describe(long[] dims, format_tag layout) {
    return new desc(dims, data_type.f32, layout);
  }

  /** Memory with the values, brought from one layout to another. */
  private memory filled(float[] values, desc from, desc to) {
    memory given = new memory(from, cpu);
    new FloatPointer(given.get_data_handle()).put(values, 0, values.length);
    memory wanted = new memory(to, cpu);
    copy(given, wanted);
    return wanted;
  }

  private void copy(memory from, memory to) {
    new reorder(from, to)
        .execute(queue, new IntMemoryMap().put(DNNL_ARG_FROM, from).put(DNNL_ARG_TO, to));
    queue._wait();
  }

  private final class Run implements Prepared {
    private final String mode;
    private final convolution_forward first;
    private final IntMemoryMap firstArguments;
    private final convolution_forward second;
    private final IntMemoryMap secondArguments;
    private final memory y;
    private final desc channelsLast;
    private final List<memory> others; // held, or the garbage collector would free them

    private Run(
        String mode,
        convolution_forward first,
        IntMemoryMap firstArguments,
        convolution_forward second,
        IntMemoryMap secondArguments,
        memory y,
        desc channelsLast,
        List<memory> others) {
      this.mode = mode;
      this.first = first;
      this.firstArguments = firstArguments;
      this.second = second;
      this.secondArguments = secondArguments;
      this.y = y;
      this.channelsLast = channelsLast;
      this.others = others;
    }

    @Override
    public String mode() {
      return mode;
    }

    @Override
    public void run() {
      first.execute(queue, firstArguments);
      second.execute(queue, secondArguments);
      queue._wait();
    }

    @Override
    public float[] output() {
      memory plain = new memory(channelsLast, cpu);
      copy(y, plain);
      float[] values = new float[(int) (channelsLast.get_size() / Float.BYTES)];
      new FloatPointer(plain.get_data_handle()).get(values);
      return values;
    }

    @Override
    public void close() {
      y.close();
      others.forEach(memory::close);
    }
  }
}
