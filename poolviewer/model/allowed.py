"""Every class and function that a model file may name; all others are refused.

Read from Keras 3.15.1 and sifted: left out is what runs code from the file, loads programs, reads
files, takes functions, makes tensors of any size out of nothing, or changes Keras itself. Classes
that only a newer Keras has are not here, and so are refused by name until somebody looked at them.
"""


def names(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


# Dimensions that a layer's name ends in: Conv → Conv1D, Conv2D, Conv3D.
_BY_DIMENSION = names("""
    AdaptiveAveragePooling AdaptiveMaxPooling AveragePooling AvgPool Conv ConvLSTM Convolution
    Cropping GlobalAveragePooling GlobalAvgPool GlobalMaxPool GlobalMaxPooling MaxPool MaxPooling
    SpatialDropout UpSampling ZeroPadding
""")

LAYERS = (
    frozenset(f"{name}{n}D" for name in _BY_DIMENSION for n in (1, 2, 3))
    | frozenset(f"{name}{n}DTranspose" for name in ("Conv", "Convolution") for n in (1, 2, 3))
    | frozenset(f"{name}{n}D" for name in ("DepthwiseConv", "SeparableConv") for n in (1, 2))
    | names("""
    Activation ActivityRegularization Add AdditiveAttention AlphaDropout Attention AugMix
    AutoContrast Average BatchNormalization Bidirectional CategoryEncoding CenterCrop Concatenate
    ContrastLimitedAdaptiveHistogramEqualization CutMix Dense Discretization Dot Dropout ELU
    EinsumDense Embedding Equalization Flatten GRU GRUCell GaussianDropout GaussianNoise
    GroupNormalization GroupQueryAttention HashedCrossing Hashing Identity
    InputLayer IntegerLookup LSTM LSTMCell LayerNormalization LeakyReLU Masking MaxNumBoundingBoxes
    Maximum MelSpectrogram Minimum MixUp MultiHeadAttention Multiply Normalization PReLU Permute
    Pipeline RMSNormalization RNN RandAugment RandomBrightness RandomColorDegeneration
    RandomColorJitter RandomContrast RandomCrop RandomElasticTransform RandomErasing RandomFlip
    RandomGaussianBlur RandomGrayscale RandomHue RandomInvert RandomPerspective RandomPosterization
    RandomRotation RandomSaturation RandomSharpness RandomShear RandomTranslation RandomZoom ReLU
    RepeatVector Rescaling Reshape Resizing ReversibleEmbedding STFTSpectrogram
    SeparableConvolution1D SeparableConvolution2D SimpleRNN SimpleRNNCell Softmax Solarization
    SpectralNormalization StackedRNNCells StringLookup Subtract TextVectorization TimeDistributed
    UnitNormalization
    """)
)

MODELS = frozenset(("Functional", "Model", "Sequential"))

_INITIALIZERS = names("""
    Constant GlorotNormal GlorotUniform HeNormal HeUniform Identity IdentityInitializer LecunNormal
    LecunUniform Ones Orthogonal OrthogonalInitializer RandomNormal RandomUniform STFT
    STFTInitializer TruncatedNormal VarianceScaling Zeros
""")
_REGULARIZERS = names("L1 L1L2 L2 OrthogonalRegularizer")
_CONSTRAINTS = names("MaxNorm MinMaxNorm NonNeg UnitNorm")
_POLICIES = names("""
    DTypePolicy DTypePolicyMap FloatDTypePolicy Int4DTypePolicy QuantizedDTypePolicy
    QuantizedFloat8DTypePolicy
""")
_TOP_POLICIES = names("DTypePolicy FloatDTypePolicy")
_QUANTIZERS = names("""
    AbsMaxQuantizer Float8QuantizationConfig Int4QuantizationConfig Int8QuantizationConfig
""")

_OPERATIONS = {
    "keras.src.activations.activations": "Mish ReLU",
    "keras.src.ops.core": "Cast SaturateCast Slice SliceUpdate StopGradient",
    "keras.src.ops.image": """
        CropImages ExtractPatches GaussianBlur HSVToRGB PadImages RGBToGrayscale RGBToHSV Resize
        SobelEdges
    """,
    "keras.src.ops.linalg": "Norm",
    "keras.src.ops.math": "Erf Logsumexp Rsqrt TopK",
    "keras.src.ops.nn": """
        AdaptiveAveragePool AdaptiveMaxPool AveragePool BatchNorm Celu Conv ConvTranspose
        DepthToSpace DepthwiseConv DotProductAttention Elu Gelu Glu HardShrink HardSigmoid HardSilu
        HardTanh LayerNorm LeakyRelu LogSigmoid LogSoftmax MaxPool Moments Normalize OneHot RMSNorm
        Relu Relu6 Selu SeparableConv Sigmoid Silu SoftShrink Softmax Softplus Softsign
        SpaceToDepth SparsePlus SparseSigmoid Sparsemax Squareplus TanhShrink Threshold
    """,
    "keras.src.ops.numpy": """
        Abs Absolute Add All Amax Amin Any Append Arccos Arccosh Arcsin Arcsinh Arctan Arctan2
        Arctanh Argmax Argmin Argsort Average BroadcastTo Cbrt Ceil Clip Concatenate Copy Cos Cosh
        CountNonzero Cross Cumprod Cumsum Deg2rad Diff Divide DivideNoNan Dot Einsum Equal Exp Exp2
        ExpandDims Expm1 Flip Fliplr Flipud Floor FloorDivide GetItem Greater GreaterEqual Hstack
        Hypot Isfinite Isinf Isnan Less LessEqual Log Log10 Log1p Log2 Logaddexp LogicalAnd
        LogicalNot LogicalOr LogicalXor Matmul Max Maximum Mean Median Min Minimum Mod Moveaxis
        Multiply NanToNum Negative NotEqual OnesLike Outer Pad Power Prod Ravel Reciprocal Repeat
        Reshape Roll Rot90 Round Sign Sin Sinc Sinh Sort Split Sqrt Square Squeeze Stack Std
        Subtract Sum Swapaxes Take TakeAlongAxis Tan Tanh Tensordot Tile Transpose Tril Triu
        TrueDivide Trunc Var Vstack Where ZerosLike
    """,
}

# Module and name of each class, as Keras 3 writes them.
CLASSES = frozenset(
    [("keras.layers", name) for name in LAYERS]
    + [("keras.initializers", name) for name in _INITIALIZERS]
    + [("keras.regularizers", name) for name in _REGULARIZERS]
    + [("keras.constraints", name) for name in _CONSTRAINTS]
    + [("keras.quantizers", name) for name in _QUANTIZERS]
    + [("keras.dtype_policies", name) for name in _POLICIES - _TOP_POLICIES]
    + [("keras", name) for name in _TOP_POLICIES]
    + [("keras", name) for name in ("Model", "Sequential")]
    + [
        ("keras.src.models.functional", "Functional"),
        ("keras.src.applications.convnext", "LayerScale"),
        ("keras.src.applications.convnext", "StochasticDepth"),
        ("keras.src.applications.inception_resnet_v2", "CustomScaleLayer"),
    ]
    + [(home, name) for home, listed in _OPERATIONS.items() for name in names(listed)]
)

# Names without a module, as Keras 2 and the HDF5 form write them.
BARE_CLASSES = frozenset(
    [*LAYERS, *MODELS, *_INITIALIZERS, *_REGULARIZERS, *_CONSTRAINTS, *_POLICIES, "Policy"]
)

# Classes of Keras 2 under the names by which Keras 3 finds them.
RENAMED = {
    ("keras.engine.functional", "Functional"): ("keras.src.models.functional", "Functional"),
    ("keras.src.engine.functional", "Functional"): ("keras.src.models.functional", "Functional"),
    ("keras.models", "Functional"): ("keras.src.models.functional", "Functional"),
    ("keras.models", "Model"): ("keras", "Model"),
    ("keras.models", "Sequential"): ("keras", "Sequential"),
    ("keras.mixed_precision", "Policy"): ("keras", "DTypePolicy"),
}

# Plain values that JSON has no form for.
VALUES = names("__ellipsis__ __keras_tensor__ __numpy__ __slice__ __tensor__ __tuple__ TensorShape")

ACTIVATIONS = names("""
    celu elu exponential gelu glu hard_shrink hard_sigmoid hard_silu hard_swish hard_tanh leaky_relu
    linear log_sigmoid log_softmax mish relu relu6 selu sigmoid silu soft_shrink softmax softplus
    softsign sparse_plus sparse_sigmoid sparsemax squareplus swish tanh tanh_shrink threshold
    """)
FUNCTIONS = (
    ACTIVATIONS
    | _INITIALIZERS
    | _REGULARIZERS
    | _CONSTRAINTS
    | names("""
        constant glorot_normal glorot_uniform he_normal he_uniform identity lecun_normal
        lecun_uniform normal one ones orthogonal random_normal random_uniform stft truncated_normal
        uniform variance_scaling zero zeros l1 l1_l2 l1l2 l2 orthogonal_regularizer max_norm
        min_max_norm non_neg unit_norm
        """)
)
FUNCTION_MODULES = frozenset(
    ("builtins", "keras.activations", "keras.initializers", "keras.ops", "keras.ops.nn")
)

DTYPES = names("""
    bool bfloat16 float16 float32 float64 float8_e4m3fn float8_e5m2 int8 int16 int32 int64 uint8
    uint16 uint32 uint64 string mixed_bfloat16 mixed_float16
    """)
