package sepal.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import sepal.layers.Activation;
import sepal.layers.ActivityRegularization;
import sepal.layers.Add;
import sepal.layers.AlphaDropout;
import sepal.layers.Average;
import sepal.layers.AveragePooling1D;
import sepal.layers.AveragePooling2D;
import sepal.layers.AveragePooling3D;
import sepal.layers.BatchNormalization;
import sepal.layers.Concatenate;
import sepal.layers.Conv1D;
import sepal.layers.Conv1DTranspose;
import sepal.layers.Conv2D;
import sepal.layers.Conv2DTranspose;
import sepal.layers.Conv3D;
import sepal.layers.Conv3DTranspose;
import sepal.layers.ConvLSTM1D;
import sepal.layers.ConvLSTM2D;
import sepal.layers.ConvLSTM3D;
import sepal.layers.Cropping1D;
import sepal.layers.Cropping2D;
import sepal.layers.Cropping3D;
import sepal.layers.Dense;
import sepal.layers.DepthwiseConv1D;
import sepal.layers.DepthwiseConv2D;
import sepal.layers.Dot;
import sepal.layers.Dropout;
import sepal.layers.ELU;
import sepal.layers.Flatten;
import sepal.layers.GaussianDropout;
import sepal.layers.GaussianNoise;
import sepal.layers.GlobalAveragePooling1D;
import sepal.layers.GlobalAveragePooling2D;
import sepal.layers.GlobalAveragePooling3D;
import sepal.layers.GlobalMaxPooling1D;
import sepal.layers.GlobalMaxPooling2D;
import sepal.layers.GlobalMaxPooling3D;
import sepal.layers.GroupNormalization;
import sepal.layers.Identity;
import sepal.layers.Input;
import sepal.layers.KerasTensor;
import sepal.layers.LayerNormalization;
import sepal.layers.Layers;
import sepal.layers.LeakyReLU;
import sepal.layers.MaxPooling1D;
import sepal.layers.MaxPooling2D;
import sepal.layers.MaxPooling3D;
import sepal.layers.Maximum;
import sepal.layers.Minimum;
import sepal.layers.Multiply;
import sepal.layers.Normalization;
import sepal.layers.PReLU;
import sepal.layers.Permute;
import sepal.layers.ReLU;
import sepal.layers.RepeatVector;
import sepal.layers.Rescaling;
import sepal.layers.Reshape;
import sepal.layers.SeparableConv1D;
import sepal.layers.SeparableConv2D;
import sepal.layers.Softmax;
import sepal.layers.SpatialDropout1D;
import sepal.layers.SpatialDropout2D;
import sepal.layers.Subtract;
import sepal.layers.UnitNormalization;
import sepal.layers.UpSampling1D;
import sepal.layers.UpSampling2D;
import sepal.layers.UpSampling3D;
import sepal.layers.ZeroPadding1D;
import sepal.layers.ZeroPadding2D;
import sepal.layers.ZeroPadding3D;
import sepal.models.Functional;
import sepal.models.Model;
import sepal.models.Sequential;
import sepal.tensor.Tensor;

/**
 * Sixteen threads on one model. {@code -Dsepal.concurrent.seconds=60} makes each of them predict
 * for that long; without it, a few times.
 */
class ConcurrentPredictionTest {
  private static final int THREADS = 16;
  private static final long SEED = 7;

  /** Layers of one spatial axis. */
  private static KerasTensor alongOneAxis(KerasTensor steps) {
    KerasTensor x = new Conv1D(6, 3).apply(steps);
    x = new SeparableConv1D(8, 3, o -> o.padding("same").activation("relu")).apply(x);
    x = new DepthwiseConv1D(3, o -> o.padding("same")).apply(new LayerNormalization().apply(x));
    x = new Conv1DTranspose(4, 3, o -> o.strides(2)).apply(new SpatialDropout1D(0.2).apply(x));
    x = new UpSampling1D(2).apply(new Cropping1D(1).apply(new ZeroPadding1D(2).apply(x)));
    x = new Concatenate().apply(new MaxPooling1D().apply(x), new AveragePooling1D().apply(x));
    KerasTensor mean = new GlobalAveragePooling1D().apply(x);
    KerasTensor cosines =
        new Dot(o -> o.axes(-1).normalize(true)).apply(x, new RepeatVector(3).apply(mean));
    return new Concatenate()
        .apply(mean, new GlobalMaxPooling1D().apply(x), new Flatten().apply(cosines));
  }

  /** Layers of three spatial axes. */
  private static KerasTensor alongThreeAxes(KerasTensor volume) {
    KerasTensor x = new Conv3D(4, 3, o -> o.padding("same").strides(2)).apply(volume);
    x = new Conv3DTranspose(2, 3).apply(x);
    x = new UpSampling3D(2).apply(new Cropping3D(1).apply(new ZeroPadding3D(2).apply(x)));
    x = new Concatenate().apply(new MaxPooling3D().apply(x), new AveragePooling3D().apply(x));
    KerasTensor mean = new GlobalAveragePooling3D().apply(x);
    KerasTensor max = new GlobalMaxPooling3D().apply(x);
    return new Concatenate().apply(mean, max, new Dense(3).apply(new Flatten().apply(x)));
  }

  /** Recurrent layers. */
  private static KerasTensor overTime(KerasTensor images) {
    KerasTensor x =
        new ConvLSTM2D(3, 3, o -> o.padding("same").returnSequences(true)).apply(images);
    KerasTensor lines = new Reshape(4, 16, 12).apply(x);
    KerasTensor volumes = new Reshape(2, 2, 4, 4, 12).apply(x);
    KerasTensor line = new Flatten().apply(new ConvLSTM1D(2, 3).apply(lines));
    KerasTensor volume = new Flatten().apply(new ConvLSTM3D(2, 2).apply(volumes));
    return new Dense(3).apply(new Concatenate().apply(line, volume));
  }

  /** One layer of every class that there is. */
  static Model everyLayer() {
    KerasTensor image = Input.of(16, 16, 4);
    KerasTensor x = new Rescaling(0.5, 0).apply(image);
    x = new Normalization(o -> o.mean(0.1).variance(1.5)).apply(x);
    x = new SeparableConv2D(8, 3, o -> o.padding("same").activation("relu")).apply(x);
    x = new BatchNormalization().apply(x);
    KerasTensor skip = new Conv2D(8, 1).apply(x);
    x = new DepthwiseConv2D(3, o -> o.padding("same")).apply(x);
    x = new Add().apply(x, skip);
    x = new ELU().apply(new LeakyReLU().apply(x));
    x = new Multiply().apply(x, new Activation("sigmoid").apply(skip));
    x = new Subtract().apply(x, new ReLU().apply(skip));
    x = new Maximum().apply(x, new Minimum().apply(x, skip));
    x = new Average().apply(x, new PReLU().apply(skip));
    x = new SpatialDropout2D(0.2).apply(new Dropout(0.2).apply(x));
    x = new GaussianNoise(0.2).apply(new GaussianDropout(0.2).apply(x));
    x = new GroupNormalization(4).apply(new AlphaDropout(0.2).apply(x));
    x = new ZeroPadding2D(1).apply(new Cropping2D(1).apply(x));
    x = new UpSampling2D(2).apply(x);
    KerasTensor time = overTime(new Reshape(4, 8, 8, 4).apply(image));
    KerasTensor line = alongOneAxis(new Reshape(64, 128).apply(x));
    KerasTensor volume = alongThreeAxes(new Reshape(8, 16, 16, 4).apply(x));
    x = new Conv2DTranspose(8, 3, o -> o.padding("same")).apply(x);
    x = new Concatenate().apply(new MaxPooling2D().apply(x), new AveragePooling2D().apply(x));
    x = new Permute(2, 1, 3).apply(new UnitNormalization().apply(new Identity().apply(x)));
    x = new ActivityRegularization(o -> o.l2(0.1)).apply(x);
    KerasTensor mean = new GlobalAveragePooling2D().apply(x);
    KerasTensor max = new GlobalMaxPooling2D().apply(x);
    KerasTensor flat = new Flatten().apply(new Reshape(16, 16, 16).apply(x));
    KerasTensor all =
        new Concatenate().apply(mean, max, new Dense(5).apply(flat), line, volume, time);
    return new Functional(image, new Softmax().apply(new Dense(10).apply(all)));
  }

  @Test
  void the_model_has_a_layer_of_every_class() {
    Set<String> there = new TreeSet<>();
    everyLayer().layers().forEach(layer -> there.add(layer.className()));
    Set<String> builtIn = new TreeSet<>(Layers.classNames());
    builtIn.removeIf(name -> !exists(name));

    assertThat(builtIn).hasSizeGreaterThan(30);
    assertThat(there).as("layers in the model of this test").containsAll(builtIn);
  }

  private static boolean exists(String className) {
    try {
      Class.forName("sepal.layers." + className);
      return true;
    } catch (ClassNotFoundException ofTestsOrModels) {
      return false;
    }
  }

  @Test
  void sixteen_threads_get_the_bits_of_one() throws Exception {
    Model model = everyLayer();
    Random random = new Random(SEED);
    List<Tensor> inputs = new ArrayList<>();
    List<float[]> expected = new ArrayList<>();
    for (int samples = 1; samples <= 5; samples++) {
      Tensor input = random(random, samples);
      inputs.add(input);
      expected.add(model.predict(input).toFloatArray());
    }
    long seconds = Long.getLong("sepal.concurrent.seconds", 0);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    CyclicBarrier start = new CyclicBarrier(THREADS);
    List<Callable<Integer>> tasks = new ArrayList<>();
    for (int thread = 0; thread < THREADS; thread++) {
      int first = thread;
      tasks.add(
          () -> {
            start.await();
            int calls = 0;
            for (; calls < 10 || System.nanoTime() < end; calls++) {
              int i = (first + calls) % inputs.size();
              float[] actual = model.predict(inputs.get(i), 1 + calls % 3).toFloatArray();
              assertThat(Arrays.equals(actual, expected.get(i)))
                  .as("thread %d, call %d, seed %d: the same bits", first, calls, SEED)
                  .isTrue();
            }
            return calls;
          });
    }
    assertThat(run(tasks)).allMatch(calls -> calls >= 10);
  }

  @Test
  void threads_that_meet_at_an_unbuilt_model_build_it_once() throws Exception {
    Sequential model = new Sequential(new SeparableConv2D(4, 3), new Flatten(), new Dense(2));
    Tensor input = random(new Random(SEED), 2);
    CyclicBarrier start = new CyclicBarrier(THREADS);
    List<Callable<List<Float>>> tasks = new ArrayList<>();
    for (int thread = 0; thread < THREADS; thread++) {
      tasks.add(
          () -> {
            start.await();
            return listed(model.predict(input));
          });
    }

    assertThat(Set.copyOf(run(tasks))).hasSize(1);
    assertThat(model.weights()).hasSize(5);
  }

  @Test
  void a_prediction_sees_all_of_a_change_of_weights_or_nothing() throws Exception {
    Model model = everyLayer();
    Tensor input = random(new Random(SEED), 3);
    List<List<Tensor>> weights = List.of(model.getWeights(), halved(model.getWeights()));
    List<List<Float>> possible = new ArrayList<>();
    for (List<Tensor> values : weights) {
      model.setWeights(values);
      possible.add(listed(model.predict(input)));
    }
    assertThat(possible.get(0)).isNotEqualTo(possible.get(1));
    AtomicBoolean stop = new AtomicBoolean();
    List<Callable<List<Float>>> tasks = new ArrayList<>();
    tasks.add(
        () -> {
          for (int i = 0; i < 100; i++) {
            model.setWeights(weights.get(i % 2));
          }
          stop.set(true);
          return possible.get(0);
        });
    for (int thread = 1; thread < THREADS; thread++) {
      tasks.add(
          () -> {
            List<Float> output;
            do {
              output = listed(model.predict(input));
              assertThat(possible).as("seed %d", SEED).contains(output);
            } while (!stop.get());
            return output;
          });
    }

    assertThat(run(tasks)).hasSize(THREADS);
  }

  @Test
  void two_trainings_of_one_model_go_one_after_the_other() throws Exception {
    Sequential model = new Sequential(new Dense(1, o -> o.inputShape(2).kernelInitializer("ones")));
    model.compile("sgd", "mse");
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
    List<Callable<Long>> tasks = new ArrayList<>();
    for (int thread = 0; thread < THREADS; thread++) {
      tasks.add(
          () -> {
            model.trainOnBatch(x, Tensor.zeros(2, 1));
            return model.trainer().optimizer().iterations();
          });
    }

    run(tasks);
    assertThat(model.trainer().optimizer().iterations()).isEqualTo(THREADS);
  }

  private static List<Tensor> halved(List<Tensor> weights) {
    List<Tensor> halved = new ArrayList<>();
    for (Tensor weight : weights) {
      float[] values = weight.toFloatArray();
      for (int i = 0; i < values.length; i++) {
        values[i] /= 2;
      }
      halved.add(Tensor.wrap(values, weight.shape()).cast(weight.dtype()));
    }
    return halved;
  }

  private static Tensor random(Random random, int samples) {
    float[] data = new float[samples * 16 * 16 * 4];
    for (int i = 0; i < data.length; i++) {
      data[i] = 2 * random.nextFloat() - 1;
    }
    return Tensor.of(data, samples, 16, 16, 4);
  }

  private static List<Float> listed(Tensor tensor) {
    List<Float> list = new ArrayList<>();
    for (float value : tensor.toFloatArray()) {
      list.add(value);
    }
    return list;
  }

  private static <T> List<T> run(List<Callable<T>> tasks) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
    try {
      List<T> results = new ArrayList<>();
      for (Future<T> future : threads.invokeAll(tasks)) {
        results.add(future.get());
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }
}
