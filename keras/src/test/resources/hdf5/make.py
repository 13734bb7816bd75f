"""Makes the HDF5 files of this folder: python3 make.py (h5py 3). The files are kept beside it."""

import json

import h5py
import numpy as np


def values(shape, dtype):
    return (np.arange(np.prod(shape)) - 3).reshape(shape).astype(dtype)


with h5py.File("types.h5", "w") as f:
    for dtype in ["f2", "f4", "f8", ">f4", ">f8", "i1", "u1", "i2", ">i4", "i8"]:
        f["t/" + dtype.replace(">", "big_")] = values((2, 3), dtype)
    f["t/u4"] = np.array([0, 2**32 - 1], dtype="u4")
    f["t/scalar"] = np.float32(2.5)
    f["t/empty"] = np.zeros((0, 4), dtype="f4")
    opaque = np.array([0x3F80, 0xC000], dtype="<u2").view("V2")
    f["t/bfloat16"] = opaque
    f["t/bfloat16"].attrs["dtype"] = "bfloat16"
    compact = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    compact.set_layout(h5py.h5d.COMPACT)
    space = h5py.h5s.create_simple((2, 3))
    d = h5py.h5d.create(f["t"].id, b"compact", h5py.h5t.IEEE_F32LE, space, compact)
    d.write(h5py.h5s.ALL, h5py.h5s.ALL, values((2, 3), "f4"))
    d = f["t"].create_dataset("chunked", (7, 5), "f4", chunks=(3, 2))
    d[...] = values((7, 5), "f4")
    f["t"].create_dataset(
        "packed",
        data=values((70, 5, 2), "f8"),
        chunks=(16, 5, 1),
        compression="gzip",
        shuffle=True,
        fletcher32=True,
    )
    partly = f["t"].create_dataset("partly", (6,), "f4", chunks=(2,), maxshape=(None,))
    partly[2:4] = [1, 2]

with h5py.File("strings.h5", "w") as f:
    f.attrs["variable"] = "caf\u00e9"
    f.attrs["variables"] = ["one", "", "three"]
    f.attrs["fixed"] = np.array([b"one", b"three"])
    f.attrs["one_fixed"] = np.bytes_(b"alone")
    f.attrs["nothing"] = []
    f.attrs["long"] = "x" * 50000
    f.attrs["number"] = 7

with h5py.File("latest.h5", "w", libver="latest") as f:
    f.attrs["name"] = "new style"
    for i in range(5):
        f[f"g/d{i}"] = values((i + 1,), "f4")

with h5py.File("fractal_heap.h5", "w", libver="latest") as f:
    for i in range(20):
        f[f"g/d{i}"] = values((1,), "f4")

with h5py.File("many.h5", "w") as f:
    f["d"] = np.float32(7)
    for i in range(300):
        f[f"g/d{i}"] = f["d"]

with h5py.File("soft_link.h5", "w") as f:
    f["a"] = values((2,), "f4")
    f["b"] = h5py.SoftLink("/a")

with h5py.File("external_link.h5", "w") as f:
    f["b"] = h5py.ExternalLink("/etc/passwd", "/a")

with h5py.File("external_data.h5", "w") as f:
    f.create_dataset("d", (4,), "f4", external=[("/etc/passwd", 0, 16)])

with h5py.File("huge_shape.h5", "w") as f:
    f.create_dataset("d", (2**20, 2**20), "f4", chunks=(64, 64))

with h5py.File("huge_claim.h5", "w") as f:
    f.create_dataset("d", (2**30,), "f4", chunks=(1024,))

with h5py.File("never_written.h5", "w") as f:
    f.create_dataset("d", (1000,), "f4")

with h5py.File("circle.h5", "w") as f:
    f.create_group("g/h")
    f["g/h/again"] = f["g"]

# A model as Keras 1.2.2 saved it, with dim_ordering "th": kernels lie the other way round.
rng = np.random.default_rng(1)
layers = [
    {
        "class_name": "Convolution2D",
        "config": {
            "name": "convolution2d_1",
            "trainable": True,
            "batch_input_shape": [None, 2, 6, 5],
            "input_dtype": "float32",
            "nb_filter": 3,
            "nb_row": 3,
            "nb_col": 2,
            "init": "glorot_uniform",
            "activation": "relu",
            "border_mode": "same",
            "subsample": [1, 1],
            "dim_ordering": "th",
            "W_regularizer": {"l1": 0.0, "name": "WeightRegularizer", "l2": 0.001},
            "b_regularizer": None,
            "activity_regularizer": None,
            "W_constraint": {"name": "MaxNorm", "m": 2, "axis": 0},
            "b_constraint": None,
            "bias": True,
        },
    },
    {
        "class_name": "SeparableConvolution2D",
        "config": {
            "name": "separableconvolution2d_1",
            "trainable": True,
            "nb_filter": 4,
            "nb_row": 3,
            "nb_col": 3,
            "init": "glorot_uniform",
            "activation": "linear",
            "border_mode": "valid",
            "subsample": [1, 1],
            "depth_multiplier": 2,
            "dim_ordering": "th",
            "depthwise_regularizer": None,
            "pointwise_regularizer": None,
            "b_regularizer": None,
            "activity_regularizer": None,
            "depthwise_constraint": None,
            "pointwise_constraint": None,
            "b_constraint": None,
            "bias": True,
        },
    },
    {"class_name": "Dropout", "config": {"name": "dropout_1", "trainable": True, "p": 0.25}},
    {"class_name": "Flatten", "config": {"name": "flatten_1", "trainable": True}},
    {
        "class_name": "Dense",
        "config": {
            "name": "dense_1",
            "trainable": True,
            "output_dim": 2,
            "input_dim": 48,
            "init": "uniform",
            "activation": "hard_sigmoid",
            "W_regularizer": None,
            "b_regularizer": None,
            "activity_regularizer": None,
            "W_constraint": None,
            "b_constraint": None,
            "bias": True,
        },
    },
]
weights = {
    "convolution2d_1": [("W", (3, 2, 3, 2)), ("b", (3,))],
    "separableconvolution2d_1": [
        ("depthwise_kernel", (2, 3, 3, 3)),
        ("pointwise_kernel", (4, 6, 1, 1)),
        ("b", (4,)),
    ],
    "dropout_1": [],
    "flatten_1": [],
    "dense_1": [("W", (48, 2)), ("b", (2,))],
}


def save_weights(group, parts):
    for i, names in enumerate(parts):
        suffix = str(i) if len(parts) > 1 else ""
        group.attrs["layer_names" + suffix] = [name.encode() for name in names]
    for layer, arrays in weights.items():
        g = group.create_group(layer)
        g.attrs["weight_names"] = [f"{layer}_{name}".encode() for name, _ in arrays]
        for name, shape in arrays:
            g[f"{layer}_{name}"] = np.round(rng.standard_normal(shape) * 8) / 8


with h5py.File("keras1_th.h5", "w") as f:
    f.attrs["keras_version"] = b"1.2.2"
    f.attrs["model_config"] = json.dumps({"class_name": "Sequential", "config": layers}).encode()
    group = f.create_group("model_weights")
    group.attrs["keras_version"] = b"1.2.2"
    save_weights(group, [list(weights)])

with h5py.File("keras1_th_weights.h5", "w") as f:
    save_weights(f, [list(weights)[:2], list(weights)[2:]])

# A model as Keras 2 with Theano saved it: Theano turns kernels round before it correlates.
conv = {
    "name": "conv",
    "batch_input_shape": [None, 5, 5, 1],
    "filters": 2,
    "kernel_size": [2, 3],
    "data_format": "channels_last",
}
config = {"name": "m", "layers": [{"class_name": "Conv2D", "config": conv}]}
with h5py.File("theano.h5", "w") as f:
    f.attrs["keras_version"] = b"2.1.2"
    f.attrs["backend"] = b"theano"
    f.attrs["model_config"] = json.dumps({"class_name": "Sequential", "config": config})
    group = f.create_group("model_weights")
    group.attrs["layer_names"] = [b"conv"]
    group.attrs["backend"] = b"theano"
    group.attrs["keras_version"] = b"2.1.2"
    g = group.create_group("conv")
    g.attrs["weight_names"] = [b"conv/kernel:0", b"conv/bias:0"]
    g["conv/kernel:0"] = np.arange(12, dtype="f4").reshape(2, 3, 1, 2)
    g["conv/bias:0"] = np.zeros(2, dtype="f4")

# The weights of one Dense layer, as Keras 3 and as tf.keras 2.12 name them.
for name, container in [("dense", "layers"), ("dense_2_12", "_layer_checkpoint_dependencies")]:
    with h5py.File(name + ".h5", "w") as f:
        f[container + "/dense/vars/0"] = np.arange(12, dtype="f4").reshape(4, 3)
        f[container + "/dense/vars/1"] = np.arange(1, 4, dtype="f4")

# SeparableConv2D as tf.keras of TensorFlow 1.x saved it: without depth_multiplier.
initializer = {
    "class_name": "VarianceScaling",
    "config": {"scale": 1.0, "mode": "fan_avg", "distribution": "uniform", "dtype": "float32"},
}
separable = {
    "name": "sep",
    "batch_input_shape": [None, 5, 5, 3],
    "filters": 4,
    "kernel_size": [2, 2],
    "depthwise_initializer": initializer,
    "pointwise_initializer": initializer,
    "kernel_initializer": initializer,
    "kernel_regularizer": None,
    "kernel_constraint": None,
    "bias_initializer": {"class_name": "Zeros", "config": {"dtype": "float32"}},
}
config = {"name": "m", "layers": [{"class_name": "SeparableConv2D", "config": separable}]}
with h5py.File("no_multiplier.h5", "w") as f:
    f.attrs["keras_version"] = b"2.1.6-tf"
    f.attrs["model_config"] = json.dumps({"class_name": "Sequential", "config": config})
    group = f.create_group("model_weights")
    group.attrs["layer_names"] = [b"sep"]
    g = group.create_group("sep")
    names = ["sep_1/depthwise_kernel:0", "sep_1/pointwise_kernel:0", "sep_1/bias:0"]
    g.attrs["weight_names"] = [name.encode() for name in names]
    for name, shape in zip(names, [(2, 2, 3, 2), (1, 1, 6, 4), (4,)]):
        g[name] = np.arange(np.prod(shape), dtype="f4").reshape(shape)
