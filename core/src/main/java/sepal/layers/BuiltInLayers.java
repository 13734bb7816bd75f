package sepal.layers;

import java.util.function.Function;
import sepal.config.Config;

/**
 * The layer classes that come along. One method with a switch, instead of a function for each: a
 * process that starts links and loads only what it uses.
 */
final class BuiltInLayers {
  /** Names in files: the name of the class, and further ones. */
  static final String[][] NAMES = {
    {"AveragePooling1D", "AvgPool1D"},
    {"AveragePooling2D", "AvgPool2D"},
    {"BatchNormalization"},
    {"LayerNormalization"},
    {"GroupNormalization"},
    {"UnitNormalization"},
    {"Conv1D", "Convolution1D"},
    {"Conv2D", "Convolution2D"},
    {"AveragePooling3D", "AvgPool3D"},
    {"MaxPooling3D", "MaxPool3D"},
    {"GlobalAveragePooling3D", "GlobalAvgPool3D"},
    {"GlobalMaxPooling3D", "GlobalMaxPool3D"},
    {"ConvLSTM1D"},
    {"ConvLSTM2D"},
    {"ConvLSTM3D"},
    {"ZeroPadding3D"},
    {"Cropping3D"},
    {"UpSampling3D"},
    {"Conv3D", "Convolution3D"},
    {"Conv1DTranspose", "Convolution1DTranspose"},
    {"Conv3DTranspose", "Convolution3DTranspose", "Deconvolution3D", "Deconv3D"},
    {"Conv2DTranspose", "Convolution2DTranspose", "Deconvolution2D", "Deconv2D"},
    {"Dense"},
    {"DepthwiseConv1D"},
    {"DepthwiseConv2D", "DepthwiseConvolution2D"},
    {"GlobalAveragePooling1D", "GlobalAvgPool1D"},
    {"GlobalAveragePooling2D", "GlobalAvgPool2D"},
    {"GlobalMaxPooling1D", "GlobalMaxPool1D"},
    {"GlobalMaxPooling2D", "GlobalMaxPool2D"},
    {"MaxPooling1D", "MaxPool1D"},
    {"MaxPooling2D", "MaxPool2D"},
    {"SeparableConv1D", "SeparableConvolution1D"},
    {"SeparableConv2D", "SeparableConvolution2D"},
    {"InputLayer"},
    {"Activation"},
    {"ReLU"},
    {"LeakyReLU"},
    {"ELU"},
    {"PReLU"},
    {"Softmax"},
    {"Flatten"},
    {"Reshape"},
    {"Permute"},
    {"RepeatVector"},
    {"Dropout"},
    {"SpatialDropout2D"},
    {"SpatialDropout1D"},
    {"AlphaDropout"},
    {"GaussianDropout"},
    {"GaussianNoise"},
    {"Concatenate"},
    {"Dot"},
    {"ZeroPadding1D"},
    {"ZeroPadding2D"},
    {"Cropping1D"},
    {"Cropping2D"},
    {"UpSampling1D"},
    {"UpSampling2D"},
    {"Rescaling"},
    {"Normalization"},
    {"ActivityRegularization"},
    {"Add"},
    {"Subtract"},
    {"Multiply"},
    {"Average"},
    {"Maximum"},
    {"Minimum"},
    {"Identity"}
  };

  private BuiltInLayers() {}

  /** What builds the layers of class {@code className} from their configurations. */
  static Function<Config, Layer> factory(String className) {
    return new Factory(className);
  }

  private record Factory(String className) implements Function<Config, Layer> {
    @Override
    public Layer apply(Config config) {
      return (Layer) create(className, config);
    }
  }

  /**
   * Declares no more than an Object, since the verifier of Java would load all these classes to see
   * that they are layers.
   */
  private static Object create(String className, Config config) {
    switch (className) {
      case "AveragePooling1D":
        return new AveragePooling1D(fill(new AveragePooling1D.Options(), config));
      case "AveragePooling2D":
        return new AveragePooling2D(fill(new AveragePooling2D.Options(), config));
      case "BatchNormalization":
        return new BatchNormalization(fill(new BatchNormalization.Options(), config));
      case "LayerNormalization":
        return new LayerNormalization(fill(new LayerNormalization.Options(), config));
      case "GroupNormalization":
        return new GroupNormalization(fill(new GroupNormalization.Options(), config));
      case "UnitNormalization":
        return new UnitNormalization(fill(new UnitNormalization.Options(), config));
      case "Conv1D":
        return new Conv1D(fill(new Conv1D.Options(), config));
      case "Conv2D":
        return new Conv2D(fill(new Conv2D.Options(), config));
      case "AveragePooling3D":
        return new AveragePooling3D(fill(new AveragePooling3D.Options(), config));
      case "MaxPooling3D":
        return new MaxPooling3D(fill(new MaxPooling3D.Options(), config));
      case "GlobalAveragePooling3D":
        return new GlobalAveragePooling3D(fill(new GlobalAveragePooling3D.Options(), config));
      case "GlobalMaxPooling3D":
        return new GlobalMaxPooling3D(fill(new GlobalMaxPooling3D.Options(), config));
      case "ConvLSTM1D":
        return new ConvLSTM1D(fill(new ConvLSTM1D.Options(), config));
      case "ConvLSTM2D":
        return new ConvLSTM2D(fill(new ConvLSTM2D.Options(), config));
      case "ConvLSTM3D":
        return new ConvLSTM3D(fill(new ConvLSTM3D.Options(), config));
      case "ZeroPadding3D":
        return new ZeroPadding3D(fill(new ZeroPadding3D.Options(), config));
      case "Cropping3D":
        return new Cropping3D(fill(new Cropping3D.Options(), config));
      case "UpSampling3D":
        return new UpSampling3D(fill(new UpSampling3D.Options(), config));
      case "Conv3D":
        return new Conv3D(fill(new Conv3D.Options(), config));
      case "Conv1DTranspose":
        return new Conv1DTranspose(fill(new Conv1DTranspose.Options(), config));
      case "Conv3DTranspose":
        return new Conv3DTranspose(fill(new Conv3DTranspose.Options(), config));
      case "Conv2DTranspose":
        return new Conv2DTranspose(fill(new Conv2DTranspose.Options(), config));
      case "Dense":
        return new Dense(fill(new Dense.Options(), config));
      case "DepthwiseConv1D":
        return new DepthwiseConv1D(fill(new DepthwiseConv1D.Options(), config));
      case "DepthwiseConv2D":
        return new DepthwiseConv2D(fill(new DepthwiseConv2D.Options(), config));
      case "GlobalAveragePooling1D":
        return new GlobalAveragePooling1D(fill(new GlobalAveragePooling1D.Options(), config));
      case "GlobalAveragePooling2D":
        return new GlobalAveragePooling2D(fill(new GlobalAveragePooling2D.Options(), config));
      case "GlobalMaxPooling1D":
        return new GlobalMaxPooling1D(fill(new GlobalMaxPooling1D.Options(), config));
      case "GlobalMaxPooling2D":
        return new GlobalMaxPooling2D(fill(new GlobalMaxPooling2D.Options(), config));
      case "MaxPooling1D":
        return new MaxPooling1D(fill(new MaxPooling1D.Options(), config));
      case "MaxPooling2D":
        return new MaxPooling2D(fill(new MaxPooling2D.Options(), config));
      case "SeparableConv1D":
        return new SeparableConv1D(fill(new SeparableConv1D.Options(), config));
      case "SeparableConv2D":
        return new SeparableConv2D(fill(new SeparableConv2D.Options(), config));
      case "InputLayer":
        return new InputLayer(fill(new InputLayer.Options(), config));
      case "Activation":
        return new Activation(fill(new Activation.Options(), config));
      case "ReLU":
        return new ReLU(fill(new ReLU.Options(), config));
      case "LeakyReLU":
        return new LeakyReLU(fill(new LeakyReLU.Options(), config));
      case "ELU":
        return new ELU(fill(new ELU.Options(), config));
      case "PReLU":
        return new PReLU(fill(new PReLU.Options(), config));
      case "Softmax":
        return new Softmax(fill(new Softmax.Options(), config));
      case "Flatten":
        return new Flatten(fill(new Flatten.Options(), config));
      case "Reshape":
        return new Reshape(fill(new Reshape.Options(), config));
      case "Permute":
        return new Permute(fill(new Permute.Options(), config));
      case "RepeatVector":
        return new RepeatVector(fill(new RepeatVector.Options(), config));
      case "Dropout":
        return new Dropout(fill(new Dropout.Options(), config));
      case "SpatialDropout2D":
        return new SpatialDropout2D(fill(new SpatialDropout2D.Options(), config));
      case "SpatialDropout1D":
        return new SpatialDropout1D(fill(new SpatialDropout1D.Options(), config));
      case "AlphaDropout":
        return new AlphaDropout(fill(new AlphaDropout.Options(), config));
      case "GaussianDropout":
        return new GaussianDropout(fill(new GaussianDropout.Options(), config));
      case "GaussianNoise":
        return new GaussianNoise(fill(new GaussianNoise.Options(), config));
      case "Concatenate":
        return new Concatenate(fill(new Concatenate.Options(), config));
      case "Dot":
        return new Dot(fill(new Dot.Options(), config));
      case "ZeroPadding1D":
        return new ZeroPadding1D(fill(new ZeroPadding1D.Options(), config));
      case "ZeroPadding2D":
        return new ZeroPadding2D(fill(new ZeroPadding2D.Options(), config));
      case "Cropping1D":
        return new Cropping1D(fill(new Cropping1D.Options(), config));
      case "Cropping2D":
        return new Cropping2D(fill(new Cropping2D.Options(), config));
      case "UpSampling1D":
        return new UpSampling1D(fill(new UpSampling1D.Options(), config));
      case "UpSampling2D":
        return new UpSampling2D(fill(new UpSampling2D.Options(), config));
      case "Rescaling":
        return new Rescaling(fill(new Rescaling.Options(), config));
      case "Normalization":
        return new Normalization(fill(new Normalization.Options(), config));
      case "ActivityRegularization":
        return new ActivityRegularization(fill(new ActivityRegularization.Options(), config));
      case "Add":
        return new Add(fill(new Layer.BasicOptions("Add"), config));
      case "Subtract":
        return new Subtract(fill(new Layer.BasicOptions("Subtract"), config));
      case "Multiply":
        return new Multiply(fill(new Layer.BasicOptions("Multiply"), config));
      case "Average":
        return new Average(fill(new Layer.BasicOptions("Average"), config));
      case "Maximum":
        return new Maximum(fill(new Layer.BasicOptions("Maximum"), config));
      case "Minimum":
        return new Minimum(fill(new Layer.BasicOptions("Minimum"), config));
      case "Identity":
        return new Identity(fill(new Layer.BasicOptions("Identity"), config));
      default:
        throw new AssertionError(className);
    }
  }

  /** For the same reason not limited to options. */
  private static <O> O fill(O options, Config config) {
    Layers.fill((LayerOptions<?>) options, config);
    return options;
  }
}
